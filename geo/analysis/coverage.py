"""Where outreach lags behind risk: reach that fades with time, and the gap to a smoothed rate."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from geo.analysis.smoothing import Rounding, SmoothedRates, empirical_bayes

HALF_LIFE_DAYS = 180.0
# Two tails of 5 %: a gap that is called clear has 95 % on its side, one that is called likely 75 %.
CREDIBILITY, LIKELY = 0.9, 0.5
# Inhabitants that reach is counted per.
PER = 1_000.0
# Values that differ by less than this part of them are equal: the last bits are no difference.
TOLERANCE = 1e-9


class GapClass(IntEnum):
    """What a gap and its interval say; the numbers are those of the API and of the map."""

    REACH_AHEAD = -1
    NOT_CLEAR = 0
    RISK_LIKELY_AHEAD = 1
    RISK_CLEARLY_AHEAD = 2


@dataclass(frozen=True, slots=True)
class Visits:
    """Outreach events, or groups of events alike; all arrays have the shape (events,).

    `unit` is the number of the unit, `age` the days since, `participants` and `sessions` what is
    counted of it, and `fit` from 0 to 1 the part of it that was for the audience meant.
    """

    unit: NDArray[np.int64]
    age: NDArray[np.float64]
    participants: NDArray[np.float64]
    sessions: NDArray[np.float64]
    fit: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reach:
    """What is left of outreach in n units, shape (n,).

    `per_1000` are participants per 1,000 inhabitants, NaN where the population is unknown;
    `sessions` is a number of sessions. Both are weighed by age and by fit.
    """

    per_1000: NDArray[np.float64]
    sessions: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Risk against reach in n units, shape (n,); NaN where it is not known.

    `risk` are the smoothed rates. The scores are normal scores: `risk_score` and `reach_score` say
    where a unit stands among the others, 0 in the middle, and `gap` is the one less the other, with
    `lower` and `upper` around it, and `likely_lower` the lower end of a narrower interval.
    """

    risk: SmoothedRates
    risk_score: NDArray[np.float64]
    reach_score: NDArray[np.float64]
    gap: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    likely_lower: NDArray[np.float64]

    @property
    def need(self) -> NDArray[np.float64]:
        """The gap where risk is likely ahead at least, 0 elsewhere."""
        return np.where(self.likely_lower > 0, self.gap, 0.0)

    @property
    def classes(self) -> list[GapClass | None]:
        """The class of each unit, None where it has no gap."""
        ends = (self.lower, self.likely_lower, self.upper)
        return [_class(*row) for row in zip(*(one.tolist() for one in ends), strict=True)]


def audience_fit(audiences: Collection[str], wanted: Collection[str]) -> float:
    """The part of an event that was for the audience meant: of the groups it was held for, 0 … 1.

    Args:
        audiences: the groups that the event was for, not none of them.
        wanted: the groups that are meant.

    >>> audience_fit(["women", "youth"], {"women"})
    0.5
    """
    return sum(group in wanted for group in audiences) / len(audiences)


def reach(
    visits: Visits, population: NDArray[np.float64], half_life_days: float = HALF_LIFE_DAYS
) -> Reach:
    """What is left of all events, each worth half as much after every half-life.

    Args:
        visits: what was held.
        population: inhabitants of n units, shape (n,), NaN where unknown.
        half_life_days: after how many days a session counts half.

    Raises:
        ValueError: the half-life is not positive, or an event lies in the future.

    >>> one = Visits(*map(np.array, ([0], [180.0], [40.0], [1.0], [1.0])))
    >>> reach(one, np.array([2_000.0])).per_1000.tolist()  # 40 people, half a year ago, of 2,000
    [10.0]
    """
    if not half_life_days > 0:
        raise ValueError(f"a half-life of {half_life_days} days is not positive")
    if np.any(visits.age < 0):
        raise ValueError("an event lies after the day that reach is asked for")
    weight = visits.fit * 0.5 ** (visits.age / half_life_days)
    size = len(population)
    people = np.bincount(visits.unit, visits.participants * weight, minlength=size)
    sessions = np.bincount(visits.unit, visits.sessions * weight, minlength=size)
    inhabitants = np.where(population > 0, population, np.nan)
    return Reach(people / inhabitants * PER, sessions.astype(np.float64))


def gaps(
    counts: NDArray[np.float64],
    population: NDArray[np.float64],
    days: float,
    per_1000: NDArray[np.float64],
    *,
    credibility: float = CREDIBILITY,
    rounding: Rounding | None = None,
) -> Gaps:
    """Standardised risk less standardised reach, with an interval from that of the rate.

    Risk is the smoothed rate (geo.analysis.smoothing.empirical_bayes). Rates and reach are on
    scales of their own and both skewed, with many zeros; each is standardised by normal scores
    among the units with a population (van der Waerden 1952): the score of a unit is
    the quantile of the normal distribution at its rank / (n + 1), equal values sharing the mean of
    their ranks. So the gap does not change with the units of either, nor with any growing function
    of them. The ends of the rate's credible interval take the scores of the ranks that they would
    have among the rates of the others; those and the reach are taken as known. Where rates differ
    no more than by chance nothing is told apart, and no unit has a gap.

    Args:
        counts: incidents of the period, shape (n,).
        population: inhabitants, shape (n,), NaN where unknown.
        days: length of the period.
        per_1000: reach, shape (n,).
        credibility: probability that the rate's interval holds.
        rounding: of the counts; None where they are exact.

    Raises:
        ValueError: the period has no length, or credibility is not between 0 and 1.
    """

    def smoothed(held: float) -> SmoothedRates:
        return empirical_bayes(counts, population, days, credibility=held, rounding=rounding)

    risk = smoothed(credibility)
    known = population > 0
    rates = np.sort(risk.rate[known])
    reaches = np.sort(per_1000[known])
    reach_score = normal_scores(per_1000, reaches)
    risk_score = normal_scores(risk.rate, rates)
    likely = smoothed(LIKELY)
    # Of no event at all the interval lies above the rate, which is part of what is believed.
    ends = (
        np.minimum(risk.lower, risk.rate),
        np.maximum(risk.upper, risk.rate),
        np.minimum(likely.lower, risk.rate),
    )
    lower, upper, likely_lower = (normal_scores(end, rates) - reach_score for end in ends)
    # Of outreach that never was, or of which nothing is left, nothing can be ahead; nor can risk
    # that may well be no higher than that of all.
    upper = np.where(per_1000 > 0, upper, np.maximum(upper, 0.0))
    lower = np.where(risk.lower > risk.reference, lower, np.minimum(lower, 0.0))
    is_high = likely.lower > risk.reference
    likely_lower = np.where(is_high, likely_lower, np.minimum(likely_lower, 0.0))
    gap = risk_score - reach_score
    if not np.any(risk.own_share[known] > 0):
        gap = lower = upper = likely_lower = np.full(len(counts), np.nan)
    return Gaps(risk, risk_score, reach_score, gap, lower, upper, likely_lower)


def normal_scores(values: NDArray[np.float64], ordered: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where values stand among others, as quantiles of the normal distribution, shape (n,).

    Args:
        values: not negative, shape (n,); NaN stays NaN.
        ordered: what they are held against, ascending and none of them NaN.

    Source: van der Waerden (1952), Indagationes Mathematicae 14, 453-458.

    >>> normal_scores(np.array([0.0, 5, 9]), np.array([0.0, 5, 9])).round(3).tolist()
    [-0.674, 0.0, 0.674]
    """
    below = np.searchsorted(ordered, values * (1 - TOLERANCE), side="left")
    until = np.searchsorted(ordered, values * (1 + TOLERANCE), side="right")
    rank = (below + until + 1) / 2
    scores = stats.norm.ppf(rank / (len(ordered) + 1))
    return np.where(np.isnan(values), np.nan, scores)


def share_below(values: NDArray[np.float64], number: int) -> float:
    """The part of the values that are known and lie below one of them, by number.

    >>> share_below(np.array([0.0, 0, 3, np.nan, 8]), 2)
    0.5
    """
    known = values[~np.isnan(values)]
    below = int(np.count_nonzero(known < values[number] * (1 - TOLERANCE)))
    return below / max(len(known), 1)


def _class(lower: float, likely_lower: float, upper: float) -> GapClass | None:
    if np.isnan(upper):
        return None
    if lower > 0:
        return GapClass.RISK_CLEARLY_AHEAD
    if upper < 0:
        return GapClass.REACH_AHEAD
    return GapClass.RISK_LIKELY_AHEAD if likely_lower > 0 else GapClass.NOT_CLEAR
