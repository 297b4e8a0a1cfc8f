"""The ratio of rate ratios: laws, published numbers, and how far its interval reaches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.analysis.rate_ratio import Tally, correlation, detectable, rate_ratio, tally

COUNTS = st.integers(1, 400).map(float)
SPREADS = st.floats(1, 5)


@given(COUNTS, COUNTS, st.integers(1, 9), SPREADS)
def test_no_change_is_one_and_held(before: float, after: float, times: int, spread: float) -> None:
    found = rate_ratio(Tally(before, after, spread), Tally(before * times, after * times, spread))
    assert found.ratio == pytest.approx(1)
    assert found.lower < 1 < found.upper
    assert found.direction == 0


@given(st.lists(COUNTS, min_size=4, max_size=4), SPREADS)
def test_to_exchange_before_and_after_inverts_all(counts: list[float], spread: float) -> None:
    one, two, three, four = counts
    found = rate_ratio(Tally(one, two, spread), Tally(three, four))
    back = rate_ratio(Tally(two, one, spread), Tally(four, three))
    assert back.ratio == pytest.approx(1 / found.ratio)
    assert (back.lower, back.upper) == pytest.approx((1 / found.upper, 1 / found.lower))
    assert found.lower <= found.ratio <= found.upper


@given(st.lists(COUNTS, min_size=4, max_size=4), st.floats(1.1, 5))
def test_what_varies_more_says_less(counts: list[float], spread: float) -> None:
    one, two, three, four = counts
    found = rate_ratio(Tally(one, two), Tally(three, four))
    wider = rate_ratio(Tally(one, two, spread), Tally(three, four, spread))
    assert wider.lower < found.lower
    assert wider.upper > found.upper


def test_large_counts_have_the_interval_of_woolf() -> None:
    # ln OR ± 1.96 √(1/a + 1/b + 1/c + 1/d), Woolf (1955).
    found = rate_ratio(Tally(400, 300), Tally(900, 1_000))
    ratio = (300 / 400) / (1_000 / 900)
    reach = 1.959964 * np.sqrt(1 / 400 + 1 / 300 + 1 / 900 + 1 / 1_000)
    expected = ratio * np.exp([-reach, reach])
    assert [found.lower, found.upper] == pytest.approx(expected, rel=0.005)


def test_small_counts_have_nearly_the_exact_interval() -> None:
    # Fisher's conditional interval never holds too seldom, so that it is somewhat wider.
    exact = stats.contingency.odds_ratio([[3, 10], [40, 38]]).confidence_interval(0.95)
    found = rate_ratio(Tally(10, 3), Tally(38, 40))
    assert exact.low < found.lower < exact.low * 1.5
    assert exact.high / 1.5 < found.upper < exact.high


def test_nothing_on_one_side_has_one_end() -> None:
    assert rate_ratio(Tally(5, 0), Tally(40, 40))[::2] == (0, pytest.approx(0.97, abs=0.5))
    assert rate_ratio(Tally(0, 5), Tally(40, 40)).upper == np.inf
    nothing = rate_ratio(Tally(0, 0), Tally(40, 40))
    assert np.isnan(nothing.ratio)
    assert (nothing.lower, nothing.upper) == (0, np.inf)


def test_a_fall_that_is_called_detectable_is_seen_with_four_in_five() -> None:
    ours, others = Tally(40, 40), Tally(200, 200)
    found = detectable(ours, others)
    rng = np.random.default_rng(1)
    for ratio, side in ((found.fall, -1), (found.rise, 1)):
        drawn = rng.poisson(40 * ratio, 2_000).astype(float)
        seen = [rate_ratio(Tally(40, count), others).direction == side for count in drawn]
        assert 0.77 < np.mean(seen) < 0.87
    assert np.isnan(detectable(Tally(3, 3), others).fall)
    assert np.isnan(detectable(Tally(0, 3), others).rise)


@pytest.mark.parametrize("planted", [0.0, 0.1, 0.4])
def test_the_correlation_that_was_planted_is_found(planted: float) -> None:
    rng = np.random.default_rng(2)
    sizes = rng.integers(1, 30, 3_000)
    shape = (1 - planted) / planted if planted else np.inf
    shares = rng.beta(0.4 * shape, 0.6 * shape, 3_000) if planted else np.full(3_000, 0.4)
    after = rng.binomial(sizes, shares).astype(float)
    found = correlation(sizes - after, after, np.ones(3_000))
    assert found == pytest.approx(planted, abs=0.02)


def test_nothing_to_learn_from_is_no_correlation() -> None:
    none, ones = np.zeros(3), np.ones(3)
    assert correlation(none, none, ones) == 0
    assert correlation(ones, none, ones) == 0
    assert correlation(none, ones * 4, ones) == 0


def test_spread_follows_from_how_events_stick_together() -> None:
    # Units of 4 and 1 events: (4 (1 + 3 / 2) + 1) / 5.
    found = tally(np.array([4.0, 0]), np.array([0.0, 1]), np.ones(2), 0.5)
    assert found == Tally(4, 1, pytest.approx(2.2))
    # 12 events released as two samples of one in 6.
    sampled = tally(np.array([12.0]), np.array([0.0]), np.full(1, 6.0), 0.5)
    assert sampled.spread == pytest.approx(6 * 1.5)
    both = Tally(10, 10, 1.0) + Tally(5, 5, 4.0)
    assert both == Tally(15, 15, pytest.approx(2.0))
