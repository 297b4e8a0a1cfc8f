"""Counts as people outside the responsible units get them by the routes, and what they try."""

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow
import pytest
from scipy.optimize import linprog
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.app import create_api
from geo.records.code_lists import code_list
from geo.settings import load_settings
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from geo.store.records import Origin, load_records
from tests.api.few_incidents import KINDS, MONTHS, incidents
from tests.people import MON_SON, NGHE_AN, as_server, make_account, signed_in

HA_NOI = Jurisdiction("2025", "province", "01")
BASE, PUBLIC_BASE = 6, 12
Asked = dict[tuple[str, str, str], int | None]


@pytest.fixture(scope="module")
def counted(module_boundaries_engine: Engine) -> Engine:
    """Engine on embedded boundaries with these incidents."""
    rows = pyarrow.Table.from_pylist(incidents())
    with transaction(module_boundaries_engine) as connection:
        outcome = load_records(connection, "incident", rows, Origin("test"))
        # With a secret of its own each database would have another test.
        connection.execute(
            text("UPDATE disclosure_secret SET secret = :secret"), {"secret": bytes(range(32))}
        )
    assert outcome.added == rows.num_rows
    return module_boundaries_engine


@pytest.fixture(scope="module")
def people(counted: Engine) -> Iterator[Callable[..., TestClient]]:
    """Somebody of a role and units, or nobody."""
    api = create_api(load_settings(), as_server(counted))
    open_clients = []

    def client(role: str | None = None, *units: Jurisdiction) -> TestClient:
        one = TestClient(api, raise_server_exceptions=False)
        open_clients.append(one)
        return signed_in(one, make_account(counted, role, *units)) if role else one

    yield client
    for one in open_clients:
        one.close()


def statistics(client: TestClient, **query: Any) -> dict[str, Any]:
    query = {"edition": "2025", "level": "commune"} | query
    answer = client.get("/api/v1/statistics", params=query)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


def values(answer: dict[str, Any]) -> dict[str, Any]:
    return dict(zip(answer["codes"], answer["values"], strict=True))


def whole(month: str) -> dict[str, str]:
    """The days of a month as a period."""
    last = {"09": 30, "11": 30}.get(month[-2:], 31)
    return {"from": f"{month}-01", "to": f"{month}-{last}"}


@pytest.fixture(scope="module")
def run(people: Any) -> str:
    asked = {"edition": "2025", "level": "commune", "from": "2025-07-01", "to": "2025-12-31"}
    answer = people("leader", COUNTRY).post(
        "/api/v1/hotspot-runs", json=asked | {"measure": "count", "permutations": 99_999}
    )
    assert answer.status_code == 201, answer.text
    identifier: str = answer.json()["id"]
    return identifier


@pytest.fixture(scope="module")
def told(people: Any) -> Asked:
    return ask_all(people())


@pytest.fixture(scope="module")
def true(people: Any) -> Asked:
    return ask_all(people("leader", COUNTRY))


class TestWhoSeesWhat:
    """Exact counts are for the responsible units."""

    def test_the_leader_of_the_country_sees_all(self, people: Any) -> None:
        answer = statistics(people("leader", COUNTRY))
        assert answer["protection"] is None
        assert answer["total"] == len(incidents())

    @pytest.mark.parametrize(("role", "base"), [(None, PUBLIC_BASE), ("planner", BASE)])
    def test_outsiders_get_multiples_of_the_base(
        self, people: Any, role: str | None, base: int
    ) -> None:
        answer = statistics(people(role, HA_NOI) if role else people())
        protection = answer["protection"]
        own = set(protection["exact"])
        told = [value for code, value in values(answer).items() if code not in own and value]
        assert protection["base"] == base
        assert told
        assert all(value % base == 0 for value in told)
        assert 0 not in [value for code, value in values(answer).items() if code not in own]

    @pytest.mark.parametrize("role", ["officer", "planner", "leader"])
    def test_own_units_are_exact_to_the_day_and_others_are_not(
        self, people: Any, role: str
    ) -> None:
        days = {"from": "2025-08-10", "to": "2025-09-20"}
        exact = values(statistics(people("leader", COUNTRY), **days))
        answer = statistics(people(role, NGHE_AN), **days)
        own = set(answer["protection"]["exact"])
        assert len(own) == 130
        found = values(answer)
        assert all(found[code] == exact[code] for code in own)
        assert sum(found[code] for code in own) > 0
        assert all(not found[code] or found[code] % BASE == 0 for code in found if code not in own)
        assert answer["protection"]["from"] == "2025-08-01"
        assert answer["protection"]["to"] == "2025-09-30"

    def test_an_administrator_is_responsible_for_no_unit(self, people: Any) -> None:
        answer = statistics(people("administrator", COUNTRY))
        assert answer["protection"]["exact"] == []

    def test_outreach_is_no_secret(self, people: Any) -> None:
        assert statistics(people(), measure="outreach")["protection"] is None

    @pytest.mark.parametrize("measure", ["incidents", "victims"])
    @pytest.mark.parametrize(
        ("edition", "level"),
        [("2025", "commune"), ("2025", "province"), ("2024", "district"), ("2024", "province")],
    )
    def test_sums_are_those_of_the_sample_at_every_level(
        self, people: Any, edition: str, level: str, measure: str
    ) -> None:
        stranger = people()
        answer = statistics(stranger, edition=edition, level=level, measure=measure)
        summed = sum(value or 0 for value in answer["values"]) + answer["unassigned"]
        summed += sum(answer["apportioned"].values())
        total = statistics(stranger, measure=measure)["total"]
        assert answer["total"] == total
        assert summed == pytest.approx(total, abs=0.05)

    def test_rates_are_those_of_the_counts_told(self, people: Any) -> None:
        stranger = people()
        counts, rates = (
            values(
                statistics(stranger, measure=measure, **{"from": "2025-07-01", "to": "2025-12-31"})
            )
            for measure in ("incidents", "rate")
        )
        units = stranger.get("/api/v1/units").json()["units"]
        inhabitants = {unit["code"]: unit["population"] for unit in units}
        assert any(counts.values())
        for code, count in counts.items():
            expected = count and count / inhabitants[code] * 100_000 * 365.25 / 184
            assert rates[code] == (expected and pytest.approx(expected, abs=0.001))

    def test_answers_are_kept_for_nobody_else(self, people: Any) -> None:
        leader, stranger = people("leader", COUNTRY), people()
        address = "/api/v1/statistics?edition=2025&level=commune"
        first = leader.get(address)
        assert first.headers["cache-control"] == "private, no-cache"
        again = stranger.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 200


class TestUnits:
    """What is told of one unit."""

    def test_months_add_up_to_the_statistics(self, people: Any) -> None:
        stranger = people()
        code = MON_SON.code
        unit = stranger.get(f"/api/v1/units/2025/commune/{code}").json()
        assert unit["base"] == PUBLIC_BASE
        told = {month["month"]: month["incidents"] for month in unit["months"]}
        for month in MONTHS:
            found = values(statistics(stranger, **whole(month)))[code]
            assert told.get(month) == found

    def test_the_own_unit_is_exact(self, people: Any) -> None:
        address = f"/api/v1/units/2025/commune/{MON_SON.code}"
        own, leader = (
            people(role, unit).get(address).json()
            for role, unit in (("officer", NGHE_AN), ("leader", COUNTRY))
        )
        assert own["base"] is None
        assert own["months"] == leader["months"]
        assert own["incidents_by_kind"] == leader["incidents_by_kind"]


class TestHotspots:
    """Classes are told, and nothing that counts can be computed from."""

    SECRETS = ("z", "q", "value", "values", "expected", "neighbour_mean", "expected_incidents", "p")

    def test_a_run_tells_no_sums_and_no_digest(self, people: Any, run: str) -> None:
        shown = people("leader", NGHE_AN).get(f"/api/v1/hotspot-runs/{run}").json()
        assert shown["records_used"] is shown["data_fingerprint"] is None
        listed = people().get("/api/v1/hotspot-runs").json()
        assert all(one["records_left_out"] is one["data_fingerprint"] is None for one in listed)
        assert people("leader", COUNTRY).get(f"/api/v1/hotspot-runs/{run}").json()["records_used"]

    def test_results_are_classes_and_released_counts(self, people: Any, run: str) -> None:
        address = f"/api/v1/hotspot-runs/{run}/results"
        stranger, leader = (
            one.get(address).json() for one in (people(), people("leader", COUNTRY))
        )
        assert stranger["classes"] == leader["classes"]
        assert not any(any(stranger[name]) for name in ("values", "z", "q"))
        assert any(leader["z"])
        told = statistics(people(), **{"from": "2025-07-01", "to": "2025-12-31"})["values"]
        assert stranger["incidents"] == told

    def test_the_ranking_tells_classes_and_released_counts(self, people: Any, run: str) -> None:
        address = f"/api/v1/hotspot-runs/{run}/ranking?border_only=false&limit=200"
        hot = people().get(address).json()
        leader = people("leader", COUNTRY).get(address).json()
        assert {unit["code"] for unit in hot} == {unit["code"] for unit in leader}
        assert hot
        assert not any(unit.get(name) for unit in hot for name in self.SECRETS)
        assert all(unit["base"] == PUBLIC_BASE for unit in hot)
        assert all(unit["incidents"] is None or unit["incidents"] % 12 == 0 for unit in hot)
        own = people("leader", NGHE_AN).get(address).json()
        exact = {unit["code"]: unit["incidents"] for unit in own if unit["base"] is None}
        assert exact
        assert exact.items() <= {unit["code"]: unit["incidents"] for unit in leader}.items()

    def test_the_explanation_tells_the_class_alone(self, people: Any, run: str) -> None:
        address = f"/api/v1/units/2025/commune/{MON_SON.code}?run={run}"
        english = {"Accept-Language": "en"}
        for who in (people(), people("leader", HA_NOI)):
            hotspot = who.get(address, headers=english).json()["hotspot"]
            assert not {name: hotspot[name] for name in self.SECRETS if hotspot.get(name)}
            assert not any(letter.isdigit() for letter in hotspot["explanation"].split(" at ")[0])
        # His own count is known to him, and so is the country's rate, from what everybody is told.
        own = people("leader", NGHE_AN).get(address, headers=english).json()["hotspot"]
        told = {name: own[name] for name in self.SECRETS if own.get(name)}
        assert set(told) <= {"value", "expected_incidents"}
        assert own["explanation"].startswith(f"{own['incidents']} incident")
        leader = people("leader", COUNTRY).get(address, headers=english).json()["hotspot"]
        assert leader["z"] is not None


def test_a_file_tells_what_the_public_knows(people: Any) -> None:
    """It goes anywhere, whoever fetched it; an officer without units has nothing exact in it."""
    days = "edition=2025&level=commune&from=2025-07-01&to=2025-12-31"
    address = f"/api/v1/session-plan?{days}&sessions=20&travel_km=500&lang=en"
    officer = people("officer")
    assert officer.get(address).json()["coverage"]["base"] == BASE
    lines = officer.get(f"{address}&format=csv").content.decode("utf-8-sig").splitlines()
    table = list(csv.DictReader(line for line in lines if not line.startswith("# ")))
    public = people().get(f"/api/v1/coverage?{days}").json()
    risk = dict(zip(public["codes"], public["risk"], strict=True))
    assert table
    for row in table:
        assert float(row["Incidents per 100,000 a year, smoothed"]) == risk[row["Code"]]
    source = dict(csv.reader(line[2:] for line in lines if line.startswith("# ")))
    assert source["base"] == str(PUBLIC_BASE)


class TestAttacks:
    """Somebody without an account asks all he can."""

    def test_questions_asked_again_are_answered_alike(self, people: Any, told: Asked) -> None:
        assert ask_all(people()) == told

    def test_sliding_days_tell_no_more_than_months(self, people: Any) -> None:
        stranger = people()
        answers = {
            json.dumps(
                statistics(stranger, **{"from": f"2025-08-{day:02d}", "to": f"2025-09-{day:02d}"})[
                    "values"
                ]
            )
            for day in range(1, 31)
        }
        months = [("2025-08", "2025-08"), ("2025-08", "2025-09"), ("2025-09", "2025-09")]
        by_months = {
            json.dumps(
                statistics(stranger, **{"from": whole(one)["from"], "to": whole(two)["to"]})[
                    "values"
                ]
            )
            for one, two in months
        }
        assert answers <= by_months

    def test_differences_of_questions_are_those_of_months_and_kinds(
        self, people: Any, told: Asked
    ) -> None:
        """Windows, pairs of kinds, levels and editions are sums of what single questions tell."""
        stranger = people()
        for kinds in (KINDS[:2], KINDS[1:], KINDS):
            for first in range(len(MONTHS)):
                for last in range(first, len(MONTHS)):
                    days = {"from": whole(MONTHS[first])["from"], "to": whole(MONTHS[last])["to"]}
                    found = values(statistics(stranger, kind=kinds, **days))
                    for code in {code for code, _, _ in told}:
                        parts = [
                            told[code, month, kind] or 0
                            for month in MONTHS[first : last + 1]
                            for kind in kinds
                        ]
                        assert (found[code] or 0) == sum(parts)

    def test_a_linear_program_over_all_answers_finds_no_small_count(
        self, told: Asked, true: Asked
    ) -> None:
        """Counts that fit all answers, for each commune, month and kind with fewer than eleven."""
        order = [(month, kind) for month in MONTHS for kind in kinds_in_order()]
        small = 0
        for code in sorted({code for code, _, _ in told}):
            taken = np.array([(told[code, *atom] or 0) // PUBLIC_BASE for atom in order])
            size = len(order)
            upto = np.hstack([np.tril(np.ones((size, size))), np.ones((size, 1))])
            reached = PUBLIC_BASE * np.cumsum(taken)
            rows = np.vstack([upto, -upto])
            limits = np.concatenate([reached + PUBLIC_BASE - 1, -reached])
            bounds = [(0, None)] * size + [(0, PUBLIC_BASE - 1)]
            for number, atom in enumerate(order):
                count = true[code, *atom]
                if not count or count >= PUBLIC_BASE - 1:
                    continue
                goal = np.zeros(size + 1)
                goal[number] = 1
                least, most = (
                    sign * linprog(sign * goal, A_ub=rows, b_ub=limits, bounds=bounds).fun
                    for sign in (1, -1)
                )
                assert least - 1e-6 <= count <= most + 1e-6
                assert most - least > PUBLIC_BASE - 1 - 1e-6
                small += 1
        assert small > 30

    def test_who_signs_out_learns_nothing_more(self, people: Any, told: Asked) -> None:
        inside = ask_all(people("officer", Jurisdiction("2025", "province", "79")))
        for question, count in told.items():
            assert (count or 0) // PUBLIC_BASE <= (inside[question] or 0) // BASE

    def test_own_counts_give_no_others_away(self, people: Any) -> None:
        """The total of a mixed area is the own true counts and what is told of the others."""
        leader, outsider = people("leader", NGHE_AN), people("leader", HA_NOI)
        own = set(statistics(leader)["protection"]["exact"])
        for month in MONTHS:
            mixed, outside = (statistics(one, **whole(month)) for one in (leader, outsider))
            apart = own | set(outside["protection"]["exact"])
            told = [
                {code: count for code, count in values(one).items() if code not in apart}
                for one in (mixed, outside)
            ]
            assert told[0] == told[1]
            assert len(told[0]) > 3_000


def test_counts_follow_the_records(people: Any, counted: Engine) -> None:
    """A release is made anew when counts have changed, and only then."""
    stranger = people()
    before = statistics(stranger)["total"]
    releases = stranger.app.state.releases
    made = releases._published
    statistics(stranger)
    assert releases._published is made
    with transaction(counted) as connection:
        connection.execute(text("UPDATE incident SET status = 'duplicate'"))
    assert statistics(stranger)["total"] == 0 < before
    with transaction(counted) as connection:
        connection.execute(text("UPDATE incident SET status = 'reported'"))
    assert statistics(stranger)["total"] == before


def ask_all(client: TestClient) -> Asked:
    """Counts of the communes with incidents by month and kind, None where few or none are."""
    answers: Asked = {}
    for month in MONTHS:
        for kind in KINDS:
            for code, value in values(statistics(client, kind=kind, **whole(month))).items():
                answers[code, month, kind] = value
    counted = {code for (code, _, _), value in answers.items() if value}
    return {asked: value for asked, value in answers.items() if asked[0] in counted}


def kinds_in_order() -> list[str]:
    """The kinds in the order in which a chain is counted: that of the code list."""
    return [kind for kind in code_list("incident_kind") if kind in KINDS]
