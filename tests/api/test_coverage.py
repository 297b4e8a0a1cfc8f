"""The coverage gap and plans of sessions, as different people are told."""

import csv
import io
import json
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Joining
from tests.api.test_bad_input import assert_problem
from tests.people import NGHE_AN

# Ten incidents and an event lie in xã Môn Sơn, ten incidents in Hà Nội.
MON_SON = "17263"
AUGUST = "edition=2025&level=commune&from=2025-08-01&to=2025-08-31"
COVERAGE = f"/api/v1/coverage?{AUGUST}"
PLAN = f"/api/v1/session-plan?{AUGUST}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module", autouse=True)
def lesson(client: TestClient) -> None:
    """A lesson in Môn Sơn on 1 August: the twenty events that are there are of no listed kind."""
    properties = {
        "kind": "school",
        "occurred_from": "2025-08-01T08:00:00+07:00",
        "attendance": 200,
        "audiences": ["children", "returnee"],
    }
    place = {"type": "Point", "coordinates": [104.83, 18.97]}
    record = {"type": "Feature", "id": str(UUID(int=0xC0)), "geometry": place}
    answer = client.post("/api/v1/outreach-events", json=record | {"properties": properties})
    assert answer.status_code == 201, answer.text


def unit_of(answer: dict[str, Any], code: str) -> dict[str, Any]:
    place = answer["codes"].index(code)
    columns = {name: of for name, of in answer.items() if isinstance(of, list)}
    return {name: of[place] for name, of in columns.items()}


def test_who_is_responsible_for_all_is_told_exactly(client: TestClient) -> None:
    answer = client.get(COVERAGE).json()
    assert answer["protection"] is None
    assert (answer["period_from"], answer["period_to"]) == ("2025-08-01", "2025-08-31")
    found = unit_of(answer, MON_SON)
    assert (found["incidents"], found["sessions"]) == (10, 1)
    assert found["last_session"] == "2025-08-01"
    # Half of the audience is meant, and a sixth of a half-life went by.
    left = 1_000 * 200 * 0.5 * 0.5 ** (30 / 180) / found["population"]
    assert found["reach"] == pytest.approx(left, abs=0.005)
    assert answer["used"] == {"records": 20, "events": 1, "events_without_participants": 0}
    assert answer["left_out"]["events_of_other_kinds"] == 20
    never = [day is None for day in answer["last_session"]]
    assert never.count(False) == 1


def test_another_half_life_and_other_audiences_change_reach_alone(client: TestClient) -> None:
    usual = unit_of(client.get(COVERAGE).json(), MON_SON)
    short = unit_of(client.get(f"{COVERAGE}&half_life=30").json(), MON_SON)
    assert short["reach"] == pytest.approx(usual["reach"] * 0.5 / 0.5 ** (1 / 6), abs=0.01)
    assert short["risk"] == usual["risk"]
    other = unit_of(client.get(f"{COVERAGE}&audience=women").json(), MON_SON)
    assert (other["reach"], other["last_session"]) == (0, None)


def test_others_are_told_what_follows_from_the_counts_that_they_are_told(
    stranger: TestClient, client: TestClient
) -> None:
    told = stranger.get(COVERAGE).json()
    counts = stranger.get(f"/api/v1/statistics?{AUGUST}").json()
    assert told["incidents"] == counts["values"]
    assert told["protection"] == counts["protection"]
    # Among units of which few or none is told, risk follows from the population alone.
    exact = client.get(COVERAGE).json()
    assert unit_of(exact, MON_SON)["incidents"] == 10
    columns = zip(told["population"], told["risk"], told["incidents"], strict=True)
    alike = sorted((people, risk) for people, risk, count in columns if people and count is None)
    assert len(alike) > 3_000
    assert [risk for _, risk in alike] == sorted((risk for _, risk in alike), reverse=True)
    # Reach is no secret.
    assert told["reach"] == exact["reach"]


def test_own_units_are_exact(joining: Joining) -> None:
    answer = joining("planner", NGHE_AN).get(COVERAGE).json()
    assert unit_of(answer, MON_SON)["incidents"] == 10
    assert MON_SON in answer["protection"]["exact"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("vi", "Buổi gần nhất: 01/08/2025"), ("en", "Last session: 01/08/2025 (30 days before")],
)
def test_one_unit_is_told_in_words(client: TestClient, language: str, sentence: str) -> None:
    path = f"/api/v1/coverage/{MON_SON}?{AUGUST}"
    answer = client.get(path, headers={"Accept-Language": language}).json()
    assert sentence in answer["explanation"]
    assert answer["class"] == unit_of(client.get(COVERAGE).json(), MON_SON)["classes"]
    assert_problem(client.get(f"/api/v1/coverage/00000?{AUGUST}"), 404)


def test_an_answer_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get(COVERAGE)
    again = client.get(COVERAGE, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_plan_is_geojson_a_table_and_a_workbook(client: TestClient) -> None:
    asked = f"{PLAN}&sessions=3&post=40&post=105.85,21.02&travel_km=200&lang=en"
    answer = client.get(asked).json()
    visits = [feature["properties"] for feature in answer["features"]]
    # Only where risk is likely ahead; what is left over is told.
    assert visits
    assert answer["plan"]["sessions_left"] == 3 - len(visits)
    assert all(visit["travel_km"] <= 200 and visit["gap"] > 0 for visit in visits)
    assert {visit["team"] for visit in visits} <= {1, 2}
    assert answer["plan"]["is_optimal"]
    assert answer["plan"]["bound"] == answer["plan"]["need_served"]
    assert answer["coverage"]["data_fingerprint"]
    # With what was asked the plan can be made again.
    assert answer["asked"] == {
        "posts": ["40", "105.85,21.02"],
        "teams": 1,
        "sessions": 3,
        "travel_km": 200.0,
        "per_team": None,
        "catchment_km": 0.0,
    }
    text = client.get(f"{asked}&format=csv")
    assert text.headers["content-type"].startswith("text/csv")
    lines = text.content.decode("utf-8-sig").splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("# ")))
    assert [row["Code"] for row in rows] == [visit["code"] for visit in visits]
    source = dict(csv.reader(line[2:] for line in lines if line.startswith("# ")))
    for name in ("period_from", "period_to", "edition", "software_version", "data_fingerprint"):
        assert source[name] == answer["coverage"][name]
    assert json.loads(source["posts"]) == answer["asked"]["posts"]
    book = client.get(f"{asked}&format=xlsx")
    assert book.headers["content-type"] == XLSX
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
    assert [str(row[2].value) for row in sheet.iter_rows(min_row=2)] == [v["code"] for v in visits]
    assert [row[5].value for row in sheet.iter_rows(min_row=2)] == [v["travel_km"] for v in visits]


def test_a_plan_is_for_who_signed_in(stranger: TestClient) -> None:
    assert_problem(stranger.get(PLAN), 401)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{COVERAGE}&audience=martians", "kind.unknown"),
        (f"{COVERAGE}&audience=returnee", "kind.unknown"),
        (f"{COVERAGE}&outreach_kind=talk", "kind.unknown"),
        (f"{COVERAGE}&province=99", "unit.unknown"),
        (f"{COVERAGE}&kind=nothing", "kind.unknown"),
        ("/api/v1/coverage?edition=2025&level=district", "level.abolished"),
        (f"{PLAN}&post=nowhere", "plan.post"),
        (f"{PLAN}&post=104.83,98", "plan.post"),
        (f"{PLAN}&post=12,50", "plan.out_of_reach"),
    ],
)
def test_what_cannot_be_answered_is_said(client: TestClient, path: str, code: str) -> None:
    for language in ("vi", "en"):
        answer = client.get(path, headers={"Accept-Language": language})
        assert_problem(answer, 422)
        assert answer.json()["code"] == code


def test_the_period_is_the_year_up_to_today_unless_another_is_asked_for(
    client: TestClient,
) -> None:
    answer = client.get("/api/v1/coverage?edition=2025&level=province").json()
    assert answer["period_from"][5:] != answer["period_to"][5:]
    assert int(answer["period_to"][:4]) - int(answer["period_from"][:4]) == 1
