"""What is chance: exact tests against the population, and corrections for testing many units."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

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


class Chance(NamedTuple):
    """How chance alone explains what was counted around n units in t slices, shapes (t, n).

    `p` is two-sided; `side` is 1 where there is more than chance gives on average, -1 where less.
    """

    p: NDArray[np.float64]
    side: NDArray[np.float64]


def chance_by_population(
    counts: NDArray[np.int64] | NDArray[np.float64],
    population: NDArray[np.float64],
    weights: Weights,
) -> Chance:
    """Each unit and its neighbours against what they would have at the rate of all units.

    Given the incidents of a slice, those that fall on so large a part of the inhabitants are
    binomial if the risk is the same everywhere; p is twice the smaller exact tail, at most 1.

    Permuted rates do not do here: of a few hundred incidents in a country standardised rates
    depend on population alone, and populous units lie together (docs/methods/emerging-hotspots.md).

    Args:
        counts: incidents, shape (t, n).
        population: positive, shape (n,).

    Source: Besag & Newell (1991), The detection of clusters in rare diseases, Journal of the Royal
    Statistical Society A 154, 143-155; conditional on the total as in Przyborowski & Wilenski
    (1940), Biometrika 31, 313-323.
    """
    star = weights.matrix(star=True)
    around = (star @ counts.T).T
    share = np.minimum(star @ population / population.sum(), 1.0)
    total = counts.sum(axis=1, keepdims=True)
    lower = stats.binom.cdf(around, total, share)
    upper = stats.binom.sf(around - 1, total, share)
    return Chance(np.minimum(2 * np.minimum(lower, upper), 1.0), np.sign(around - total * share))
