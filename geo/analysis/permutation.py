"""Conditional permutations of neighbours, shared by the local statistics.

A unit keeps its value; its k neighbours are drawn without replacement from the other n - 1 units.
With binary weights the drawn sum depends on the unit only through k and through leaving it out. So
one random ordered sample of length max(k) + 1 serves all units in each permutation: its first k
members are a uniform k-subset, and if the unit is among them, taking the member after them in its
place gives a uniform k-subset of the others. That makes all draws of all units with n + 1 partial
sums instead of n x k picks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Draws are compared after rounding relative to the spread of the values, since the same sum added
# in another order may differ in its last bits.
RELATIVE_TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Draws:
    """The permutations of one neighbourhood, for as many sets of values as there are.

    `samples` are units of the shape (length, permutations). Where a unit stands among its own
    first k, `unit` says which, and `follower` the place in the flattened samples of the member
    after these k, in the same permutation.
    """

    samples: NDArray[np.int64]
    counts: NDArray[np.int64]
    unit: NDArray[np.int64]
    follower: NDArray[np.int64]

    def p_values(
        self, values: NDArray[np.float64], around: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Two-sided p and the side of the neighbours' sums `around` of `values`, shapes (n,).

        p is twice the smaller tail, (min(below, above) + 1) / (permutations + 1), at most 1, with
        ties counted in both tails; 1 for a unit without neighbours. `side` is the sign of the
        sum's deviation from its mean over the other units.
        """
        size, (length, permutations) = len(values), self.samples.shape
        tie = RELATIVE_TIE * np.ptp(values)
        excess = around - self.counts * (values.sum() - values) / max(size - 1, 1)
        side = np.where(np.abs(excess) > tie, np.sign(excess), 0.0)
        drawn = values[self.samples]
        sums = np.zeros((length + 1, permutations))  # row k: of the first k members
        for row in range(length):
            np.add(sums[row], drawn[row], out=sums[row + 1])
        low, high = around + tie, around - tie
        # Where a unit stands among its own first k, the member after them takes its place. Row k
        # of the sums is that of the member after k: the same place serves both.
        old = sums.take(self.follower)
        new = old - values[self.unit] + drawn.take(self.follower)
        fewer, more = low[self.unit], high[self.unit]
        below, above = _tails(sums, self.counts, low, high)
        below += np.bincount(self.unit, (new <= fewer) * 1.0 - (old <= fewer), minlength=size)
        above += np.bincount(self.unit, (new >= more) * 1.0 - (old >= more), minlength=size)
        p = 2 * (np.minimum(below, above) + 1) / (permutations + 1)
        return np.minimum(p, 1.0), side


def draw(counts: NDArray[np.int64], permutations: int, seed: int) -> Draws:
    """Draw neighbours for n units that have `counts` of them, shape (n,).

    Args:
        permutations: draws for each unit; the smallest p is 2 / (permutations + 1).
        seed: the same seed gives the same draws, bit for bit.
    """
    samples = _ordered_samples(len(counts), int(counts.max()) + 1, permutations, seed)
    row, place = np.nonzero(np.arange(len(samples))[:, None] < counts[samples])
    unit = samples[row, place]
    return Draws(samples, counts, unit, counts[unit] * permutations + place)


def _tails(
    sums: NDArray[np.float64],
    counts: NDArray[np.int64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many of sums[k], for each unit's own k, are at most `low`, and at least `high`.

    Sorts the rows of `sums` where they lie.
    """
    below, above = np.empty(len(counts)), np.empty(len(counts))
    for count in np.unique(counts):
        units = np.flatnonzero(counts == count)
        ordered = sums[count]
        ordered.sort()
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
