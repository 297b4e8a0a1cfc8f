"""Runs with a time axis, over the demonstration data as the product stores them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from geo.analysis.emerging import Category
from geo.analysis.hotspots import Parameters
from geo.analysis.space_time import EmergingParameters, ScanParameters, usual_share
from geo.analysis.space_time_explanation import ClusterEvidence, explain_cluster
from geo.demo.clusters import planted_clusters
from geo.errors import ConflictError, InputError
from geo.pipeline import Question, rerun, run_hotspots, with_staleness
from geo.pipeline.hotspot_questions import MethodParameters, check_period
from geo.store.boundaries import stored_units
from geo.store.database import transaction
from geo.store.hotspots import clusters, get_run, list_runs, run_results
from geo.store.statistics import Selection, unit_counts

LAST_DAY = date(2026, 10, 31)
HOT = {Category.PERSISTENT_HOT, Category.CONSECUTIVE_HOT, Category.SPORADIC_HOT}


@pytest.fixture(scope="module")
def runs(demo_engine: Engine) -> dict[tuple[str, bool], dict[str, Any]]:
    """The standard runs of communes by method and whether of the border alone."""
    with transaction(demo_engine) as connection:
        found = list_runs(connection, "2025", "commune", True)
    return {(run["method"], run["parameters"]["border_only"]): run for run in found}


def test_standard_runs_are_there_for_every_method(
    runs: dict[tuple[str, bool], dict[str, Any]],
) -> None:
    methods = {"gi_star", "emerging", "scan_poisson"}
    assert set(runs) == {(method, border) for method in methods for border in (False, True)}
    for (_, border_only), run in runs.items():
        assert (run["border_fingerprint"] is not None) is border_only
        left_out = run["left_out"]
        reasons = [left_out[name] for name in left_out if name.startswith("records_")]
        assert sum(reasons) == run["records_left_out"]
        assert (left_out["units_inland"] > 0) is border_only


def test_emerging_hotspots_know_since_when_each_planted_cluster_is_hot(
    demo_engine: Engine, runs: dict[tuple[str, bool], dict[str, Any]]
) -> None:
    with transaction(demo_engine) as connection:
        found = run_results(connection, runs["emerging", False]["id"])
        units = stored_units(connection, "2025", "commune")
    place = {code: number for number, code in enumerate(found["code"])}
    for cluster in planted_clusters(units):
        unit = place[cluster.centre]
        category, states = found["class"][unit], found["states"][unit]
        if cluster.last_day < LAST_DAY:
            assert category == Category.NONE, cluster.key
            assert 1 in states[: len(states) // 2], cluster.key
        else:
            assert category in HOT, cluster.key
            # Of the quarters that lie wholly in the cluster's time, most.
            inside = (LAST_DAY - cluster.first_day).days // 92
            assert sum(states[-inside:]) >= 0.7 * inside, cluster.key
    assert found["class"][place["16837"]] == Category.PERSISTENT_HOT
    assert found["class"][place["17272"]] == Category.CONSECUTIVE_HOT


def test_the_scan_finds_the_planted_clusters_that_go_on(
    demo_engine: Engine, runs: dict[tuple[str, bool], dict[str, Any]]
) -> None:
    with transaction(demo_engine) as connection:
        found = clusters(connection, runs["scan_poisson", False]["id"])
        results = run_results(connection, runs["scan_poisson", False]["id"])
        units = stored_units(connection, "2025", "commune")
    sure = [cluster for cluster in found if cluster["class"] == 3]
    for planted in planted_clusters(units):
        if planted.last_day < LAST_DAY:
            continue
        shares = [
            len(set(planted.members) & set(cluster["members"])) / len(planted.members)
            for cluster in sure
        ]
        assert max(shares) >= 0.8, planted.key
        best = sure[shares.index(max(shares))]
        assert best["incidents"] > 5 * best["expected"]
        assert best["period_to"] == date(2026, 11, 1)
        assert planted.centre in best["members"]
    ranks = dict(zip(results["code"], results["cluster_rank"], strict=True))
    for cluster in found:
        assert {ranks[code] for code in cluster["members"]} == {cluster["rank"]}
    in_clusters = sum(len(cluster["members"]) for cluster in found)
    assert sum(rank > 0 for rank in ranks.values()) == in_clusters


@pytest.mark.parametrize("method", ["gi_star", "emerging", "scan_poisson"])
def test_a_stored_run_computed_again_is_the_same_to_the_last_digit(
    demo_engine: Engine, runs: dict[tuple[str, bool], dict[str, Any]], method: str
) -> None:
    run = runs[method, True]["id"]
    assert rerun(demo_engine, run)
    with transaction(demo_engine) as connection:
        connection.execute(
            text(
                "UPDATE hotspot_result SET value = value * (1 + 1e-15)"
                " WHERE run_id = :run AND value > 0"
            ),
            {"run": run},
        )
    assert not rerun(demo_engine, run)


def test_the_permutation_scan_needs_no_population(demo_engine: Engine) -> None:
    share = usual_share("scan_permutation", border_only=False)
    parameters = ScanParameters("scan_permutation", replications=99, largest_share=share)
    asked = Question("2025", "commune", date(2023, 11, 1), date(2026, 11, 1), (), parameters)
    identifier = run_hotspots(demo_engine, asked)
    with transaction(demo_engine) as connection:
        run, found = (
            get_run(connection, identifier, also_restricted=True),
            clusters(connection, identifier),
        )
    assert run["method"] == "scan_permutation"
    assert run["standard_at"] is None
    # The only one that is new in these months, whatever its level.
    assert found[0]["class"] == 3
    assert "23872" in found[0]["members"]


@pytest.fixture(scope="module")
def weekly(demo_engine: Engine) -> UUID:
    """A scan of 104 weeks."""
    parameters = ScanParameters(step_weeks=1, longest=26, replications=99)
    end = LAST_DAY + timedelta(days=1)
    asked = Question("2025", "commune", end - timedelta(weeks=104), end, (), parameters)
    return run_hotspots(demo_engine, asked)


def test_a_scan_by_weeks_counts_the_days_of_each_cluster(demo_engine: Engine, weekly: UUID) -> None:
    with transaction(demo_engine) as connection:
        run, found = get_run(connection, weekly, also_restricted=True), clusters(connection, weekly)
        begins = {cluster["period_from"] for cluster in found}
        for cluster in found:
            counted = unit_counts(
                connection,
                Selection("2025", "commune", cluster["period_from"], cluster["period_to"]),
                "incidents",
            )
            counts = dict(zip(counted.codes, counted.values, strict=True))
            assert sum(counts[code] for code in cluster["members"]) == cluster["incidents"]
            assert cluster["period_to"] == LAST_DAY + timedelta(days=1)
            length = (cluster["period_to"] - cluster["period_from"]).days
            assert length % 7 == 0
            assert length <= 26 * 7
            assert cluster["recurrence_months"] == pytest.approx(
                1 / cluster["p"] * 7 / (365.25 / 12)
            )
        whole = Selection("2025", "commune", run["period_from"], run["period_to"])
        counted = unit_counts(connection, whole, "incidents")
    assert any(begin.day != 1 for begin in begins)
    assert run["records_used"] + run["records_left_out"] == counted.total
    assert found[0]["class"] == 3


def test_a_scan_by_weeks_is_told_in_days_and_computed_alike_again(
    demo_engine: Engine, weekly: UUID
) -> None:
    assert rerun(demo_engine, weekly)
    cluster = ClusterEvidence(1, 3, 4, date(2026, 5, 3), LAST_DAY)
    assert "từ 03/05/2026 đến 31/10/2026" in explain_cluster(cluster, "vi")
    assert "from 2026-05-03 to 2026-10-31" in explain_cluster(cluster, "en")
    whole = ClusterEvidence(1, 3, 4, date(2026, 5, 1), LAST_DAY)
    assert "từ 05/2026 đến 10/2026" in explain_cluster(whole, "vi")
    cut = replace(whole, may_be_older=True)
    assert "từ 05/2026 hoặc sớm hơn" in explain_cluster(cut, "vi")
    assert "from 2026-05 or earlier" in explain_cluster(cut, "en")


@given(weeks=st.integers(1, 26), days=st.integers(1, 800))
def test_who_asks_for_broken_weeks_is_told_a_day_that_will_do(weeks: int, days: int) -> None:
    def asked(begin: date) -> Question:
        parameters = ScanParameters(step_weeks=weeks)
        return Question("2025", "commune", begin, LAST_DAY, (), parameters)

    begin = LAST_DAY - timedelta(days=days)
    if days % (7 * weeks) == 0 and days >= 14 * weeks:
        check_period(asked(begin))
        return
    with pytest.raises(InputError, match="multiple of") as refused:
        check_period(asked(begin))
    told = date.fromisoformat(str(refused.value.context["begin"]))
    assert told != begin
    assert told.strftime("%d/%m/%Y") in refused.value.vi
    check_period(asked(told))


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2023, 1, 15), date(2026, 11, 1)), (date(2025, 1, 1), date(2026, 11, 1))],
)
def test_a_period_that_the_method_cannot_take_is_refused(
    demo_engine: Engine, first: date, last: date
) -> None:
    with pytest.raises(InputError, match="whole months"):
        run_hotspots(
            demo_engine, Question("2025", "commune", first, last, (), EmergingParameters())
        )


def test_a_border_that_moved_makes_only_runs_along_it_stale(
    demo_engine: Engine, runs: dict[tuple[str, bool], dict[str, Any]]
) -> None:
    with transaction(demo_engine) as connection:
        connection.execute(text("UPDATE border_line SET geom = ST_Translate(geom, 1e-6, 0)"))
    assert rerun(demo_engine, runs["emerging", False]["id"])
    with pytest.raises(ConflictError):
        rerun(demo_engine, runs["emerging", True]["id"])


def test_a_scan_that_no_memory_would_hold_is_refused_before_it_begins(demo_engine: Engine) -> None:
    parameters = ScanParameters(prospective=False, longest=60, largest_share=0.5)
    asked = Question("2025", "commune", date(2015, 1, 1), date(2026, 11, 1), (), parameters)
    with pytest.raises(InputError, match="too many circles"):
        run_hotspots(demo_engine, asked)


@pytest.mark.parametrize("parameters", [Parameters(), EmergingParameters(), ScanParameters()])
def test_nothing_is_computed_of_the_future(
    demo_engine: Engine, parameters: MethodParameters
) -> None:
    asked = Question("2025", "commune", date(2090, 1, 1), date(2099, 1, 1), (), parameters)
    with pytest.raises(InputError, match="has not begun"):
        run_hotspots(demo_engine, asked)


def test_a_stored_run_of_the_future_stands_in_nobodys_way(demo_engine: Engine) -> None:
    asked = Question("2025", "commune", date(2025, 11, 1), date(2026, 11, 1), ("rescue",))
    run = run_hotspots(demo_engine, asked)
    with transaction(demo_engine) as connection:
        connection.execute(
            text(
                "UPDATE hotspot_run SET period_from = '2090-01-01', period_to = '2091-01-01'"
                " WHERE id = :run"
            ),
            {"run": run},
        )
        [checked] = with_staleness(connection, [get_run(connection, run, also_restricted=True)])
    assert checked["stale_reason"] == "data"
