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
    local_sum, expected, z = _analytic(centred, weights)
    p, side = _conditional(centred, weights, permutations, seed)
    origin = (weights.counts + 1) * middle
    return GiStar(local_sum + origin, expected + origin, z, p, side)


def _analytic(
    values: NDArray[np.float64], weights: Weights
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    size = len(values)
    members = weights.counts + 1.0
    local_sum = weights.matrix(star=True) @ values
    expected = members * values.mean()
    spread = values.std() * np.sqrt((size * members - members**2) / max(size - 1, 1))
    z = np.divide(local_sum - expected, spread, out=np.zeros(size), where=spread > 0)
    return local_sum, expected, z


def _conditional(
    values: NDArray[np.float64], weights: Weights, permutations: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    counts = weights.counts
    observed = weights.matrix(star=False) @ values
    tie = RELATIVE_TIE * np.ptp(values)
    excess = observed - counts * (values.sum() - values) / max(len(values) - 1, 1)
    side = np.where(np.abs(excess) > tie, np.sign(excess), 0.0)
    samples = _ordered_samples(len(values), int(counts.max(initial=0)) + 1, permutations, seed)
    drawn = values[samples]
    sums = np.cumsum(drawn, axis=0)
    smaller = np.empty(len(values))
    for count in np.unique(counts):
        units = np.flatnonzero(counts == count)
        if count == 0:
            smaller[units] = permutations
            continue
        plain = np.sort(sums[count - 1])
        low, high = observed[units] + tie, observed[units] - tie
        below = np.searchsorted(plain, low, side="right")
        above = permutations - np.searchsorted(plain, high, side="left")
        unit_of, draw_of = _draws_with_the_unit(samples[:count], units, len(values))
        old = sums[count - 1, draw_of]
        new = old - values[units[unit_of]] + drawn[count, draw_of]
        for tail, sign, bound in ((below, 1, low), (above, -1, high)):
            change = (sign * new <= sign * bound[unit_of]).astype(np.int64)
            change -= sign * old <= sign * bound[unit_of]
            np.add.at(tail, unit_of, change)
        smaller[units] = np.minimum(below, above)
    return np.minimum(2 * (smaller + 1) / (permutations + 1), 1.0), side


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


def _draws_with_the_unit(
    samples: NDArray[np.int64], units: NDArray[np.int64], size: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions in `units`, and draws in whose sample that unit stands; two equal shapes."""
    position = np.full(size, -1)
    position[units] = np.arange(len(units))
    found = position[samples]
    member, draw = np.nonzero(found >= 0)
    return found[member, draw], draw
