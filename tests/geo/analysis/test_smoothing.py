import warnings

import libpysal
import numpy as np
import pytest
from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes, assuncao_rate
from numpy.typing import NDArray
from scipy import integrate, stats

from geo.analysis.smoothing import Rounding, empirical_bayes, standardised_rates
from geo.analysis.weights import Weights, from_pairs, queen
from tests.geo.analysis.grids import grid

YEAR = 365.25


def counted(seed: int, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Counts of units of very different size, whose risks differ fourfold."""
    random = np.random.default_rng(seed)
    population = random.integers(500, 60_000, size).astype(float)
    return random.poisson(population * random.gamma(2.0, 1e-4, size)).astype(float), population


def peer_weights(weights: Weights) -> libpysal.weights.W:
    around = np.split(weights.indices, weights.indptr[1:-1])
    peer = libpysal.weights.W({unit: found.tolist() for unit, found in enumerate(around)})
    peer.id_order = list(range(weights.size))
    return peer


def test_by_hand() -> None:
    # Rates 0 and 8 per 100,000: mean 4, spread 16, of which 4 by chance. Half of 12 / 16 = 3/4.
    found = empirical_bayes(np.array([0.0, 8]), np.array([1e5, 1e5]), YEAR)
    assert found.own_share.tolist() == pytest.approx([0.75, 0.75])
    assert found.rate.tolist() == pytest.approx([1.0, 7.0])
    # Twice the rate a year when the same was counted in half of it.
    half = empirical_bayes(np.array([0.0, 8]), np.array([1e5, 1e5]), YEAR / 2)
    assert half.rate.tolist() == pytest.approx([2.0, 14.0])
    assert half.upper.tolist() == pytest.approx((2 * found.upper).tolist())


@pytest.mark.parametrize("seed", range(3))
def test_global_rates_are_those_of_esda(seed: int) -> None:
    counts, population = counted(seed, 150)
    ours = empirical_bayes(counts, population, YEAR).rate
    theirs = Empirical_Bayes(counts, population).r.ravel() * 1e5
    assert ours == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_local_rates_are_those_of_esda(seed: int) -> None:
    counts, population = counted(seed, 144)
    weights = queen(grid(12, 12))
    ours = empirical_bayes(counts, population, YEAR, weights=weights)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Spatial_Empirical_Bayes(counts, population, peer_weights(weights)).r.ravel() * 1e5
    assert ours.rate == pytest.approx(theirs, rel=1e-9)
    assert 0 < (ours.own_share == 0).sum() < 144  # both kinds of neighbourhood were compared


def test_the_interval_is_that_of_the_posterior_by_integration() -> None:
    counts, population = np.array([3.0, 40, 2]), np.array([2e4, 5e4, 8e4])
    found = empirical_bayes(counts, population, YEAR, credibility=0.9)
    mean = counts.sum() / population.sum()
    between = (population * (counts / population - mean) ** 2).sum() / population.sum()
    variance = between - mean / population.mean()
    prior = stats.gamma(mean**2 / variance, scale=variance / mean)

    def density(rate: float) -> float:
        return float(prior.pdf(rate) * stats.poisson.pmf(3, rate * 2e4)) * 1e6

    whole = integrate.quad(density, 0, 0.01, points=[1.5e-4], limit=200)[0]
    below = integrate.quad(density, 0, found.lower[0] / 1e5, limit=200)[0]
    beyond = integrate.quad(density, found.upper[0] / 1e5, 0.01, limit=200)[0]
    assert below / whole == pytest.approx(0.05, abs=1e-6)
    assert beyond / whole == pytest.approx(0.05, abs=1e-6)


def test_intervals_hold_the_true_rate_as_often_as_they_say() -> None:
    random = np.random.default_rng(5)
    held = []
    for _ in range(50):
        population = random.integers(2_000, 40_000, 300).astype(float)
        truth = random.gamma(3.0, 1e-4, 300)
        found = empirical_bayes(random.poisson(population * truth) * 1.0, population, YEAR)
        held.append((found.lower <= truth * 1e5) & (truth * 1e5 <= found.upper))
    # 15,000 units: a standard error of 0.2 % and the estimated prior's narrowness.
    assert np.mean(held) == pytest.approx(0.95, abs=0.01)


def test_units_that_differ_by_chance_alone_have_the_pooled_rate() -> None:
    found = empirical_bayes(np.array([2.0, 2, 2, 2]), np.full(4, 1e4), YEAR)
    assert found.rate.tolist() == pytest.approx([20.0] * 4)
    assert found.own_share.tolist() == [0.0] * 4
    bounds = stats.gamma.ppf([0.025, 0.975], 8.5, scale=1 / 4e4) * 1e5
    assert [found.lower[0], found.upper[0]] == pytest.approx(bounds.tolist())


def test_no_event_anywhere_is_a_rate_of_zero_with_an_upper_bound() -> None:
    found = empirical_bayes(np.zeros(3), np.full(3, 1e4), YEAR, weights=from_pairs(3, {(0, 1)}))
    assert found.rate.tolist() == [0.0] * 3
    assert (found.upper > 0).all()
    assert found.upper[2] > found.upper[0]  # alone it knows less than two together


def test_standardised_rates_by_hand_and_of_equal_spread_without_clusters() -> None:
    # Rates 0, 8 and 4 per 100,000: mean 4, the spread 32 / 3 of which 4 by chance; 4 / √(20/3 + 4).
    found = standardised_rates(np.array([0.0, 8, 4]), np.full(3, 1e5))
    assert found.tolist() == pytest.approx([-4 / np.sqrt(32 / 3), 4 / np.sqrt(32 / 3), 0.0])
    assert standardised_rates(np.zeros(2), np.array([1e4, 2e4])).tolist() == [0.0, 0.0]
    assert np.isnan(standardised_rates(np.ones(2), np.array([1e4, np.nan]))).tolist() == [0, 1]
    population = np.repeat([1e3, 1e6], 5_000)
    scores = standardised_rates(
        np.random.default_rng(1).poisson(population * 1e-3).astype(float), population
    )
    assert scores[:5_000].std() == pytest.approx(1, abs=0.05)
    assert scores[5_000:].std() == pytest.approx(1, abs=0.05)


def test_standardised_rates_are_those_of_esda() -> None:
    counts, population = counted(4, 150)
    theirs = assuncao_rate(counts, population)
    ours = standardised_rates(counts, population)
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_a_unit_without_population_has_no_rate_and_lends_none() -> None:
    counts, population = np.array([1.0, 9, 50, 3]), np.array([1e4, 2e4, np.nan, 0.0])
    found = empirical_bayes(counts, population, YEAR)
    for values in (found.rate, found.lower, found.upper, found.reference, found.own_share):
        assert np.isnan(values).tolist() == [False, False, True, True]
    alone = empirical_bayes(counts[:2], population[:2], YEAR)
    assert found.rate[:2].tolist() == alone.rate.tolist()


@pytest.mark.parametrize("credibility", [0.0, 1.0, 95.0])
def test_what_is_no_probability_is_refused(credibility: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        empirical_bayes(np.ones(2), np.ones(2), 365, credibility=credibility)


def test_rounded_counts_are_drawn_towards_the_mean_and_not_towards_nothing() -> None:
    random = np.random.default_rng(11)
    population = random.uniform(3_000, 30_000, 2_000)
    true = random.gamma(2, 1e-4, 2_000)
    counts = random.poisson(true * population).astype(float)
    base = np.full(2_000, 12.0)
    # Multiples of 12 by running totals from a random start, as releases make them.
    totals = np.floor((np.cumsum(counts) + random.integers(12)) / 12)
    rounded = np.diff(totals, prepend=0.0) * 12
    # As if a rounded count were a count.
    plain = empirical_bayes(rounded, population, 365.25)
    found = empirical_bayes(rounded, population, 365.25, rounding=Rounding(base, base - 1))
    per_event = 100_000
    errors = [np.sqrt(np.mean((one.rate / per_event - true) ** 2)) for one in (plain, found)]
    assert errors[1] < 0.6 * errors[0]
    small = rounded == 0
    mean = found.reference[0]
    assert np.median(plain.rate[small]) < 0.4 * mean
    assert np.median(found.rate[small]) > 0.6 * mean
    assert (found.own_share <= plain.own_share).all()
    assert (found.lower <= plain.lower).all()
    assert (found.upper >= plain.upper).all()
    assert (found.lower <= found.rate).all()
    assert (found.rate <= found.upper).all()
    exact = empirical_bayes(
        counts, population, 365.25, rounding=Rounding(np.zeros(2_000), np.zeros(2_000))
    )
    np.testing.assert_array_equal(exact.rate, empirical_bayes(counts, population, 365.25).rate)
