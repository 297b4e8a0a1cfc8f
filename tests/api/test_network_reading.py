"""Networks out: the filters and pages that records have, asked of the network as one whole."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_api
from geo.settings import load_settings
from tests.api.conftest import BORDER_POINT, HANOI_POINT
from tests.api.test_bad_input import assert_problem
from tests.people import NGHE_AN, as_server, make_account, signed_in

ROUTE = "/api/v1/networks"
HUE_POINT = (107.58, 16.46)


def place(role: str, coordinates: tuple[float, float] | None, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": list(coordinates)} if coordinates else None
    return {"type": "Feature", "geometry": geometry, "properties": {"role": role} | properties}


def network(number: int) -> dict[str, Any]:
    """Six networks, ids 1 to 6 by the month of 2025 in which they were dismantled.

    Odd ones lead from Hà Nội to the border commune Môn Sơn and on into Laos, even ones from Huế to
    Nghệ An, known by the name of a commune inland only. The last has no day.
    """
    across = [
        place("recruit", HANOI_POINT),
        place("exit", BORDER_POINT),
        place("dest", None, country="LA"),
    ]
    inland = [
        place("recruit", HUE_POINT),
        place("gather", None, province="Nghệ An", commune="Quỳnh Lưu"),
    ]
    return {
        "type": "Feature",
        "id": str(UUID(int=number)),
        "properties": {
            "case_code": f"A-{number}",
            "scope": "trans" if number % 2 else "inter",
            "dismantled_on": None if number == 6 else f"2025-0{number}-15",
        },
        "places": across if number % 2 else inland,
    }


@pytest.fixture(scope="module")
def reader(module_boundaries_engine: Engine) -> Iterator[TestClient]:
    """Somebody who entered the six networks, and reads."""
    officer = make_account(module_boundaries_engine, "officer", NGHE_AN)
    with TestClient(
        create_api(load_settings(), as_server(module_boundaries_engine)),
        raise_server_exceptions=False,
    ) as api:
        signed_in(api, officer)
        for number in range(1, 7):
            made = api.post(ROUTE, json=network(number))
            assert made.status_code == 201, made.text
        yield api


def numbers(reader: TestClient, query: str) -> list[int]:
    """Which networks are found, in the order of the answer; each must come whole."""
    answer = reader.get(f"{ROUTE}?{query}")
    assert answer.status_code == 200, answer.text
    features = answer.json()["features"]
    found = list(dict.fromkeys(one["properties"]["network_id"] for one in features))
    for identifier in found:
        own = [
            one["properties"] for one in features if one["properties"]["network_id"] == identifier
        ]
        # Laos has no point to stand at: two places are drawn of each, and the leg between them.
        assert [one["feature"] for one in own] == ["node", "node", "leg"]
    return [UUID(identifier).int for identifier in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("from=2025-02-15&to=2025-04-15", [2, 3, 4]),
        ("from=2025-02-16&to=2025-04-14", [3]),
        ("from=2025-04-01", [4, 5]),
        ("to=2025-01-15", [1]),
        ("scope=inter", [2, 4, 6]),
        ("scope=inter&scope=trans&limit=2", [1, 2]),
        ("bbox=105,20,107,22", [1, 3, 5]),
        ("bbox=107,16,108,17", [2, 4, 6]),
        ("bbox=100,8,101,9", []),
        ("unit=40&level=province", [1, 2, 3, 4, 5, 6]),
        ("unit=01&level=province", [1, 3, 5]),
        ("unit=17263", [1, 3, 5]),
        ("unit=01&level=province&bbox=107,16,108,17", []),
        ("land_border=true", [1, 3, 5]),
        ("land_border=false", [2, 4, 6]),
        ("land_border=false&from=2025-03-01&to=2025-12-31", [4]),
    ],
)
def test_filters_choose_whole_networks(reader: TestClient, query: str, expected: list[int]) -> None:
    assert numbers(reader, query) == expected


def test_a_place_known_by_its_commune_lies_where_it_is_drawn(reader: TestClient) -> None:
    drawn = reader.get(f"{ROUTE}?scope=inter&limit=1").json()["features"][1]["geometry"]
    lon, lat = drawn["coordinates"]
    around = f"bbox={lon - 0.01},{lat - 0.01},{lon + 0.01},{lat + 0.01}"
    assert numbers(reader, around) == [2, 4, 6]


@pytest.mark.parametrize("limit", [1, 2, 4, 6, 7])
def test_pages_bring_every_network_once(reader: TestClient, limit: int) -> None:
    address: str | None = f"{ROUTE}?limit={limit}&bbox=100,8,110,24"
    seen: list[int] = []
    while address:
        found = numbers(reader, address.split("?")[1])
        assert len(found) <= limit
        seen += found
        address = reader.get(address).json().get("next")
    assert seen == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "query",
    ["scope=rescue", "bbox=1,2,3", "from=2025-02-01&to=2025-01-01", "limit=0", "unit=99999"],
)
def test_bad_filters_are_refused(reader: TestClient, query: str) -> None:
    assert_problem(reader.get(f"{ROUTE}?{query}"), 422)


def test_what_has_not_changed_is_not_sent_again(reader: TestClient) -> None:
    first = reader.get(ROUTE)
    again = reader.get(ROUTE, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
