"""Support on the map: sums by province of what a reader is told, and the pilots as published."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from shapely.geometry import Point, shape
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_api
from geo.demo.loading import load_published
from geo.settings import load_settings
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from tests.people import NGHE_AN, as_server, make_account, signed_in

MOC_BAI = Jurisdiction("2025", "commune", "25681")
PATH = "/api/v1/support-measures"
KIND = {"programme": "emergency_support", "measure": "persons_supported"}
# By edition, province and period.
FIGURES = {
    ("2025", "40", "2025-08"): 20,
    ("2025", "40", "2025-09"): 14,
    ("2025", "40", "2025-10"): 3,
    ("2025", "46", "2025-08"): 3,
    # The year beside two of its months; Huế was not merged.
    ("2025", "46", "2026"): 90,
    ("2025", "46", "2026-01"): 40,
    ("2024", "46", "2025-05"): 25,
    # Quảng Bình and Quảng Trị, now one; since then it has figures of its own.
    ("2024", "44", "2025-05"): 30,
    ("2024", "45", "2025-05"): 12,
    ("2024", "44", "2025-08"): 99,
    ("2025", "44", "2025-08"): 50,
    ("2025", "79", "2025-08"): 0,
}


@pytest.fixture(scope="module")
def people(module_boundaries_engine: Engine) -> Iterator[dict[str, TestClient]]:
    """Readers by name, over the figures above and those published for 2024."""
    engine = module_boundaries_engine
    with transaction(engine) as connection:
        load_published(connection)
    server = create_api(load_settings(), as_server(engine))
    with ExitStack() as stack:

        def join(role: str, *units: Jurisdiction) -> TestClient:
            client = stack.enter_context(TestClient(server))
            return signed_in(client, make_account(engine, role, *units))

        leader = join("leader", COUNTRY)
        for (edition, code, period), value in FIGURES.items():
            figure = KIND | {"edition": edition, "code": code, "period": period, "value": value}
            assert leader.post(PATH, json=figure).status_code == 201
        yield {
            "leader": leader,
            "officer": join("officer", NGHE_AN),
            "stranger": join("planner", MOC_BAI),
            "administrator": join("administrator", COUNTRY),
            "visitor": stack.enter_context(TestClient(server)),
        }


def answer(client: TestClient, **parameters: str) -> dict[str, Any]:
    """What the route says of the usual measure."""
    found = client.get(f"{PATH}/provinces", params=KIND | parameters)
    assert found.status_code == 200, found.text
    content: dict[str, Any] = found.json()
    return content


def by_code(client: TestClient, **parameters: str) -> dict[str, dict[str, Any]]:
    return {one["code"]: one for one in answer(client, **parameters)["provinces"]}


AUTUMN = {"from": "2025-08-01", "to": "2025-10-31"}


def test_a_province_has_the_sum_of_its_months(people: dict[str, TestClient]) -> None:
    found = by_code(people["leader"], **AUTUMN)
    assert (found["40"]["value"], found["40"]["months"], found["40"]["withheld"]) == (37, 3, 0)
    assert found["40"]["full_name"] == "Tỉnh Nghệ An"
    assert Point(found["40"]["lon"], found["40"]["lat"]).distance(Point(104.9, 19.2)) < 0.5
    assert found["79"]["value"] == 0
    assert "38" not in found
    # Whole months alone: a part of October is none.
    part = by_code(people["leader"], **AUTUMN | {"to": "2025-10-30"})
    assert (part["40"]["value"], part["40"]["months"]) == (34, 2)


@pytest.mark.parametrize("name", ["leader", "officer", "stranger", "administrator", "visitor"])
def test_nobody_has_more_in_a_sum_than_in_the_list(
    people: dict[str, TestClient], name: str
) -> None:
    client = people[name]
    listed = client.get(PATH, params=KIND | AUTUMN).json()["measures"]
    told: dict[str, int] = {}
    hidden = set()
    for one in listed:
        if one["edition"] == "2025" and one["value"] is None:
            hidden.add(one["code"])
        elif one["edition"] == "2025":
            told[one["code"]] = told.get(one["code"], 0) + one["value"]
    sums = by_code(client, **AUTUMN)
    assert {code: one["value"] for code, one in sums.items() if one["value"] is not None} == told
    assert {code for code, one in sums.items() if one["withheld"]} == hidden
    # Three people of Nghệ An are told to those responsible, three of Huế to none of these.
    assert ("40" in hidden) == (name not in ("leader", "officer"))
    assert ("46" in hidden) == (name != "leader")


def test_a_small_count_alone_is_no_number(people: dict[str, TestClient]) -> None:
    found = by_code(people["visitor"], **AUTUMN)["46"]
    assert (found["value"], found["months"], found["withheld"]) == (None, 0, 1)
    assert found["published"] is False


def test_a_year_is_not_counted_beside_its_months(people: dict[str, TestClient]) -> None:
    year = {"from": "2026-01-01", "to": "2026-12-31"}
    assert by_code(people["leader"], **year)["46"]["value"] == 90
    assert by_code(people["leader"], **year)["46"]["months"] == 12
    # The year does not lie in a part of it.
    half = by_code(people["leader"], **year | {"to": "2026-06-30"})["46"]
    assert (half["value"], half["months"]) == (40, 1)


def test_provinces_of_before_are_in_those_of_today(people: dict[str, TestClient]) -> None:
    both = {"from": "2025-05-01", "to": "2025-08-31"}
    today = by_code(people["leader"], edition="2025", **both)
    # 30 and 12 of May; in August its own 50, and not also the 99 of a part of it.
    assert (today["44"]["value"], today["44"]["months"]) == (92, 2)
    assert today["44"]["earlier"] == ["Tỉnh Quảng Bình", "Tỉnh Quảng Trị"]
    assert "45" not in today
    # Huế is the same province in both editions.
    assert (today["46"]["value"], today["46"]["earlier"]) == (28, [])
    asked = answer(people["leader"], edition="2024", **both)
    before = {one["code"]: one for one in asked["provinces"]}
    assert {code: before[code]["value"] for code in ("44", "45", "46")} == {
        "44": 129, "45": 12, "46": 28,
    }  # fmt: skip
    # Months of Quảng Trị and Hồ Chí Minh City of today are of no province of before.
    assert asked["elsewhere"] == 2


def test_what_is_known_of_the_country_alone_is_not_spread(people: dict[str, TestClient]) -> None:
    year = {"from": "2024-01-01", "to": "2024-12-31"}
    found = people["visitor"].get(
        f"{PATH}/provinces", params={"programme": "hotline_111", "measure": "calls"} | year
    )
    assert found.json()["provinces"] == []
    (country,) = found.json()["national"]
    assert (country["value"], country["period"], country["published"]) == (780, "2024", True)
    assert found.headers["cache-control"] == "private, no-cache"


def test_an_unknown_measure_is_refused(people: dict[str, TestClient]) -> None:
    for wrong in ({"programme": "gifts"}, {"measure": "happiness"}):
        refused = people["visitor"].get(f"{PATH}/provinces", params=KIND | wrong)
        assert (refused.status_code, refused.json()["code"]) == (422, "kind.unknown")


def test_pilots_are_those_published_in_the_boundaries_of_their_time(
    people: dict[str, TestClient],
) -> None:
    address = "/api/v1/reintegration-pilots"
    pilots = people["visitor"].get(address).json()["features"]
    told = [(one["properties"]["name"], one["properties"]["now"]) for one in pilots]
    assert told == [
        ("Tỉnh Nghệ An", "Tỉnh Nghệ An"),
        ("Tỉnh Hà Tĩnh", "Tỉnh Hà Tĩnh"),
        ("Tỉnh Quảng Bình", "Tỉnh Quảng Trị"),
    ]
    assert {one["properties"]["year_to"] for one in pilots} == {2024}
    assert all("2024" in one["properties"]["citation"] for one in pilots)
    # Đồng Hới is in Quảng Bình; Đông Hà is not, though both are in the Quảng Trị of today.
    outline = shape(pilots[2]["geometry"])
    assert outline.contains(Point(106.60, 17.45))
    assert not outline.contains(Point(107.08, 16.82))
    pilot = {"programme": "reintegration_pilot", "measure": "provinces", "period": "2026-01"}
    entered = people["leader"].post(
        PATH, json=pilot | {"edition": "2025", "code": "38", "value": 1, "citation": "Kế hoạch 1"}
    )
    assert entered.status_code == 201, entered.text
    # What nobody has published is for those responsible.
    assert len(people["visitor"].get(address).json()["features"]) == 3
    changed = people["leader"].put(
        f"{PATH}/{entered.json()['id']}",
        json=pilot
        | {
            "edition": "2025",
            "code": "38",
            "value": 1,
            "citation": "Kế hoạch 1",
            "published": True,
        },
        headers={"If-Match": '"1"'},
    )
    assert changed.status_code == 200, changed.text
    newest = people["visitor"].get(address).json()["features"][-1]["properties"]
    assert (newest["name"], newest["now"], newest["year_from"]) == ("Tỉnh Thanh Hóa", None, 2026)
