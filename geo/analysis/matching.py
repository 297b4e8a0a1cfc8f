"""Controls for units where something was done: others that were like them before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geo.analysis.rates import crude_rates

# A unit with fewer controls than this is compared with chance; it gets none, and takes no part.
FEWEST = 3
# Differences beyond this many standard deviations are told as not balanced (Stuart 2010).
BALANCED = 0.25


@dataclass(frozen=True, slots=True)
class Past:
    """What n units were like before; arrays have the shape (n,).

    `first` and `second` are counts of the two halves of the time before. Where `group` differs
    units are not compared; `population` is NaN where unknown.
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    population: NDArray[np.float64]
    group: NDArray[np.int64]


class Balance(NamedTuple):
    """One property, as the mean of treated units, of their controls, and of all candidates.

    `difference` is that of treated units to controls in standard deviations of the candidates, and
    `difference_before` the same to all candidates, before they were matched. NaN where the
    candidates do not differ at all.
    """

    name: str
    treated: float
    controls: float
    candidates: float
    difference: float
    difference_before: float

    @property
    def is_balanced(self) -> bool:
        """Whether treated units and controls are near enough; what does not vary always is."""
        return not abs(self.difference) > BALANCED


def match_controls(
    past: Past, treated: NDArray[np.int64], candidates: NDArray[np.int64], most: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The candidates nearest to treated units, no candidate twice, as many for each.

    The distance is Euclid's over the counts of both halves, each as 2 √(count + 3/8), which has a
    variance of 1 whatever a Poisson count is expected to be (Anscombe 1948), and the logarithm of
    the population in standard deviations of the candidates. The sum of all distances is the least
    possible (optimal matching, Rosenbaum 1989). Where some group has fewer candidates than `most`
    for each of its treated units, all get fewer; those of a group that has not even FEWEST for
    each, or `most` if that is less, get none.

    Args:
        treated: numbers of units with a population, shape (t,).
        candidates: likewise.
        most: controls for each treated unit, at least 1.

    Returns:
        The treated units that got controls, shape (m,), and these, shape (m, controls).
    """
    features, fewest = _features(past, candidates), min(FEWEST, most)
    groups = []
    for group in np.unique(past.group[treated]):
        of_treated = treated[past.group[treated] == group]
        of_candidates = candidates[past.group[candidates] == group]
        if len(of_candidates) >= fewest * len(of_treated):
            groups.append((of_treated, of_candidates))
    each = min([most, *(len(others) // len(ours) for ours, others in groups)])
    found = [_nearest(features, ours, others, each) for ours, others in groups]
    if not found:
        return np.zeros(0, np.int64), np.zeros((0, 0), np.int64)
    matched = np.concatenate([ours for ours, _ in groups])
    controls = np.concatenate(found)
    order = np.argsort(matched)
    return matched[order], controls[order]


def _features(past: Past, candidates: NDArray[np.int64]) -> NDArray[np.float64]:
    size = np.log(np.where(past.population > 0, past.population, np.nan))
    spread = np.std(size[candidates]) if len(candidates) else 0.0
    stable = [2 * np.sqrt(counts + 3 / 8) for counts in (past.first, past.second)]
    return np.column_stack([*stable, size / spread if spread > 0 else np.zeros(len(size))])


def _nearest(
    features: NDArray[np.float64], ours: NDArray[np.int64], others: NDArray[np.int64], each: int
) -> NDArray[np.int64]:
    apart = features[ours][:, None, :] - features[others][None, :, :]
    distance = np.sqrt((apart**2).sum(axis=2))
    rows, columns = linear_sum_assignment(np.repeat(distance, each, axis=0))
    found = others[columns[np.argsort(rows)]].reshape(len(ours), each)
    return np.asarray(np.sort(found, axis=1))


def balance(
    past: Past,
    days: Sequence[float],
    treated: NDArray[np.int64],
    controls: NDArray[np.int64],
    candidates: NDArray[np.int64],
) -> list[Balance]:
    """How like their controls treated units were: the rate before, its trend, and the population.

    Args:
        days: lengths of the two halves.
        treated: numbers of the units that got controls.
        controls: their controls, of any shape.
        candidates: all that could have been.
    """
    halves = [
        crude_rates(counts, past.population, length)
        for counts, length in zip((past.first, past.second), days, strict=True)
    ]
    properties = {
        "rate": crude_rates(past.first + past.second, past.population, sum(days)),
        "trend": halves[1] - halves[0],
        "population": past.population,
    }
    found = []
    for name, values in properties.items():
        means = [float(values[of].mean()) for of in (treated, controls.ravel(), candidates)]
        spread = float(np.std(values[candidates]))
        scale = spread if spread > 0 else np.nan
        apart = ((means[0] - other) / scale for other in means[1:])
        found.append(Balance(name, *means, *apart))
    return found
