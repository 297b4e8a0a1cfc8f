"""Empirical Bayes rates: what small populations show, drawn towards the rate of the rest."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from geo.analysis.rates import crude_rates
from geo.analysis.weights import Weights

# Events added to a pooled rate's gamma distribution (Jeffreys), so that none is not certainly none.
JEFFREYS = 0.5


@dataclass(frozen=True, slots=True)
class SmoothedRates:
    """Smoothed rates of n units; arrays have the shape (n,), NaN where the population is unknown.

    `rate`, `lower`, `upper` and `reference` (the rate that a unit is drawn towards) are per 100,000
    a year. `own_share` is the share of the crude rate in the smoothed one: 0 where the units vary
    no more than by chance, near 1 where a population is large.
    """

    rate: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    reference: NDArray[np.float64]
    own_share: NDArray[np.float64]


class Rounding(NamedTuple):
    """Counts that were rounded at random; arrays have the shape (n,), 0 where a count is exact.

    They are multiples of `base`, and differ from the true ones by at most `doubt`.
    """

    base: NDArray[np.float64]
    doubt: NDArray[np.float64]


def empirical_bayes(
    counts: NDArray[np.float64],
    population: NDArray[np.float64],
    days: float,
    *,
    weights: Weights | None = None,
    credibility: float = 0.95,
    rounding: Rounding | None = None,
) -> SmoothedRates:
    """Smooth crude rates by the moment estimator of Marshall (1991), with credible intervals.

    The rate of a unit has a gamma prior with the mean m and the variance a of its reference: all
    units, or with `weights` the unit and its neighbours. With y events among b inhabitants the
    posterior is Gamma(m² / a + y, m / a + b); its mean is the smoothed rate. Where units vary no
    more than by chance (a = 0) the rate is the reference's, and the interval is that of the
    reference's pooled events. Intervals take m and a as known, so they are somewhat too narrow.

    Args:
        counts: events in the period, shape (n,).
        population: inhabitants, shape (n,), NaN where unknown: these units get NaN, and no part
            in any reference.
        days: length of the period.
        weights: neighbours for a local reference; none for one of all units.
        credibility: probability that the interval holds, with equal tails.
        rounding: of the counts. The ends of the interval are then those of the least and the most
            that a count can stand for; what rounding adds to chance is no difference between
            units, and a rounded count says the less of its own. None where all are exact.

    Raises:
        ValueError: the period has no length, or credibility is not between 0 and 1.

    Source: Marshall (1991), Applied Statistics 40, 283-294; Clayton & Kaldor (1987), Biometrics
    43, 671-681 (gamma prior).

    >>> found = empirical_bayes(np.array([0.0, 8]), np.array([1e5, 1e5]), 365.25)
    >>> found.rate.round(6).tolist()  # m is 4, a is 16 - 4: three quarters are the unit's own
    [1.0, 7.0]
    """
    if not 0 < credibility < 1:
        raise ValueError(f"not between 0 and 1: {credibility}")
    per_event = float(crude_rates(np.ones(1), np.ones(1), days)[0])
    known = population > 0
    y, b = counts[known], population[known]
    local = weights.subset(known) if weights is not None else None
    prior = _prior(y, b, local)
    mean = prior.mean
    nothing = np.zeros(len(y))
    base, off = (column[known] for column in rounding) if rounding else (nothing, nothing)
    own = _own_share(prior, b, base, local)
    lower = _quantile((1 - credibility) / 2, np.maximum(y - off, 0), b, prior)
    upper = _quantile((1 + credibility) / 2, y + off, b, prior)
    rate = own * y / b + (1 - own) * mean
    # Of no event at all the interval of exact counts lies above the rate.
    rate = np.where(base > 0, np.clip(rate, lower, upper), rate)
    in_unit = np.full((5, len(counts)), np.nan)
    in_unit[:, known] = np.array([rate, lower, upper, mean, own])
    in_unit[:4] *= per_event
    return SmoothedRates(*in_unit)


def standardised_rates(
    counts: NDArray[np.float64], population: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far each rate lies from that of all units, in its standard deviations, shape (n,).

    (y/b - m) / √(a + m/b), with m and a as in empirical_bayes. Crude rates of small populations
    scatter more than others, so under a permutation they are not alike even without any cluster;
    these are. NaN where the population is unknown; 0 everywhere where nothing was counted.

    Args:
        counts: events in a period, shape (n,).
        population: inhabitants, shape (n,), NaN where unknown.

    Source: Assunção & Reis (1999), Statistics in Medicine 18, 2147-2162.

    >>> standardised_rates(np.array([0.0, 8]), np.array([1e5, 1e5])).round(6).tolist()  # 4 / √16
    [-1.0, 1.0]
    """
    known = population > 0
    y, b = counts[known], population[known]
    prior = _prior(y, b, None)
    mean, spread = prior.mean, np.sqrt(prior.variance + prior.mean / b)
    found = np.full(len(counts), np.nan)
    found[known] = np.divide(y / b - mean, spread, out=np.zeros(len(y)), where=spread > 0)
    return found


class Elsewhere(NamedTuple):
    """What the units say that are neither a unit nor its neighbours; arrays have the shape (n,).

    `variance` is that of their risks per inhabitant: 0 where these differ no more than by chance,
    or have no event.
    """

    events: NDArray[np.float64]
    people: NDArray[np.float64]
    variance: NDArray[np.float64]


def elsewhere(
    counts: NDArray[np.int64] | NDArray[np.float64],
    population: NDArray[np.float64],
    weights: Weights,
    among: NDArray[np.bool_],
) -> Elsewhere:
    """What a unit and its neighbours can be held against: a cluster must not hide itself.

    The variance is a of empirical_bayes over those units.

    Args:
        counts: events in a period, shape (n,).
        population: positive, shape (n,).
        among: the units that count, shape (n,).
    """
    whole = np.stack([counts, population, np.ones(len(counts)), counts**2 / population]) * among
    outside = whole.sum(axis=1)[:, None] - (weights.matrix(star=True) @ whole.T).T
    known = outside[0] > 0
    variance = np.zeros(len(counts))
    variance[known] = _moments(*outside[:, known])[1]
    return Elsewhere(outside[0], outside[1], variance)


class _Prior(NamedTuple):
    """What each unit's reference says; arrays have the shape (n,)."""

    events: NDArray[np.float64]
    people: NDArray[np.float64]
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]


def _quantile(
    part: float, y: NDArray[np.float64], b: NDArray[np.float64], prior: _Prior
) -> NDArray[np.float64]:
    """Of the posterior of each unit with y events, or of the pooled events without a spread."""
    pooled = prior.variance <= 0
    spread = np.where(pooled, 1.0, prior.variance)
    scale = np.where(pooled, 1 / prior.people, 1 / (prior.mean / spread + b))
    shape = np.where(pooled, prior.events + JEFFREYS, prior.mean**2 / spread + y)
    return np.asarray(stats.gamma.ppf(part, shape, scale=scale))


def _own_share(
    prior: _Prior, b: NDArray[np.float64], base: NDArray[np.float64], weights: Weights | None
) -> NDArray[np.float64]:
    """What part of each smoothed rate is the unit's own, shape (n,).

    Random rounding adds to the variance of a count base² p (1 - p), with p the part of a multiple
    that is left over: base times the count that is due where that is small, and base² / 6 on
    average where it is not.
    """
    added = np.minimum(base * prior.mean * b, base**2 / 6)
    apart = np.maximum(prior.variance - _mean_among(added / b, b, weights), 0)
    chance = prior.mean / b + added / b**2
    return np.divide(apart, apart + chance, out=np.zeros(len(b)), where=apart > 0)


def _mean_among(
    values: NDArray[np.float64], b: NDArray[np.float64], weights: Weights | None
) -> NDArray[np.float64]:
    """The sum over each unit's reference, per inhabitant of it, shape (n,)."""
    if weights is None:
        return np.full(len(values), values.sum() / b.sum())
    matrix = weights.matrix(star=True)
    return np.asarray((matrix @ values) / (matrix @ b))


def _prior(y: NDArray[np.float64], b: NDArray[np.float64], weights: Weights | None) -> _Prior:
    """Events, inhabitants, mean and variance (never negative) of each unit's reference."""
    if weights is None:
        ones = np.ones(len(y))
        events, people = ones * y.sum(), ones * b.sum()
        members, squares = ones * len(y), ones * (y**2 / b).sum()
    else:
        matrix = weights.matrix(star=True)
        events, people = matrix @ y, matrix @ b
        members, squares = weights.counts.astype(float) + 1, matrix @ (y**2 / b)
    return _Prior(events, people, *_moments(events, people, members, squares))


def _moments(
    events: NDArray[np.float64],
    people: NDArray[np.float64],
    members: NDArray[np.float64],
    squares: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance of risks from sums over each reference; `squares` is Σ y² / b."""
    mean = events / people
    # Σ b (y/b - m)² / Σ b, less what chance alone gives: m over the mean population.
    between = squares / people - mean**2
    variance = between - mean * members / people
    # Equal rates must give no spread, not the last bits of a difference.
    variance[variance <= 1e-12 * mean**2] = 0.0
    return mean, variance
