"""Monotone trend of short series: Mann-Kendall with ties."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats


@dataclass(frozen=True, slots=True)
class Trend:
    """Mann-Kendall's test of n series; arrays have the shape (n,).

    `score` is S, the rises less the falls among all pairs of times; `variance` that of S without a
    trend, corrected for ties; `z` the standard score, moved by one towards 0 (S takes whole
    values); `p` two-sided. Where all values of a series are equal z is 0 and p is 1.
    """

    score: NDArray[np.float64]
    variance: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]


def mann_kendall(series: NDArray[np.float64]) -> Trend:
    """Test n series of t times for a monotone trend.

    The test takes the times for independent. Series that remember (sums over overlapping windows
    do) have trends called too often.

    Args:
        series: finite, shape (t, n), times in order and equally spaced or not.

    Source: Mann (1945), Econometrica 13, 245-259; Kendall (1975), Rank Correlation Methods
    (variance with ties).

    >>> mann_kendall(np.array([[1.0], [2], [2], [5]])).score.tolist()
    [5.0]
    """
    times, size = series.shape
    score, same = np.zeros(size), np.ones((times, size))
    for earlier in range(times - 1):
        step = np.sign(series[earlier + 1 :] - series[earlier])
        score += step.sum(axis=0)
        equal = step == 0
        same[earlier] += equal.sum(axis=0)
        same[earlier + 1 :] += equal
    # Summed over its t members, (t - 1)(2t + 5) is a tied group's t(t - 1)(2t + 5).
    ties = ((same - 1) * (2 * same + 5)).sum(axis=0)
    variance = (times * (times - 1) * (2 * times + 5) - ties) / 18
    moved = score - np.sign(score)
    z = np.divide(moved, np.sqrt(variance), out=np.zeros(size), where=variance > 0)
    return Trend(score, variance, z, 2 * stats.norm.sf(np.abs(z)))
