"""Coverage over the demonstration data, against a scan of the records as they lie in the store."""

from collections import defaultdict
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, text

from geo.analysis.coverage import GapClass
from geo.analysis.session_plan import Terms
from geo.analysis.smoothing import empirical_bayes
from geo.demo.clusters import planted_clusters
from geo.demo.generator import NEVER_VISITED_CLUSTERS
from geo.errors import InputError, NotFoundError
from geo.pipeline.coverage import Coverage, CoverageQuestion, cover, session_kinds
from geo.pipeline.releases import EVERYTHING, PUBLIC, Audience, Releases
from geo.pipeline.session_plans import plan_for
from geo.settings import load_settings
from geo.store.boundaries import stored_units
from geo.store.database import transaction
from geo.store.outreach import coverage_units

YEAR = CoverageQuestion("2025", "commune", date(2025, 11, 1), date(2026, 11, 1))
EVENTS = text(
    "SELECT commune_2025 AS code, kind, audiences, attendance, sessions,"
    " (occurred_from AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day FROM outreach_event"
    " JOIN unit_set ON unit_set.id = unit_set_id WHERE deleted_at IS NULL"
)
UNREACHED = {"cadre", "trainer", "returnee"}


@pytest.fixture(scope="module")
def releases() -> Releases:
    """One door for all tests: what it reads it keeps."""
    return Releases(load_settings())


def covered(
    engine: Engine, releases: Releases, question: CoverageQuestion, audience: Audience = EVERYTHING
) -> Coverage:
    with transaction(engine) as connection:
        counts = partial(releases.counts, audience=audience)
        return cover(connection, question, counts, releases.index)


@pytest.fixture(scope="module")
def whole(demo_engine: Engine, releases: Releases) -> Coverage:
    return covered(demo_engine, releases, YEAR)


def expected_reach(engine: Engine, wanted: set[str] | None = None) -> dict[str, Any]:
    """By commune: participants weighed, sessions, last day; from the records one by one."""
    last = YEAR.last - timedelta(days=1)
    left: dict[str, float] = defaultdict(float)
    sessions: dict[str, int] = defaultdict(int)
    days: dict[str, date] = {}
    with transaction(engine) as connection:
        for row in connection.execute(EVENTS):
            groups = row.audiences or ["public"]
            meant = [one for one in groups if (one in wanted if wanted else one not in UNREACHED)]
            if row.kind not in session_kinds() or not meant or row.day > last or not row.code:
                continue
            fit = len(meant) / len(groups)
            left[row.code] += (row.attendance or 0) * fit * 0.5 ** ((last - row.day).days / 180)
            sessions[row.code] += row.sessions
            days[row.code] = max(days.get(row.code, row.day), row.day)
    return {"left": left, "sessions": sessions, "days": days}


@pytest.mark.parametrize("wanted", [(), ("women", "youth")])
def test_reach_is_that_of_a_scan_of_all_events(
    demo_engine: Engine, releases: Releases, wanted: tuple[str, ...]
) -> None:
    question = CoverageQuestion("2025", "commune", YEAR.first, YEAR.last, audiences=wanted)
    found = covered(demo_engine, releases, question)
    expected = expected_reach(demo_engine, set(wanted) or None)
    assert len(expected["days"]) > 100
    for number, unit in enumerate(found.units):
        people = found.population[number]
        assert found.tally.last_session[number] == expected["days"].get(unit.code)
        assert found.tally.sessions[number] == expected["sessions"].get(unit.code, 0)
        if people > 0:
            left = 1_000 * expected["left"].get(unit.code, 0.0) / people
            assert found.reach.per_1000[number] == pytest.approx(left, rel=2e-3, abs=1e-9)


def test_communes_of_a_planted_cluster_that_nobody_visited_are_clearly_behind(
    demo_engine: Engine, whole: Coverage
) -> None:
    with transaction(demo_engine) as connection:
        clusters = planted_clusters(stored_units(connection, "2025", "commune"))
    place = {unit.code: number for number, unit in enumerate(whole.units)}
    planted = [one for one in clusters if one.key in NEVER_VISITED_CLUSTERS]
    assert planted
    for cluster in planted:
        centre = place[cluster.centre]
        assert whole.tally.last_session[centre] is None
        assert whole.gaps.classes[centre] is GapClass.RISK_CLEARLY_AHEAD


def test_what_is_used_and_what_is_left_out_is_all_there_is(
    demo_engine: Engine, releases: Releases, whole: Coverage
) -> None:
    border = covered(
        demo_engine,
        releases,
        CoverageQuestion("2025", "commune", YEAR.first, YEAR.last, border_only=True),
    )
    with transaction(demo_engine) as connection:
        events = [row for row in connection.execute(EVENTS) if row.day < YEAR.last]
    for found in (whole, border):
        left = found.left_out
        sums = {
            kind: found.used[kind] + sum(count for name, count in left.items() if kind in name)
            for kind in ("records", "events")
        }
        assert sums["events"] == len(events)
        assert sums["records"] == whole.used["records"] + whole.left_out["records_in_no_unit"]
    compared = [one is not None for one in border.gaps.classes]
    assert compared == [unit.is_land_border for unit in border.units]
    assert border.left_out["units_inland"] == compared.count(False) > 2_000
    assert {border.units[number].is_land_border for number in border.asked} == {True}


def test_a_province_is_told_alone_and_held_against_all(
    demo_engine: Engine, releases: Releases, whole: Coverage
) -> None:
    question = CoverageQuestion("2025", "commune", YEAR.first, YEAR.last, province="40")
    found = covered(demo_engine, releases, question)
    assert {found.units[number].province_code for number in found.asked} == {"40"}
    np.testing.assert_array_equal(found.gaps.gap, whole.gaps.gap)
    assert found.data_fingerprint == whole.data_fingerprint


def test_risk_of_others_is_that_of_counts_as_they_are_told(
    demo_engine: Engine, releases: Releases
) -> None:
    question = CoverageQuestion("2025", "commune", date(2026, 3, 10), date(2026, 6, 20))
    found = covered(demo_engine, releases, question, PUBLIC)
    asked = found.question
    assert (asked.first, asked.last) == (date(2026, 3, 1), date(2026, 7, 1))
    with transaction(demo_engine) as connection:
        told = releases.counts(connection, asked.selection, "incidents", PUBLIC)
    base = releases.bases.public
    assert {(count or 0) % base for count in found.incidents} == {0}
    assert list(found.incidents) == told.shown
    counts = np.array([count or 0 for count in told.shown], float)
    risk = empirical_bayes(counts, found.population, 122, credibility=0.9, rounding=told.rounding)
    np.testing.assert_array_equal(found.gaps.risk.rate, risk.rate)
    assert found.protection is not None
    assert not found.protection.is_exact.any()


@pytest.mark.parametrize("layer", [("2025", "province"), ("2024", "district")])
def test_other_levels_and_editions_are_covered_too(
    demo_engine: Engine, releases: Releases, layer: tuple[str, str]
) -> None:
    found = covered(demo_engine, releases, CoverageQuestion(*layer, YEAR.first, YEAR.last))
    assert any(one is GapClass.RISK_CLEARLY_AHEAD for one in found.gaps.classes)
    assert all(unit.province_code for unit in found.units)


def test_a_plan_visits_communes_of_the_province_within_the_limit(
    demo_engine: Engine, releases: Releases
) -> None:
    question = CoverageQuestion("2025", "commune", YEAR.first, YEAR.last, province="40")
    found = covered(demo_engine, releases, question)
    with transaction(demo_engine) as connection:
        provinces = coverage_units(connection, "2025", "province")
    made = plan_for(found, provinces, ("104.9,19.1", "17230"), 2, Terms(9, travel_km=50))
    assert [team.name for team in made.teams[:2]] == ["104.9, 19.1"] * 2
    assert len(made.plan.visits) == 9
    assert made.plan.is_optimal
    for visit in made.plan.visits:
        unit = found.units[made.asked[visit.unit]]
        assert unit.province_code == "40"
        assert found.gaps.gap[made.asked[visit.unit]] > 0
        assert visit.metres <= 50_000
    # Without a post, teams start at the point of the province.
    [team] = plan_for(found, provinces, (), 1, Terms(1)).teams
    assert team.name == "Tỉnh Nghệ An"
    with pytest.raises(InputError, match=r"plan\.post"):
        plan_for(found, provinces, ("nowhere",), 1, Terms(1))


def test_what_is_not_loaded_or_unknown_is_said(demo_engine: Engine, releases: Releases) -> None:
    with pytest.raises(NotFoundError, match=r"units\.not_loaded"):
        covered(demo_engine, releases, CoverageQuestion("2024", "commune", YEAR.first, YEAR.last))
    unknown = CoverageQuestion("2025", "commune", YEAR.first, YEAR.last, province="99")
    with pytest.raises(InputError, match=r"unit\.unknown"):
        covered(demo_engine, releases, unknown)
