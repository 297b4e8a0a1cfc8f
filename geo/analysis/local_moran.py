"""Local Moran's I with quadrants and conditional permutation inference."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from geo.analysis.permutation import RELATIVE_TIE, draw
from geo.analysis.weights import Weights


class Quadrant(IntEnum):
    """A unit's own value, then its neighbours', against the mean; NONE where one is the mean."""

    NONE = 0
    HIGH_HIGH = 1
    LOW_HIGH = 2
    LOW_LOW = 3
    HIGH_LOW = 4


@dataclass(frozen=True, slots=True)
class LocalMoran:
    """Local Moran's I of n units; all arrays have the shape (n,).

    `local` is I with weights that sum to 1 in each unit, `expected` and `variance` those of I when
    the unit keeps its value and its neighbours are drawn from the others; `z` the standard score
    from them, positive where neighbours are like the unit; `p` the two-sided permutation p-value;
    `quadrant` a Quadrant; `side` says whether the neighbours lie above (1) or below (-1) the mean
    of the other units.
    """

    local: NDArray[np.float64]
    expected: NDArray[np.float64]
    variance: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    quadrant: NDArray[np.int64]
    side: NDArray[np.float64]


def local_moran(
    values: NDArray[np.float64], weights: Weights, *, permutations: int = 9_999, seed: int = 0
) -> LocalMoran:
    """Local Moran's I, I_i = (n - 1) d_i m_i / Σ d², with d the deviations from the mean.

    m_i is the mean deviation of the neighbours. As long as the unit keeps its value, I is a fixed
    multiple of the sum of its neighbours, so its permutation p-value is that of the sum, which
    Gi* uses too: with the same seed both methods give the same p, and differ in what they make of
    it. A unit at the mean has I = 0 whatever its neighbours: p is 1.

    Args:
        values: finite, shape (n,).
        permutations: draws for each unit; the smallest p is 2 / (permutations + 1).
        seed: the same seed gives the same result, bit for bit.

    Raises:
        ValueError: sizes disagree, a value is not finite, or there is nothing to analyse.

    Source: Anselin (1995), Geographical Analysis 27, 93-115; Sokal, Oden & Thomson (1998),
    Geographical Analysis 30, 331-354 (conditional moments).
    """
    if len(values) != weights.size:
        raise ValueError(f"{len(values)} values for {weights.size} units")
    if not len(values) or not np.isfinite(values).all():
        raise ValueError("local Moran's I needs units, and a finite value for every one")
    # From the median, equal values are exactly zero whatever the last bits of their mean.
    centred = values - np.median(values)
    deviation = centred - centred.mean()
    deviation[np.abs(deviation) <= RELATIVE_TIE * np.ptp(values)] = 0.0
    around = weights.matrix(star=False) @ deviation
    p, side = draw(weights.counts, permutations, seed).p_values(deviation, around)
    mean = np.divide(around, weights.counts, out=np.zeros(len(values)), where=weights.counts > 0)
    mean[np.abs(mean) <= RELATIVE_TIE * np.ptp(values)] = 0.0
    factor = _share(len(values) - 1.0, (deviation**2).sum()) * deviation
    expected, variance = _moments(deviation, weights.counts)
    local, expected, variance = factor * mean, factor * expected, factor**2 * variance
    z = np.zeros(len(values))
    np.divide(local - expected, np.sqrt(variance), out=z, where=variance > 0)
    return LocalMoran(
        local=local,
        expected=expected,
        variance=variance,
        z=z,
        p=np.where(deviation == 0, 1.0, p),
        quadrant=_quadrant(deviation, mean),
        side=np.where(deviation == 0, 0.0, side),
    )


def _moments(
    deviation: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance of the mean of k values drawn without replacement from all others."""
    others = len(deviation) - 1
    if others < 2:
        return np.zeros(len(deviation)), np.zeros(len(deviation))
    expected = -deviation / others
    spread = ((deviation**2).sum() - deviation**2) / others - expected**2
    left_over = np.clip(others - counts, 0, None) / (others - 1)
    variance = np.divide(spread, counts, out=np.zeros(len(deviation)), where=counts > 0)
    return np.where(counts > 0, expected, 0.0), variance * left_over


def _quadrant(deviation: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.int64]:
    high, around = np.sign(deviation), np.sign(mean)
    choices = {
        Quadrant.HIGH_HIGH: (high > 0) & (around > 0),
        Quadrant.LOW_HIGH: (high < 0) & (around > 0),
        Quadrant.LOW_LOW: (high < 0) & (around < 0),
        Quadrant.HIGH_LOW: (high > 0) & (around < 0),
    }
    return np.select(list(choices.values()), [int(kind) for kind in choices], int(Quadrant.NONE))


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
