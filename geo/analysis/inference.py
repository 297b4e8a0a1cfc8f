"""Corrections for testing many units at once."""

import numpy as np
from numpy.typing import NDArray


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
