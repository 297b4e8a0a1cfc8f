"""How much more counts changed in one place than in another, on sparse and overdispersed counts."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

CONFIDENCE = 0.95
# Chance with which a change that is called detectable would have been seen.
POWER = 0.8
# A whole population of sites moves together no further than this; the estimator needs a limit.
MOST_CORRELATED = 0.95
# Jeffreys' prior adds so much to a count, so that none is not certainly none.
JEFFREYS = 0.5
# Further than a rise to so many times what was expected nobody looks.
MOST_RISE = 50.0


@dataclass(frozen=True, slots=True)
class Tally:
    """Events of some units before and after, and how much more they vary than Poisson's.

    The variance of a count x is `spread` · x, of Poisson's 1 · x.
    """

    before: float
    after: float
    spread: float = 1.0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        total = self.before + self.after, other.before + other.after
        spread = np.average((self.spread, other.spread), weights=total) if sum(total) else 1.0
        return Tally(self.before + other.before, self.after + other.after, float(spread))


class Change(NamedTuple):
    """A ratio of rate ratios with the interval that holds it; NaN where there is none.

    0.5 says that events became half as many as they would have by the controls. `upper` may be
    infinite.
    """

    ratio: float
    lower: float
    upper: float

    @property
    def direction(self) -> int:
        """-1 where it fell and 1 where it rose, both beyond chance; 0 where that is not known."""
        return int(self.lower > 1) - int(self.upper < 1)


class Detectable(NamedTuple):
    """The smallest changes that would have been seen, as ratios; NaN where none would have been."""

    fall: float
    rise: float


def tally(
    before: NDArray[np.float64],
    after: NDArray[np.float64],
    stands_for: NDArray[np.float64],
    correlation: float,
) -> Tally:
    """The sums of some units, with the variance that follows from how their events stick together.

    Of a unit with n events, before and after together, the variance is 1 + (n - 1) · correlation
    times the binomial one (Williams 1982). A count that was released as a multiple of a base is a
    sample of one event in `base`: it is the sampled ones that are counted.

    Args:
        before: counts, shape (n,); `after` alike.
        stands_for: how many events each counted one stands for, shape (n,): 1 where exact.
        correlation: as `correlation` finds it.
    """
    counts = before + after
    sampled = counts / stands_for
    total = float(counts.sum())
    factors = stands_for * (1 + np.maximum(sampled - 1, 0) * correlation)
    spread = float((counts * factors).sum()) / total if total else 1.0
    return Tally(float(before.sum()), float(after.sum()), spread)


def correlation(
    before: NDArray[np.float64], after: NDArray[np.float64], stands_for: NDArray[np.float64]
) -> float:
    """How much alike events of one unit are in being before or after, 0 where they are not at all.

    The intraclass correlation of a beta-binomial model by moments of Pearson's statistic (Williams
    1982), from units where nothing was done: a cluster of cases, a new road or another way of
    counting makes a unit's events fall on one side, beyond what chance does.

    Args:
        before: counts, shape (n,); `after` and `stands_for` alike, as in `tally`.

    >>> of_units = np.array([8.0, 0, 8, 0]), np.array([0.0, 8, 0, 8]), np.ones(4)
    >>> correlation(*of_units)  # all before, or all after
    0.95
    """
    some = before + after > 0
    sampled = (before[some] + after[some]) / stands_for[some]
    share = after[some] / stands_for[some]
    rest = float((sampled - 1).clip(min=0).sum())
    total = float(sampled.sum())
    p = float(share.sum()) / total if total else 0.0
    if rest <= 0 or not 0 < p < 1:
        return 0.0
    pearson = float(((share - sampled * p) ** 2 / (sampled * p * (1 - p))).sum())
    units = len(sampled)
    found = (pearson * units / max(units - 1, 1) - units) / rest
    return float(np.clip(found, 0.0, MOST_CORRELATED))


def rate_ratio(ours: Tally, others: Tally, confidence: float = CONFIDENCE) -> Change:
    """(after / before) of some units over that of others; lengths and populations cancel out.

    Given all events of a side, those after are binomial. Jeffreys' interval holds the logarithm of
    the odds of each (Brown, Cai & DasGupta 2001), after the counts are divided by their spread
    (effective counts, Korn & Graubard 1998); the interval of the difference comes from both by the
    method of variance estimates recovery (Zou & Donner 2008), which keeps them lopsided where
    counts are small. To exchange before and after inverts ratio and interval.

    Args:
        confidence: probability that the interval holds the ratio.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = float(np.divide(ours.after, ours.before) / np.divide(others.after, others.before))
    lower, upper = _limits(ours, others, np.array([ours.after / ours.spread]), confidence)
    return Change(ratio, float(lower[0]), float(upper[0]))


def detectable(ours: Tally, others: Tally, confidence: float = CONFIDENCE) -> Detectable:
    """The smallest fall and rise that would have been seen with a chance of POWER.

    What comes after in one's own units is taken as spread · Poisson around ratio · expected, where
    the others say what is expected; what came before, and the others, are as they were.
    """
    if not (ours.before > 0 and others.before > 0 and others.after > 0):
        return Detectable(np.nan, np.nan)
    expected = ours.before * others.after / others.before / ours.spread
    most = int(np.ceil(expected * MOST_RISE)) + 20

    def ends(after: int) -> tuple[float, float]:
        lower, upper = _limits(ours, others, np.array([float(after)]), confidence)
        return float(lower[0]), float(upper[0])

    # Both ends grow with what comes after.
    falls = bisect_left(range(most), True, key=lambda after: ends(after)[1] >= 1)
    rises = bisect_left(range(most), True, key=lambda after: ends(after)[0] > 1)
    fall = rise = np.nan
    # poisson.cdf(falls - 1, mean) = POWER, solved for the mean; likewise from `rises` on.
    if falls > 0:
        fall = float(special.gammainccinv(falls, POWER)) / expected
    if rises < most:
        rise = float(special.gammaincinv(rises, POWER)) / expected
    return Detectable(min(fall, 1.0), max(rise, 1.0))


def _limits(
    ours: Tally, others: Tally, after: NDArray[np.float64], confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both ends of the interval, were there so many after, in effective counts, shape (n,)."""
    low, middle, high = _log_odds(np.full(len(after), ours.before / ours.spread), after, confidence)
    low_other, middle_other, high_other = _log_odds(
        np.array([others.before / others.spread]),
        np.array([others.after / others.spread]),
        confidence,
    )
    point = middle - middle_other
    with np.errstate(over="ignore"):
        lower = np.exp(point - np.hypot(middle - low, high_other - middle_other))
        upper = np.exp(point + np.hypot(high - middle, middle_other - low_other))
    return lower, upper


def _log_odds(
    before: NDArray[np.float64], after: NDArray[np.float64], confidence: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Lower end, median and upper end of the log odds of after; without events on a side no end."""
    tail = (1 - confidence) / 2
    a, b = after + JEFFREYS, before + JEFFREYS
    low, middle, high = (
        special.logit(special.betaincinv(a, b, at)) for at in (tail, 0.5, 1 - tail)
    )
    return np.where(after > 0, low, -np.inf), middle, np.where(before > 0, high, np.inf)
