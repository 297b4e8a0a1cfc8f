"""Getis-Ord Gi* with conditional permutation inference."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.analysis.weights import Weights

# Draws are compared after rounding relative to the spread of the values, since the same sum added
# in another order may differ in its last bits.
RELATIVE_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class GiStar:
    """Gi* of n units; all arrays have the shape (n,).

    `local_sum` is the sum of the values of a unit and its neighbours, `expected` its mean under
    the hypothesis that values lie at random; `z` the analytic standard score; `p` the two-sided
    permutation p-value; `side` says whether the neighbours alone lie above (1) or below (-1) the
    mean of the other units. Where all values are equal, z and side are 0 and p is 1.

    `z` counts the unit's own value, `p` and `side` condition on it: a unit that is high among low
    neighbours has a positive z, side -1, and a p that speaks of the neighbours.
    """

    local_sum: NDArray[np.float64]
    expected: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    side: NDArray[np.float64]


def gi_star(
    values: NDArray[np.float64], weights: Weights, *, permutations: int = 9_999, seed: int = 0
) -> GiStar:
    """Gi* with binary weights, each unit a neighbour of itself.

    z follows Ord & Getis (1995, equation 4). p comes from conditional permutations: the unit keeps
    its value, its k neighbours are drawn without replacement from the other n - 1 units. With
    binary weights the drawn sum depends on the unit only through k and through leaving it out. So
    one random ordered sample of length max(k) + 1 serves all units in each permutation: its first
    k members are a uniform k-subset, and if the unit is among them, taking the member after them
    in its place gives a uniform k-subset of the others. That makes all draws of all units with
    n + 1 partial sums instead of n x k picks.

    The two-sided p is twice the smaller tail, (min(below, above) + 1) / (permutations + 1), at
    most 1, with ties counted in both tails. A unit without neighbours has nothing to draw: p is 1.

    Args:
        values: finite, shape (n,).
        permutations: draws for each unit; the smallest p is 2 / (permutations + 1).
        seed: the same seed gives the same result, bit for bit.

    Raises:
        ValueError: sizes disagree, a value is not finite, or there is nothing to analyse.

    Source: Getis & Ord (1992), Geographical Analysis 24, 189-206; Ord & Getis (1995),
    Geographical Analysis 27, 286-306.
    """
    if len(values) != weights.size:
        raise ValueError(f"{len(values)} values for {weights.size} units")
    if not len(values) or not np.isfinite(values).all():
        raise ValueError("Gi* needs units, and a finite value for every one")
    # Neither score nor p depends on the origin; from the median, equal values are exactly zero.
    middle = np.median(values)
    centred = values - middle
    around = weights.matrix(star=False) @ centred
    expected, z = _analytic(centred, around, weights.counts)
    p, side = _conditional(centred, around, weights.counts, permutations, seed)
    origin = (weights.counts + 1) * middle
    return GiStar(around + centred + origin, expected + origin, z, p, side)


def _analytic(
    values: NDArray[np.float64], around: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = len(values)
    members = counts + 1.0
    expected = members * values.mean()
    spread = values.std() * np.sqrt((size * members - members**2) / max(size - 1, 1))
    z = np.divide(around + values - expected, spread, out=np.zeros(size), where=spread > 0)
    return expected, z


def _conditional(
    values: NDArray[np.float64],
    around: NDArray[np.float64],
    counts: NDArray[np.int64],
    permutations: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = len(values)
    tie = RELATIVE_TIE * np.ptp(values)
    excess = around - counts * (values.sum() - values) / max(size - 1, 1)
    side = np.where(np.abs(excess) > tie, np.sign(excess), 0.0)
    samples = _ordered_samples(size, int(counts.max()) + 1, permutations, seed)
    drawn = values[samples]
    sums = np.zeros((len(samples) + 1, permutations))  # row k: of the first k members
    np.cumsum(drawn, axis=0, out=sums[1:])
    low, high = around + tie, around - tie
    below, above = _tails(sums, counts, low, high)
    # Where a unit stands among its own first k, the member after them takes its place.
    row, draw = np.nonzero(np.arange(len(samples))[:, None] < counts[samples])
    unit = samples[row, draw]
    count = counts[unit]
    old = sums[count, draw]
    new = old - values[unit] + drawn[count, draw]
    fewer, more = low[unit], high[unit]
    below += np.bincount(unit, (new <= fewer) * 1.0 - (old <= fewer), minlength=size)
    above += np.bincount(unit, (new >= more) * 1.0 - (old >= more), minlength=size)
    p = 2 * (np.minimum(below, above) + 1) / (permutations + 1)
    return np.minimum(p, 1.0), side


def _tails(
    sums: NDArray[np.float64],
    counts: NDArray[np.int64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many of sums[k], for each unit's own k, are at most `low`, and at least `high`."""
    below, above = np.empty(len(counts)), np.empty(len(counts))
    for count in np.unique(counts):
        units = np.flatnonzero(counts == count)
        ordered = np.sort(sums[count])
        below[units] = np.searchsorted(ordered, low[units], side="right")
        above[units] = len(ordered) - np.searchsorted(ordered, high[units], side="left")
    return below, above


def _ordered_samples(size: int, length: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """Samples without replacement from range(size) in random order, shape (length, permutations).

    Samples with a repeated member are drawn again whole, which leaves the others uniform; where
    that would happen too often, whole permutations are cut instead.
    """
    random = np.random.default_rng(np.random.SeedSequence(seed))
    length = min(length, size)
    if length**2 > 4 * size:
        return np.argsort(random.random((permutations, size)), axis=1)[:, :length].T
    samples = random.integers(size, size=(length, permutations))
    again = np.arange(permutations)
    while len(again):
        ordered = np.sort(samples[:, again], axis=0)
        again = again[(ordered[1:] == ordered[:-1]).any(axis=0)]
        samples[:, again] = random.integers(size, size=(length, len(again)))
    return samples
