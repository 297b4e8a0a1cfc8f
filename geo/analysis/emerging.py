"""Emerging hotspots: how each unit's Gi* went over the slices of a space-time cube."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from geo.analysis.getis_ord import gi_star_of, scores
from geo.analysis.inference import Chance, false_discovery_rate
from geo.analysis.permutation import draw
from geo.analysis.progress import Ticks, unwatched
from geo.analysis.trend import Trend, mann_kendall
from geo.analysis.weights import Weights

# With fewer slices nine in ten says nothing, and no trend can be told from chance.
FEWEST_SLICES = 10
# A unit that was hot in so many of its slices has always been hot.
ALWAYS = 0.9


class Category(IntEnum):
    """The 17 ways that a unit may go; a cold one is the negative of the hot one.

    "Hot" is significantly hot in a slice; the last slice is the present one.
    """

    NONE = 0
    NEW_HOT = 1  # hot now for the first time
    CONSECUTIVE_HOT = 2  # hot in the last slices, at least two, and never before them
    INTENSIFYING_HOT = 3  # always hot, and now, with z rising
    PERSISTENT_HOT = 4  # always hot, and now, without a trend
    DIMINISHING_HOT = 5  # always hot, and now, with z falling
    SPORADIC_HOT = 6  # hot now, on and off before, never cold
    OSCILLATING_HOT = 7  # hot now, once cold
    HISTORICAL_HOT = 8  # always hot, but not now
    NEW_COLD = -1
    CONSECUTIVE_COLD = -2
    INTENSIFYING_COLD = -3
    PERSISTENT_COLD = -4
    DIMINISHING_COLD = -5
    SPORADIC_COLD = -6
    OSCILLATING_COLD = -7
    HISTORICAL_COLD = -8


# Hot categories, those that ask for somebody to look first.
URGENCY = (
    Category.INTENSIFYING_HOT,
    Category.NEW_HOT,
    Category.CONSECUTIVE_HOT,
    Category.PERSISTENT_HOT,
    Category.SPORADIC_HOT,
    Category.OSCILLATING_HOT,
    Category.DIMINISHING_HOT,
    Category.HISTORICAL_HOT,
)


@dataclass(frozen=True, slots=True)
class Emerging:
    """Categories of n units, and what they rest on, over t slices.

    `category` is a Category, shape (n,); `states` are 1 (hot), -1 (cold) or 0, shape (t, n); `z`
    is Gi*, `p` its two-sided p-value and `q` that corrected within its slice, all of shape (t, n);
    `trend` that of z over the slices.
    """

    category: NDArray[np.int64]
    states: NDArray[np.int64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    trend: Trend


def chance_by_permutation(
    cube: NDArray[np.float64],
    weights: Weights,
    *,
    permutations: int = 9_999,
    seed: int = 0,
    ticks: Ticks = unwatched,
) -> Chance:
    """Each unit's neighbours against others drawn in their place; see geo.analysis.getis_ord.

    All slices share the same draws.

    Args:
        cube: finite values by slice, shape (t, n).
        ticks: told after each slice.
    """
    draws = draw(weights.counts, permutations, seed)
    p, side = np.empty(cube.shape), np.empty(cube.shape)
    for step, values in enumerate(cube):
        found = gi_star_of(values, weights, draws)
        p[step], side[step] = found.p, found.side
        ticks((step + 1) / len(cube))
    return Chance(p, side)


def emerging(
    cube: NDArray[np.float64], weights: Weights, chance: Chance, *, level: float = 0.05
) -> Emerging:
    """Gi* in every slice of the cube, its trend, and the category of each unit.

    p-values are corrected for the units of their slice: what a past slice found does not change
    as time goes on.

    Args:
        cube: finite counts or rates by slice, shape (t, n), earliest first.
        weights: neighbourhood of the n units.
        chance: of the same slices.
        level: false discovery rate of a slice, and significance of the trend.

    Raises:
        ValueError: fewer than ten slices, sizes disagree, or a value is not finite.
    """
    if len(cube) < FEWEST_SLICES:
        raise ValueError(f"{len(cube)} slices are too few: at least {FEWEST_SLICES} slices")
    if cube.shape[1] != weights.size:
        raise ValueError(f"{cube.shape[1]} units in the cube, {weights.size} in the neighbourhood")
    z = np.array([scores(values, weights) for values in cube])
    q = np.array([false_discovery_rate(p) for p in chance.p])
    # High among low neighbours, or low among high, is neither a hot nor a cold spot.
    states = np.where((q <= level) & (np.sign(z) == chance.side), chance.side, 0).astype(np.int64)
    trend = mann_kendall(z)
    direction = np.where(trend.p <= level, np.sign(trend.z), 0).astype(np.int64)
    return Emerging(categorise(states, direction), states, z, chance.p, q, trend)


def categorise(states: NDArray[np.int64], direction: NDArray[np.int64]) -> NDArray[np.int64]:
    """The Category of each unit from its states, -1, 0 or 1 of shape (t, n), and z's trend.

    The present state decides: a unit that is cold now is none of the hot ones, whatever it was.

    Args:
        direction: 1 where z rises significantly, -1 where it falls, else 0; shape (n,).
    """
    hot, cold = states > 0, states < 0
    of_hot, of_cold = _one_side(hot, cold, direction), _one_side(cold, hot, -direction)
    return np.where(of_hot != Category.NONE, of_hot, -of_cold)


def _one_side(
    hot: NDArray[np.bool_], cold: NDArray[np.bool_], direction: NDArray[np.int64]
) -> NDArray[np.int64]:
    now, never_cold = hot[-1], ~cold.any(axis=0)
    # In whole numbers: 0.9 · 10 must not be a little more than nine.
    always = hot.sum(axis=0) * 10 >= round(ALWAYS * 10) * len(hot)
    spells = hot[0] + (hot[1:] & ~hot[:-1]).sum(axis=0)
    often, one_spell = now & ~always, spells == 1
    # The first that holds; sporadic is what is left of the units that are hot now.
    rules = [
        (Category.HISTORICAL_HOT, always & ~now & ~cold[-1]),
        (Category.INTENSIFYING_HOT, always & now & (direction > 0)),
        (Category.DIMINISHING_HOT, always & now & (direction < 0)),
        (Category.PERSISTENT_HOT, always & now),
        (Category.OSCILLATING_HOT, often & ~never_cold),
        (Category.NEW_HOT, often & one_spell & ~hot[-2]),
        (Category.CONSECUTIVE_HOT, often & one_spell),
        (Category.SPORADIC_HOT, often),
    ]
    return np.select([rule for _, rule in rules], [int(kind) for kind, _ in rules], 0)
