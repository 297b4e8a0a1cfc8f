"""What is chance: tests against the population, and corrections for testing many units."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from geo.analysis.smoothing import elsewhere
from geo.analysis.weights import Weights


def false_discovery_rate(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjusted p-values (q) of Benjamini & Hochberg, shape (n,); NaN stays NaN and counts for none.

    q is the smallest false discovery rate at which a unit would be called significant:
    min over j >= i of p_(j) m / j.

    Source: Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.

    >>> false_discovery_rate(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    q = np.full(p.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    if not len(tested):
        return q
    order = tested[np.argsort(p[tested], kind="stable")]
    steps = p[order] * len(order) / np.arange(1, len(order) + 1)
    q[order] = np.minimum(np.minimum.accumulate(steps[::-1])[::-1], 1.0)
    return q


# Units that are hot at this false discovery rate say nothing of how much others differ, unless they
# are more than this part of all.
APART, MOST = 0.05, 0.5


class Chance(NamedTuple):
    """How chance alone explains what was counted around n units in t slices, shapes (t, n).

    `p` is two-sided; `side` is 1 where there is more than chance gives on average, -1 where less.
    """

    p: NDArray[np.float64]
    side: NDArray[np.float64]


def chance_around(
    counts: NDArray[np.int64] | NDArray[np.float64],
    population: NDArray[np.float64],
    weights: Weights,
) -> Chance:
    """Each unit and its neighbours against what independent risks of the units would give them.

    Under the hypothesis a unit's risk is drawn from one distribution, whoever its neighbours are;
    what units elsewhere show says which: neither the unit nor a neighbour, nor part of what is
    called hot itself, which is found in turns. What falls on a unit and its neighbours together is
    then negative binomial with the mean and variance of their sum; where units elsewhere differ no
    more than by chance it is, given all these incidents, binomial. p is twice the smaller tail, at
    most 1, with half of the weight of what was seen in both (mid-p).

    Permuted rates do not do here: of a few hundred incidents in a country standardised rates
    depend on population alone, and populous units lie together. Nor does one risk everywhere: of
    many incidents it calls every unit that differs at all (docs/methods/getis-ord.md).

    Args:
        counts: incidents, shape (t, n).
        population: positive, shape (n,).

    Source: Besag & Newell (1991), The detection of clusters in rare diseases, Journal of the Royal
    Statistical Society A 154, 143-155; gamma risks as in Clayton & Kaldor (1987), Biometrics 43,
    671-681; mid-p: Lancaster (1961), Journal of the American Statistical Association 56, 223-234.
    """
    p, side = np.empty(counts.shape), np.empty(counts.shape)
    for step, of_slice in enumerate(counts):
        p[step], side[step] = _chance_of_slice(of_slice, population, weights)
    return Chance(p, side)


def _chance_of_slice(
    counts: NDArray[np.int64] | NDArray[np.float64],
    population: NDArray[np.float64],
    weights: Weights,
) -> Chance:
    """As `chance_around`, of one slice: shapes (n,).

    Whatever one risk for all would call hot is set apart from those who say how much units differ;
    of these only the ones stay apart that are hot still, so that it comes to an end.
    """
    star = weights.matrix(star=True)
    around, people, squares = star @ counts, star @ population, star @ population**2

    def against(apart: NDArray[np.bool_], *, is_varied: bool) -> tuple[Chance, NDArray[np.bool_]]:
        others = elsewhere(counts, population, weights, ~apart)
        total = others.events + around
        share = np.minimum(people / (others.people + people), 1.0)
        lower, upper = _tails(around, total, share, others.variance * squares * is_varied)
        p = np.minimum(2 * np.minimum(lower, upper), 1.0)
        side = np.sign(around - total * share)
        return Chance(p, side), (false_discovery_rate(p) <= APART) & (side > 0)

    _, apart = against(np.zeros(len(population), dtype=bool), is_varied=False)
    # Where most are hot, it is the others that are cold.
    apart &= apart.mean() <= MOST
    while True:
        found, is_hot = against(apart, is_varied=True)
        if is_hot[apart].all():
            return found
        apart &= is_hot


def _tails(
    around: NDArray[np.float64],
    total: NDArray[np.float64],
    share: NDArray[np.float64],
    extra: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities of fewer and of more than `around`, and half of that of as many, shapes (n,).

    Args:
        total: incidents of them and elsewhere, shape (n,).
        share: the part of these that is expected.
        extra: variance beyond that of equal risks.
    """
    mean = total * share
    varied = extra > 0
    size = np.divide(mean**2, extra, out=np.ones(len(mean)), where=varied)
    lower, upper = np.empty((2, len(mean)))
    for those, law in (
        (varied, stats.nbinom(size[varied], (size / (size + mean))[varied])),
        (~varied, stats.binom(total[~varied], share[~varied])),
    ):
        half = law.pmf(around[those]) / 2
        lower[those], upper[those] = law.cdf(around[those]) - half, law.sf(around[those]) + half
    return lower, upper
