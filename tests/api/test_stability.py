"""How classes of a run hold: examined on the demonstration data, and told by the API."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from api.app import create_api
from api.examples import examples
from cli.main import app
from geo.analysis.distance_weights import geocentric
from geo.analysis.explanation import stability_grade
from geo.analysis.hotspots import METHODS, MethodName, Parameters
from geo.analysis.scan_windows import circles
from geo.analysis.space_time import ScanParameters
from geo.analysis.stability import DRAWS
from geo.dates import first_day, month_number
from geo.errors import ConflictError, InputError
from geo.pipeline import Question, ask_run, examine, rerun, run_hotspots, usual_parameters
from geo.pipeline.hotspot_questions import check_period
from geo.pipeline.hotspot_stability import examine_all, variants_of
from geo.pipeline.jobs import answer_job
from geo.settings import load_settings
from geo.store.boundaries import stored_units
from geo.store.database import transaction
from geo.store.hotspots import get_run, populations
from tests.people import as_server

ROUTE = "/api/v1/hotspot-runs"


@pytest.fixture(scope="module")
def client(demo_engine: Engine) -> Iterator[TestClient]:
    """A stranger: how classes hold is for everybody."""
    with TestClient(create_api(load_settings(), as_server(demo_engine))) as found:
        yield found


def standard_run(
    client: TestClient, method: str, edition: str, level: str, *, of_border: bool = False
) -> dict[str, Any]:
    """Of the whole country, or of the units along its border."""
    runs = client.get(
        f"{ROUTE}?standard=true&edition={edition}&level={level}&method={method}"
    ).json()
    return next(run for run in runs if run["parameters"]["border_only"] is of_border)


def test_classes_are_held_against_variants_once(
    client: TestClient, demo_engine: Engine, demo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = standard_run(client, "gi_star", "2024", "district")
    address = f"{ROUTE}/{run['id']}/results"
    before = client.get(address).json()
    assert set(before["stability"]) == {None}
    monkeypatch.setenv("DATABASE_URL", demo_url)
    answer = CliRunner().invoke(app, ["hotspots", "stability", run["id"]])
    assert answer.exit_code == 0, answer.output
    after = client.get(address).json()
    held = after.pop("stability")
    assert {**before, "stability": held} == {**after, "stability": held}
    assert client.get(f"{ROUTE}/{run['id']}").json()["variants"] == {
        "neighbours": 3,
        "periods": 3,
        "records": 12,
    }
    classes = np.array(after["classes"], dtype=float)
    known = np.array(held, dtype=float)
    assert (np.isnan(known) == np.isnan(classes)).all()
    # A planted cluster at 99 % hangs on no choice; over all some unit does.
    assert np.nanmax(known[classes == 3]) == 1.0
    assert 0 <= np.nanmin(known) < 1.0
    told: list[float] = []
    examine(demo_engine, run["id"], told.append)
    assert told == []
    assert rerun(demo_engine, run["id"])


def test_a_unit_tells_how_its_class_holds(client: TestClient, demo_engine: Engine) -> None:
    run = standard_run(client, "gi_star", "2024", "district")
    examine(demo_engine, run["id"])
    results = client.get(f"{ROUTE}/{run['id']}/results").json()
    place = results["classes"].index(3)
    address = f"/api/v1/units/2024/district/{results['codes'][place]}?run={run['id']}"
    told = client.get(address, headers={"Accept-Language": "en"}).json()["hotspot"]["stability"]
    assert told.keys() == examples()["unit"]["hotspot"]["stability"].keys()
    least = min(kept / told["tried"][one] for one, kept in told["kept"].items())
    assert round(least, 3) == results["stability"][place]
    verdict = ("Stable", "Fairly stable", "Not stable")[stability_grade(least)]
    checks = "Checks in which it stays: other neighbours"
    assert told["explanation"].startswith(f"{verdict}. {checks}")
    assert told["lowest"] <= 3 == told["highest"]
    # The other standard run has not been examined.
    runs = client.get(f"{ROUTE}?standard=true&edition=2024&level=district&method=gi_star").json()
    other = next(one["id"] for one in runs if one["id"] != run["id"])
    again = client.get(address.replace(run["id"], other)).json()
    assert again["hotspot"]["stability"] is None


def test_a_worker_examines_what_a_person_asked_for(client: TestClient, demo_engine: Engine) -> None:
    asked = Question(
        "2025", "province", date(2025, 8, 1), date(2026, 8, 1), (), Parameters(permutations=99)
    )
    with transaction(demo_engine) as connection:
        job = ask_run(connection, asked)
    told: list[tuple[str, float]] = []
    [run] = answer_job(demo_engine, job, lambda step, share: told.append((step.en, share)))
    assert any(client.get(f"{ROUTE}/{run}/results").json()["stability"])
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[-1] == ("examining stability", 1.0)


@pytest.mark.parametrize(
    ("method", "tried", "said", "hot"),
    [
        ("emerging", {"neighbours": 3, "periods": 2, "records": 12}, "other neighbours", {2, 4, 6}),
        ("scan_poisson", {"neighbours": 2, "periods": 3, "records": 12}, "other circles", {3}),
    ],
)
def test_methods_with_a_time_axis_are_examined_too(
    client: TestClient,
    demo_engine: Engine,
    method: str,
    tried: dict[str, int],
    said: str,
    hot: set[int],
) -> None:
    # A scan of the country takes twenty times that of its border, where clusters are planted too.
    of_border = method == "scan_poisson"
    run = standard_run(client, method, "2025", "commune", of_border=of_border)
    examine(demo_engine, run["id"])
    assert client.get(f"{ROUTE}/{run['id']}").json()["variants"] == tried
    results = client.get(f"{ROUTE}/{run['id']}/results").json()
    held = dict(zip(results["codes"], results["stability"], strict=True))
    classes = dict(zip(results["codes"], results["classes"], strict=True))
    assert {code for code in held if held[code] is None} == {
        code for code in classes if classes[code] is None
    }
    # The planted clusters hang on no choice.
    sure = {code for code, known in classes.items() if known in hot}
    assert max(held[code] for code in sure) >= 0.9
    code = max(sure, key=lambda one: held[one])
    address = f"/api/v1/units/2025/commune/{code}?run={run['id']}"
    told = client.get(address, headers={"Accept-Language": "en"}).json()["hotspot"]["stability"]
    assert said in told["explanation"]
    assert told["highest"] > 0
    assert rerun(demo_engine, UUID(run["id"]))


def test_a_variant_that_no_memory_would_hold_speaks_against_no_unit(
    demo_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    parameters = ScanParameters(border_only=True, replications=99, largest_share=0.05)
    first, last = date(2024, 11, 1), date(2026, 11, 1)
    run = run_hotspots(demo_engine, Question("2025", "commune", first, last, (), parameters))
    with transaction(demo_engine) as connection:
        units = stored_units(connection, "2025", "commune")
        units = units[units["is_land_border"]]
        people = populations(connection, "2025", "commune", list(units["code"]), 2026)
    kept = people > 0
    found = circles(geocentric(units.geometry)[kept], people[kept], parameters.largest_share)
    most = kept.sum() * (len(found.bounds) - 1) * parameters.longest
    monkeypatch.setattr("geo.analysis.scan_windows.MOST_CELLS", most)
    examine(demo_engine, run)
    with transaction(demo_engine) as connection:
        tried = get_run(connection, run, also_restricted=True)["variants"]
    # Circles twice as wide are left out.
    assert tried == {"neighbours": 1, "periods": 3, "records": 12}


@given(
    st.sampled_from(["gi_star", "local_moran", "emerging", "scan_poisson", "scan_permutation"]),
    st.integers(2, 80),
    st.integers(1, 6),
    st.booleans(),
)
def test_every_variant_is_a_question_that_its_method_takes(
    method: MethodName, steps: int, step: int, by_weeks: bool
) -> None:
    asked: dict[str, Any] = {}
    last = date(2026, 11, 1)
    first = first_day(month_number(last) - steps * step)
    if method.startswith("scan_") and by_weeks:
        asked, first = {"step_weeks": step}, last - timedelta(weeks=steps * step)
    elif method not in METHODS:
        asked = {"step_months": step}
    question = Question("2025", "commune", first, last, (), usual_parameters(method, asked))
    try:
        check_period(question)
    except InputError:
        return
    variants = variants_of(question)
    if isinstance(question.parameters, ScanParameters):
        question = replace(question, parameters=replace(question.parameters, replications=99))
    assert sum(one.draws for one in variants) == DRAWS
    assert len({one.question for one in variants}) == len(variants)
    for one in variants:
        check_period(one.question)
        assert (one.question == question) is (one.family == "records")


def test_a_run_that_a_record_made_old_is_passed_over(
    client: TestClient, demo_engine: Engine
) -> None:
    runs = client.get(f"{ROUTE}?standard=true&edition=2024&level=district&method=gi_star").json()
    run = UUID(next(one["id"] for one in runs if one["parameters"]["border_only"]))
    with transaction(demo_engine) as connection:
        connection.execute(
            text(
                "UPDATE incident SET deleted_at = now(), deleted_reason = 'x'"
                " WHERE id = (SELECT incident.id"
                " FROM incident JOIN unit_set ON unit_set.id = unit_set_id"
                " WHERE is_countable(status, deleted_at) AND district_2024 IS NOT NULL"
                " AND occurred_from BETWEEN '2025-01-01' AND '2025-03-01' LIMIT 1)"
            )
        )
    with pytest.raises(ConflictError):
        examine(demo_engine, run)
    told: list[float] = []
    examine_all(demo_engine, [run], told.append)
    assert told == []
