"""Reach and the gap to risk: laws that hold for any data, and figures derived by hand."""

from datetime import date

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geo.analysis.coverage import GapClass, Visits, audience_fit, gaps, normal_scores, reach
from geo.analysis.coverage_explanation import CoverageEvidence, explain_coverage
from geo.analysis.smoothing import Rounding

UNITS = 12
YEAR = 365.25
people = arrays.arrays(float, UNITS, elements=st.integers(500, 90_000).map(float))
counts = arrays.arrays(float, UNITS, elements=st.integers(0, 30).map(float))
reaches = arrays.arrays(float, UNITS, elements=st.integers(0, 400).map(float))
days = st.floats(0, 4_000, allow_nan=False)
some = settings(max_examples=40, deadline=None)


def visits(*rows: tuple[int, float, float, float, float]) -> Visits:
    unit, *others = zip(*rows, strict=True)
    return Visits(np.array(unit), *(np.array(one, float) for one in others))


def test_reach_is_what_is_left_of_participants_per_1000() -> None:
    # Unit 0 of 4,000: 80 people a half-life ago and 20 of fit ½ now: 40 + 10 of 4,000 is 12.5.
    held = visits((0, 180, 80, 1, 1.0), (0, 0, 20, 2, 0.5), (2, 0, 50, 1, 1.0))
    found = reach(held, np.array([4_000.0, 1_000.0, np.nan]))
    np.testing.assert_allclose(found.per_1000, [12.5, 0.0, np.nan])
    np.testing.assert_allclose(found.sessions, [1.5, 0.0, 1.0])


@some
@given(first=days, later=days, half_life=st.floats(1, 2_000))
def test_reach_falls_with_age_and_a_half_life_halves_it(
    first: float, later: float, half_life: float
) -> None:
    def left(age: float) -> float:
        held = visits((0, age, 100, 1, 1.0))
        return float(reach(held, np.array([1_000.0]), half_life).per_1000[0])

    assert left(first + later) <= left(first) <= 100
    assert left(first + half_life) == pytest.approx(left(first) / 2, rel=1e-9, abs=1e-300)


@some
@given(rows=st.lists(st.tuples(st.integers(0, 3), days, st.integers(0, 500)), min_size=2))
def test_reach_of_events_is_the_sum_of_each(rows: list[tuple[int, float, int]]) -> None:
    held = [visits((unit, age, count, 1, 1.0)) for unit, age, count in rows]
    population = np.full(4, 1_000.0)
    together = reach(visits(*((u, a, c, 1, 1.0) for u, a, c in rows)), population)
    one_by_one = sum(reach(one, population).per_1000 for one in held)
    np.testing.assert_allclose(together.per_1000, one_by_one, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("age", "half_life"), [(-1.0, 180.0), (1.0, 0.0), (1.0, float("nan"))])
def test_no_reach_of_the_future_nor_without_a_half_life(age: float, half_life: float) -> None:
    with pytest.raises(ValueError, match=r"half-life|after the day"):
        reach(visits((0, age, 1, 1, 1.0)), np.array([1.0]), half_life)


def test_fit_is_the_part_of_the_groups_that_are_meant() -> None:
    assert audience_fit(["women", "cadre", "youth", "trainer"], {"women", "youth"}) == 0.5
    assert audience_fit(["trainer"], {"women"}) == 0
    assert audience_fit(["women"], {"women", "youth"}) == 1


def test_normal_scores_are_quantiles_and_equal_values_share_theirs() -> None:
    # Ranks 1½, 1½, 3 of 3 are the quantiles 0.375 and 0.75: -0.3186 and 0.6745 in any table.
    found = normal_scores(np.array([2.0, 2.0, 7.0, np.nan]), np.array([2.0, 2.0, 7.0]))
    np.testing.assert_allclose(found, [-0.31864, -0.31864, 0.67449, np.nan], atol=1e-5)


@some
@given(counts, people, reaches)
def test_the_gap_lies_in_its_interval_and_no_population_is_no_gap(
    counted: np.ndarray, population: np.ndarray, per_1000: np.ndarray
) -> None:
    population[3] = np.nan
    found = gaps(counted, population, YEAR, np.where(population > 0, per_1000, np.nan))
    known = population > 0
    assert np.isnan(found.gap[3])
    assert found.classes[3] is None
    if not found.risk.own_share[known].any():
        assert np.isnan(found.gap).all()
        return
    assert np.all(found.lower[known] <= found.gap[known] + 1e-9)
    assert np.all(found.gap[known] <= found.upper[known] + 1e-9)
    for number in np.flatnonzero(known):
        ends = (found.lower[number], found.likely_lower[number], found.upper[number])
        assert list(ends) == sorted(ends)
        above = [end > 0 for end in ends]
        expected = {3: 2, 2: 1, 1: 0, 0: -1}[sum(above)]
        assert found.classes[number] == (expected if ends[2] else 0)
        # Of outreach that never was nothing can be ahead.
        assert per_1000[number] > 0 or found.classes[number] != GapClass.REACH_AHEAD


@some
@given(counts, people, reaches, st.floats(0.01, 50), st.floats(0.01, 50))
def test_the_gap_does_not_change_with_the_units_of_rates_or_reach(
    counted: np.ndarray, population: np.ndarray, per_1000: np.ndarray, rate: float, more: float
) -> None:
    known = gaps(counted, population, YEAR, per_1000)
    scaled = gaps(counted, population, YEAR / rate, per_1000 * more)
    np.testing.assert_allclose(scaled.risk.rate, known.risk.rate * rate, rtol=1e-9)
    for name in ("gap", "lower", "upper"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(known, name), atol=1e-9)


@some
@given(counts, people, reaches, st.integers(0, UNITS - 1))
def test_more_reach_never_widens_the_gap_of_a_unit(
    counted: np.ndarray, population: np.ndarray, per_1000: np.ndarray, unit: int
) -> None:
    before = gaps(counted, population, YEAR, per_1000)
    assume(np.isfinite(before.gap).all())
    per_1000[unit] += 37.0
    after = gaps(counted, population, YEAR, per_1000)
    assert after.gap[unit] <= before.gap[unit] + 1e-9
    others = np.arange(UNITS) != unit
    assert np.all(after.gap[others] >= before.gap[others] - 1e-9)


def test_a_hot_unit_that_nobody_visited_is_clearly_behind() -> None:
    population = np.full(40, 10_000.0)
    counted = np.full(40, 2.0)
    counted[0] = 30
    per_1000 = np.linspace(5, 50, 40)
    per_1000[0] = 0
    found = gaps(counted, population, YEAR, per_1000)
    assert found.classes[0] is GapClass.RISK_CLEARLY_AHEAD
    assert found.gap[0] == found.gap.max()


@pytest.mark.parametrize("counted", [np.zeros(40), np.full(40, 2.0)])
def test_units_that_do_not_differ_have_no_gap(counted: np.ndarray) -> None:
    found = gaps(counted, np.full(40, 10_000.0), YEAR, np.linspace(0, 50, 40))
    assert found.classes == [None] * 40


def test_a_count_in_doubt_can_be_anything_it_may_be() -> None:
    population = np.full(40, 10_000.0)
    counted = np.concatenate([np.zeros(20), np.full(20, 12.0)])
    per_1000 = np.concatenate([np.full(20, 50.0), np.zeros(20)])
    exact = gaps(counted, population, YEAR, per_1000)
    assert exact.classes == [GapClass.REACH_AHEAD] * 20 + [GapClass.RISK_CLEARLY_AHEAD] * 20
    doubtful = gaps(
        counted, population, YEAR, per_1000, rounding=Rounding(np.full(40, 12.0), np.full(40, 11.0))
    )
    assert (doubtful.lower <= exact.lower).all()
    assert (doubtful.upper >= exact.upper).all()
    assert GapClass.REACH_AHEAD not in doubtful.classes
    rounding = Rounding(np.repeat([12.0, 0.0], 20), np.repeat([11.0, 0.0], 20))
    half = gaps(counted, population, YEAR, per_1000, rounding=rounding)
    assert half.classes[20:] == exact.classes[20:]


def test_the_sentence_tells_the_last_session_and_where_the_unit_stands() -> None:
    known = CoverageEvidence(
        last_day=date(2026, 10, 31),
        last_session=date(2026, 10, 30),
        sessions=1,
        reach=1.25,
        risk_above=0.999,
        reach_above=0.3,
        gap_class=GapClass.RISK_LIKELY_AHEAD,
        is_approximate=True,
    )
    assert explain_coverage(known, "en") == (
        "Last session: 30/10/2026 (1 day before 31/10/2026); 1 session so far. Its risk is higher"
        " than in 99 % of units, its reach (1.2 participants per 1,000 inhabitants, fading with"
        " time) than in 30 %. Risk is likely ahead of outreach, though not for certain. Incidents"
        " outside your units are rounded, so the risk is approximate, and the interval allows"
        " for that."
    )
    assert "Buổi gần nhất: 30/10/2026" in explain_coverage(known, "vi")
    assert "1,2 lượt người" in explain_coverage(known, "vi")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_never_is_said_as_such_and_without_a_population_nothing_is_compared(language: str) -> None:
    never = CoverageEvidence(date(2026, 10, 31), None, 0, None, 0.0, 0.0, None, False)
    told = explain_coverage(never, language)  # type: ignore[arg-type]
    assert ("chưa có buổi" if language == "vi" else "no session was ever held") in told
    assert ("Không so sánh" if language == "vi" else "Not compared") in told


@pytest.mark.parametrize("spread", [0.5, 1.5])
@pytest.mark.parametrize("usual", [1.0, 10.0])
def test_intervals_and_classes_hold_where_the_truth_is_known(usual: float, spread: float) -> None:
    # Gamma rates of a known spread, `usual` incidents in the middle unit, half never visited.
    random = np.random.default_rng(20261127)
    inside, clearly, likely = [], [], []
    for _ in range(8):
        population = np.exp(random.normal(9.3, 0.6, 1_000))
        rate = random.gamma(spread**-2, usual / population.mean() * spread**2, 1_000)
        counted = random.poisson(rate * population).astype(float)
        per_1000 = random.gamma(0.5, 10, 1_000) * (random.random(1_000) < 0.5)
        found = gaps(counted, population, YEAR, per_1000)
        true = normal_scores(rate, np.sort(rate)) - found.reach_score
        inside.extend((true >= found.lower) & (true <= found.upper))
        classes = np.array(found.classes)
        clearly.extend(true[classes == GapClass.RISK_CLEARLY_AHEAD] > 0)
        likely.extend(true[classes == GapClass.RISK_LIKELY_AHEAD] > 0)
    assert np.mean(inside) > 0.9
    assert np.mean(clearly) > 0.95
    assert np.mean(likely) > 0.75
