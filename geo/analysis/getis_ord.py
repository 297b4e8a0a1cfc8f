"""Getis-Ord Gi* with conditional permutation inference."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.analysis.permutation import Draws, draw
from geo.analysis.weights import Weights


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
    its value, its k neighbours are drawn without replacement from the other n - 1 units; see
    geo.analysis.permutation.

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
    if not len(values):
        raise ValueError("Gi* needs units, and a finite value for every one")
    return gi_star_of(values, weights, draw(weights.counts, permutations, seed))


def gi_star_of(values: NDArray[np.float64], weights: Weights, draws: Draws) -> GiStar:
    """Gi* with permutations drawn before, so that many sets of values can share them.

    Args:
        values: finite, shape (n,).
        draws: of the same neighbourhood.

    Raises:
        ValueError: sizes disagree, or a value is not finite.
    """
    middle, centred, around = _from_the_median(values, weights)
    expected, z = _analytic(centred, around, weights.counts)
    p, side = draws.p_values(centred, around)
    origin = (weights.counts + 1) * middle
    return GiStar(around + centred + origin, expected + origin, z, p, side)


def scores(values: NDArray[np.float64], weights: Weights) -> NDArray[np.float64]:
    """z of Gi* alone, shape (n,), where its p is to come from elsewhere.

    Raises:
        ValueError: sizes disagree, or a value is not finite.
    """
    _, centred, around = _from_the_median(values, weights)
    return _analytic(centred, around, weights.counts)[1]


def _from_the_median(
    values: NDArray[np.float64], weights: Weights
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The median, the values less it, and their sums around each unit.

    Neither score nor p depends on the origin; from the median, equal values are exactly zero.
    """
    if len(values) != weights.size:
        raise ValueError(f"{len(values)} values for {weights.size} units")
    if not np.isfinite(values).all():
        raise ValueError("Gi* needs units, and a finite value for every one")
    middle = float(np.median(values))
    centred = values - middle
    return middle, centred, weights.matrix(star=False) @ centred


def _analytic(
    values: NDArray[np.float64], around: NDArray[np.float64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = len(values)
    members = counts + 1.0
    expected = members * values.mean()
    spread = values.std() * np.sqrt((size * members - members**2) / max(size - 1, 1))
    z = np.divide(around + values - expected, spread, out=np.zeros(size), where=spread > 0)
    return expected, z
