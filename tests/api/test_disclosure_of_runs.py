"""What somebody outside the responsible units can tell from the classes of hotspot runs."""

import calendar
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from sqlalchemy import Engine, text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_api
from cli.main import app
from geo.analysis.weights import queen
from geo.dates import first_day, month_number
from geo.settings import load_settings
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.boundaries import stored_units
from geo.store.database import transaction
from geo.store.hotspots import month_counts
from tests.api.test_bad_input import assert_problem
from tests.people import NGHE_AN, as_server, make_account, signed_in

RUNS = "/api/v1/hotspot-runs"
Asking = Callable[..., TestClient]
Classes = NDArray[np.float64]
Counts = NDArray[np.int64]


@pytest.fixture(scope="module")
def people(demo_engine: Engine) -> Iterator[Asking]:
    """Somebody of a role and units, or nobody, on the demonstration data."""
    with ExitStack() as stack:
        api = create_api(load_settings(), as_server(demo_engine))

        def client(role: str | None = None, *units: Jurisdiction) -> TestClient:
            found = stack.enter_context(TestClient(api))
            return signed_in(found, make_account(demo_engine, role, *units)) if role else found

        yield client


@pytest.fixture(scope="module")
def star(demo_engine: Engine) -> csr_array:
    """Which communes are neighbours, each of itself too: boundaries are public."""
    with transaction(demo_engine) as connection:
        units = stored_units(connection, "2025", "commune")
    return csr_array(queen(units.geometry).matrix(star=True) != 0).astype(int)


@pytest.fixture(scope="module")
def single(demo_engine: Engine) -> list[tuple[date, str, str]]:
    """Day, kind and commune of incidents that are the only one of their kind on their day."""
    found = text(
        "SELECT (occurred_from AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, kind,"
        " min(commune_2025) FROM incident JOIN unit_set ON unit_set.id = unit_set_id"
        " WHERE is_countable(status, deleted_at) GROUP BY 1, 2"
        " HAVING count(*) = 1 AND min(commune_2025) IS NOT NULL"
        " ORDER BY md5(min(incident.id::text))"
    )
    with transaction(demo_engine) as connection:
        return [tuple(row) for row in connection.execute(found)][:60]


def asked(first: date, last: date, *kinds: str, **more: Any) -> dict[str, Any]:
    days = {"from": first.isoformat(), "to": last.isoformat()}
    return {"edition": "2025", "level": "commune", "kinds": list(kinds)} | days | more


def whole(first: date, last: date) -> tuple[date, date]:
    """From the first day of a month to the last one of another."""
    return first.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1])


def singled_out(risen: NDArray[np.bool_], star: csr_array) -> list[int]:
    """Communes that alone have all units of a patch of risen ones around them."""
    places = np.flatnonzero(risen)
    near = (star @ star)[places][:, places]
    _, patch = connected_components(near, directed=False)
    claims = []
    for number in range(patch.max(initial=-1) + 1):
        units = places[patch == number]
        around = np.flatnonzero(np.asarray(star[:, units].sum(axis=1)).ravel() == len(units))
        claims += around.tolist() if len(around) == 1 else []
    return claims


def classes_of(reader: TestClient, run: str) -> Classes:
    return column_of(reader, run, "classes")


def scores_of(reader: TestClient, run: str) -> Classes:
    return column_of(reader, run, "z")


def column_of(reader: TestClient, run: str, name: str) -> Classes:
    answer = reader.get(f"{RUNS}/{run}/results").json()
    return np.nan_to_num(np.array(answer[name], dtype=float))


def make(person: TestClient, question: dict[str, Any]) -> str:
    answer = person.post(RUNS, json=question)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def refusal(person: TestClient, question: dict[str, Any]) -> str:
    answer = person.post(RUNS, json=question)
    assert_problem(answer, 422)
    return str(answer.json()["code"])


class TestRefused:
    """Questions that would tell of single incidents."""

    @pytest.mark.parametrize("role", ["officer", "planner", "leader"])
    def test_days_and_months_of_single_incidents_are_told_nobody_outside(
        self, people: Asking, single: list[tuple[date, str, str]], role: str
    ) -> None:
        person = people(role, NGHE_AN)
        assert len(single) == 60
        for day, kind, _ in single:
            for days in ((day, day), whole(day, day)):
                for more in ({}, {"method": "local_moran"}, {"measure": "count"}):
                    assert refusal(person, asked(*days, kind, **more)) == "hotspots.narrow_period"

    @pytest.mark.parametrize(
        ("question", "code"),
        [
            (asked(date(2025, 7, 2), date(2025, 12, 31)), "period"),
            (asked(date(2025, 7, 1), date(2025, 12, 30)), "period"),
            (asked(date(2025, 7, 1), date(2025, 8, 31), method="scan_poisson"), "period"),
            (asked(date(2025, 7, 7), date(2025, 9, 28), method="scan_permutation", step_weeks=1),
             "period"),
            (asked(date(2025, 1, 1), date(2025, 12, 31), method="emerging", step_months=1),
             "period"),
            (asked(date(2025, 7, 1), date(2026, 6, 30), "tip", "rescue"), "kinds"),
            (asked(date(2025, 7, 1), date(2025, 9, 30), "retaliation"), "counts"),
            (asked(date(2025, 7, 1), date(2025, 9, 30), "foiled", border_only=True), "counts"),
        ],
    )  # fmt: skip
    def test_so_are_other_narrow_questions_queued_or_not(
        self, people: Asking, question: dict[str, Any], code: str
    ) -> None:
        person = people("officer", NGHE_AN)
        assert refusal(person, question) == f"hotspots.narrow_{code}"
        if code != "counts":
            later = person.post(RUNS, json=question, headers={"Prefer": "respond-async"})
            assert_problem(later, 422)

    def test_an_administrator_asks_for_no_run(self, people: Asking) -> None:
        year = asked(date(2025, 7, 1), date(2026, 6, 30))
        assert_problem(people("administrator", COUNTRY).post(RUNS, json=year), 403)


class TestRestricted:
    """What who sees all counts has asked for, or the machine's administrator."""

    def test_it_is_there_for_nobody_else(
        self, people: Asking, single: list[tuple[date, str, str]], star: csr_array
    ) -> None:
        leader = people("leader", COUNTRY)
        codes = leader.get("/api/v1/units?edition=2025&level=commune").json()["units"]
        decoded = 0
        others = [people(), people("officer", NGHE_AN), people("administrator", COUNTRY)]
        for day, kind, commune in single[:5]:
            run = make(leader, asked(day, day, kind))
            found = singled_out(scores_of(leader, run) > 0, star)
            decoded += [codes[place]["code"] for place in found] == [commune]
            # No class: one incident cannot bear any.
            assert not classes_of(leader, run).any()
            for other in others:
                for part in ("", "/results", "/ranking", "/clusters"):
                    assert_problem(other.get(f"{RUNS}/{run}{part}"), 404)
                unit = other.get(f"/api/v1/units/2025/commune/{commune}?run={run}")
                assert_problem(unit, 404)
                assert run not in {one["id"] for one in other.get(f"{RUNS}?limit=200").json()}
            assert run in {one["id"] for one in leader.get(f"{RUNS}?limit=200").json()}
        # What stands in it is worth being kept from them.
        assert decoded >= 3

    def test_so_is_one_of_the_command_line(
        self, people: Asking, demo_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DATABASE_URL", demo_url)
        words = ("--edition", "2025", "--from", "2025-08-01", "--to", "2025-08-31")
        answer = CliRunner().invoke(app, ["hotspots", "run", *words, "--permutations", "99"])
        run = answer.stdout.strip()
        assert_problem(people("planner", NGHE_AN).get(f"{RUNS}/{run}"), 404)
        assert people("planner", COUNTRY).get(f"{RUNS}/{run}").json()["is_restricted"] is True

    def test_runs_that_people_asked_for_are_listed_for_who_signed_in(self, people: Asking) -> None:
        officer = people("officer", NGHE_AN)
        run = make(officer, asked(date(2025, 7, 1), date(2026, 6, 30), permutations=99))
        assert run in {one["id"] for one in officer.get(f"{RUNS}?standard=false").json()}
        assert people().get(f"{RUNS}?standard=false").json() == []
        assert all(one["standard_at"] for one in people().get(RUNS).json())
        # By its id it may be shown to everybody.
        assert people().get(f"{RUNS}/{run}").status_code == 200


def test_differences_of_allowed_questions_single_out_next_to_nobody(
    people: Asking, star: csr_array, demo_engine: Engine
) -> None:
    """A month more, or all kinds in place of one: which communes' incidents show?"""
    officer, stranger = people("officer", NGHE_AN), people()
    units = stranger.get("/api/v1/units?edition=2025&level=commune").json()["units"]
    places = {unit["code"]: place for place, unit in enumerate(units)}

    def counted(first: date, last: date, *kinds: str) -> Counts:
        months = month_number(first), month_number(last) + 1
        counts = np.zeros(len(places), dtype=np.int64)
        with transaction(demo_engine) as connection:
            for code, _, incidents in month_counts(connection, "commune_2025", kinds, months):
                if code in places:
                    counts[places[code]] += incidents
        return counts

    pairs = [
        ((start, end), whole(start, first_day(month_number(end) + 1)))
        for start, end in (
            whole(date(year, month, 1), first_day(month_number(date(year, month, 1)) + 2))
            for year, month in ((2024, 3), (2024, 10), (2025, 5), (2025, 12), (2026, 6))
        )
    ]
    year = date(2025, 11, 1), date(2026, 10, 31)
    questions = [((*less,), (*more,)) for less, more in pairs]
    questions += [((*year, kind), year) for kind in ("tip", "missing", "case150")]
    between = singles = 0
    for less, more in questions:
        fewer, all_of_them = (
            classes_of(stranger, make(officer, asked(*one, permutations=9_999)))
            for one in (less, more)
        )
        added = counted(*more) - counted(*less)
        between += int((added == 1).sum())
        singles += sum(added[place] == 1 for place in singled_out(all_of_them > fewer, star))
    assert between > 1_000
    assert singles <= between / 100
