"""Jobs as the API takes, shows and cancels them; no worker runs here, so that they wait."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from tests.api.test_bad_input import assert_problem
from tests.people import NGHE_AN

Joining = Callable[..., TestClient]
RUNS, JOBS = "/api/v1/hotspot-runs", "/api/v1/jobs"
SCAN = {"level": "province", "from": "2025-07-01", "to": "2025-12-31", "method": "scan_poisson"}
EMERGING = SCAN | {"from": "2023-01-01", "method": "emerging"}
GI_STAR = SCAN | {"method": "gi_star", "permutations": 99}


def ask(person: TestClient, wanted: dict[str, Any]) -> dict[str, Any]:
    """The job that a request becomes."""
    answer = person.post(RUNS, json=wanted)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{JOBS}/{job['id']}"
    return job


@pytest.mark.parametrize(
    "wanted",
    [
        SCAN,
        SCAN | {"method": "scan_permutation", "replications": 99, "prospective": False},
        EMERGING | {"step_months": 3, "measure": "count", "neighbourhood": "border_section"},
    ],
    ids=lambda wanted: wanted["method"],
)
def test_what_takes_long_becomes_a_job(joining: Joining, wanted: dict[str, Any]) -> None:
    person = joining("planner", NGHE_AN)
    job = ask(person, wanted)
    assert (job["state"], job["progress"], job["runs"]) == ("queued", 0, [])
    assert job["question"]["method"] == wanted["method"]
    assert job["question"]["period_to"] == "2026-01-01"
    assert person.get(f"{JOBS}/{job['id']}").json() == job
    assert person.get(JOBS).json() == [job]
    for name in ("replications", "prospective", "step_months", "measure", "neighbourhood"):
        if name in wanted:
            assert job["question"]["parameters"][name] == wanted[name]


def test_a_job_says_when_no_worker_lives(joining: Joining, api_engine: Engine) -> None:
    person = joining("planner", NGHE_AN)
    job = ask(person, SCAN)
    address = f"{JOBS}/{job['id']}"
    assert "bienmap worker" in job["step"]["vi"]
    assert "no worker is running" in person.get(JOBS).json()[0]["step"]["en"]
    heartbeat = text(
        "INSERT INTO queue.procrastinate_workers (last_heartbeat) VALUES (now() - :ago)"
    )
    with transaction(api_engine) as connection:
        connection.execute(heartbeat, {"ago": timedelta(minutes=2)})
    assert person.get(address).json()["step"] == job["step"]
    with transaction(api_engine) as connection:
        connection.execute(heartbeat, {"ago": timedelta(seconds=2)})
    assert person.get(address).json()["step"] is None


def test_quick_methods_answer_at_once_unless_asked_not_to(joining: Joining) -> None:
    person = joining("officer", COUNTRY)
    now = person.post(RUNS, json=GI_STAR)
    assert now.status_code == 201
    assert person.get(f"{RUNS}/{now.json()['id']}").status_code == 200
    later = person.post(RUNS, json=GI_STAR, headers={"Prefer": "respond-async, wait=1"})
    assert later.status_code == 202
    assert later.json()["question"]["parameters"]["permutations"] == 99


def test_the_same_question_is_one_job_until_it_is_cancelled(joining: Joining) -> None:
    person, other = joining("officer", NGHE_AN), joining("officer", NGHE_AN)
    first = ask(person, SCAN)
    assert ask(person, SCAN) == first
    assert ask(person, SCAN | {"replications": 199})["id"] != first["id"]
    assert ask(other, SCAN)["id"] != first["id"]
    address = f"{JOBS}/{first['id']}"
    cancelled = person.delete(address)
    assert cancelled.status_code == 200
    assert cancelled.json()["state"] == "cancelled"
    assert cancelled.json()["finished_at"]
    # Sent again, since the first answer was lost.
    assert person.delete(address).json() == cancelled.json()
    assert ask(person, SCAN)["id"] != first["id"]


def test_a_cancelled_job_is_resumed_as_one_of_ones_own(joining: Joining) -> None:
    person, planner = joining("officer", NGHE_AN), joining("planner", COUNTRY)
    wanted = SCAN | {"method": "scan_permutation", "step_weeks": 2, "to": "2025-10-06"}
    first = ask(person, wanted)
    assert first["question"]["parameters"]["longest"] == 26
    address = f"{JOBS}/{first['id']}"
    going_on = person.post(f"{address}/resume")
    assert_problem(going_on, 409)
    assert going_on.json()["code"] == "job.not_stopped"
    person.delete(address)
    resumed = person.post(f"{address}/resume")
    assert resumed.status_code == 202
    job = resumed.json()
    assert resumed.headers["location"] == f"{JOBS}/{job['id']}"
    assert (job["state"], job["question"]) == ("queued", first["question"])
    assert job["id"] != first["id"]
    # Sent again, since the answer was lost; and by somebody else.
    assert person.post(f"{address}/resume").json() == job
    other = planner.post(f"{address}/resume").json()
    assert other["id"] != job["id"]
    assert other["question"] == first["question"]
    assert_problem(joining("officer", NGHE_AN).post(f"{address}/resume"), 404)


def test_a_person_has_five_jobs_at_once(joining: Joining) -> None:
    person = joining("leader", NGHE_AN)
    made = [ask(person, SCAN | {"replications": 99 + number}) for number in range(5)]
    refused = person.post(RUNS, json=SCAN)
    assert_problem(refused, 429)
    assert refused.headers["retry-after"] == "60"
    assert person.delete(f"{JOBS}/{made[0]['id']}").status_code == 200
    ask(person, SCAN)
    assert len(person.get(JOBS, params={"state": "queued"}).json()) == 5
    assert len(person.get(JOBS, params={"state": "cancelled", "limit": 1}).json()) == 1


@pytest.mark.parametrize(
    ("role", "units", "sees"),
    [
        ("planner", [COUNTRY], True),
        ("leader", [COUNTRY], True),
        ("administrator", [COUNTRY], True),
        ("officer", [COUNTRY], False),
        ("leader", [NGHE_AN], False),
        ("planner", [Jurisdiction("2025", "province", "01")], False),
    ],
)
def test_others_jobs_are_for_who_looks_after_the_country(
    joining: Joining, role: str, units: list[Jurisdiction], sees: bool
) -> None:
    person, other = joining("officer", NGHE_AN), joining(role, *units)
    job = ask(person, SCAN)
    assert (job["id"] in {one["id"] for one in other.get(JOBS).json()}) is sees
    for answer in (other.get(f"{JOBS}/{job['id']}"), other.delete(f"{JOBS}/{job['id']}")):
        if sees:
            assert answer.status_code == 200
        else:
            assert_problem(answer, 404)
    now = person.get(f"{JOBS}/{job['id']}").json()
    assert now["state"] == ("cancelled" if sees else "queued")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"permutations": 99}, "hotspots.parameter"),
        ({"measure": "count"}, "hotspots.parameter"),
        ({"method": "gi_star", "replications": 99}, "hotspots.parameter"),
        ({"method": "emerging", "measure": "rate", "from": "2020-01-01"}, "hotspots.measure"),
        ({"method": "emerging"}, "hotspots.period"),
        ({"to": "2025-12-30"}, "hotspots.period"),
        ({"step_weeks": 1}, "hotspots.weeks"),
        ({"step_weeks": 14, "to": "2025-10-06"}, "hotspots.weeks"),
        ({"step_weeks": 1, "step_months": 1}, "hotspots.steps"),
        ({"method": "emerging", "step_weeks": 4}, "hotspots.parameter"),
        ({"method": "gi_star", "nearest": 4}, "hotspots.neighbourhood"),
        (
            {"method": "local_moran", "neighbourhood": "nearest", "reach_metres": 9_000},
            "hotspots.neighbourhood",
        ),
        ({"level": "district"}, "level.abolished"),
        ({"method": "kriging"}, "request.invalid"),
        ({"largest_share": 0.9}, "request.invalid"),
        ({"kind": ["rescue"]}, "request.invalid"),
    ],
)
def test_what_no_worker_could_answer_is_refused_at_once(
    client: TestClient, change: dict[str, Any], code: str
) -> None:
    before = client.get(JOBS, params={"limit": 200}).json()
    answer = client.post(RUNS, json=SCAN | change)
    assert_problem(answer, 422)
    assert answer.json()["code"] == code
    assert client.get(JOBS, params={"limit": 200}).json() == before


def test_nobody_without_a_sign_in_sees_jobs(stranger: TestClient) -> None:
    for address in (JOBS, f"{JOBS}/{UUID(int=1)}"):
        assert_problem(stranger.get(address), 401)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"colour": "red"}, "không có trường này"),
        ({"neighbourhood": "all"}, "hoặc 'border_section'"),
        ({"level": 3}, "phải là"),
        ({"nearest": 2.5}, "phải là số nguyên"),
        ({"kinds": "trafficking"}, "phải là danh sách"),
        ({"kinds": ["x"] * 21}, "không được có quá 20 mục"),
    ],
)
def test_a_wrong_request_is_answered_in_vietnamese(
    client: TestClient, change: dict[str, Any], said: str
) -> None:
    answer = client.post(RUNS, json=SCAN | change)
    assert_problem(answer, 422)
    assert said in answer.json()["detail"]
    assert "put should" not in answer.json()["detail"]
