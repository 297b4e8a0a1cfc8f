"""Province packs hold what finds a place without a network, and stay small."""

import gzip
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import Engine
from starlette.testclient import TestClient

from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from geo.store.packs import provinces
from tests.api.conftest import BORDER_POINT, NARRATIVE
from tests.api.test_bad_input import assert_problem
from tests.people import MON_SON, NGHE_AN

LARGEST = 400_000


@pytest.fixture(scope="module")
def nghe_an(stranger: TestClient) -> dict[str, Any]:
    """The pack of Nghệ An."""
    pack: dict[str, Any] = stranger.get("/api/v1/packs/40").json()
    return pack


def drawn(pack: dict[str, Any]) -> dict[str, shapely.Geometry]:
    """Outlines of a pack as polygons in degrees, by code."""
    scale = pack["outlines"]["steps_per_degree"]

    def ring(steps: list[int]) -> np.ndarray:
        return np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / scale

    return {
        commune["code"]: shapely.multipolygons(
            [
                shapely.Polygon(ring(rings[0]), [ring(hole) for hole in rings[1:]])
                for rings in commune["polygons"]
            ]
        )
        for commune in pack["outlines"]["communes"]
    }


def test_every_province_has_a_pack_of_less_than_400_kb(stranger: TestClient) -> None:
    sizes = {}
    for province in stranger.get("/api/v1/packs").json():
        answer = stranger.get(f"/api/v1/packs/{province['code']}")
        assert answer.status_code == 200
        pack = answer.json()
        assert pack["province"]["full_name"] == province["full_name"]
        communes = {unit["code"] for unit in pack["units"] if unit["level"] == "commune"}
        assert communes == {commune["code"] for commune in pack["outlines"]["communes"]}
        assert all(commune["polygons"] for commune in pack["outlines"]["communes"])
        sizes[province["code"]] = len(gzip.compress(answer.content, 4))
    assert len(sizes) == 34
    assert max(sizes.values()) < LARGEST, sizes


def test_both_editions_are_in_it(nghe_an: dict[str, Any]) -> None:
    units = {(unit["level"], unit["code"]): unit for unit in nghe_an["units"]}
    assert units["commune", "17263"]["full_name"] == "Xã Môn Sơn"
    assert sum(level == "commune" for level, _ in units) == 130
    former = {(unit["level"], unit["code"]): unit for unit in nghe_an["former_units"]}
    district = former["district", "422"]
    assert (district["full_name"], district["parent_code"]) == ("Huyện Con Cuông", "40")
    assert "17263" in district["into_codes"]
    assert former["commune", "17263"]["parent_code"] == "422"
    codes = {code for _, code in units}
    assert all(set(unit["into_codes"]) <= codes for unit in former.values())
    assert {gate["neighbour"] for gate in nghe_an["gates"]} == {"LAO"}
    assert nghe_an["code_lists"]["incident_kind"]
    assert set(nghe_an["fingerprints"]) == {"2024", "2025"}


def test_outlines_say_where_a_point_lies_and_edges_stay_shared(nghe_an: dict[str, Any]) -> None:
    outlines = drawn(nghe_an)
    assert outlines["17263"].covers(shapely.Point(BORDER_POINT))
    assert sum(one.covers(shapely.Point(BORDER_POINT)) for one in outlines.values()) == 1
    for unit in nghe_an["units"]:
        if unit["level"] == "commune":
            inside = shapely.Point(unit["longitude"], unit["latitude"])
            assert [code for code, one in outlines.items() if one.covers(inside)] == [unit["code"]]
    shapes = [one.buffer(0) for one in outlines.values()]
    # What is neither gap nor overlap sums up: less than 1 in 10,000 of the area is.
    together = shapely.union_all(shapes).area
    assert abs(sum(shape.area for shape in shapes) - together) < 1e-4 * together


def test_a_repeat_costs_no_body_and_nothing_restricted_is_in_it(stranger: TestClient) -> None:
    answer = stranger.get("/api/v1/packs/40")
    again = stranger.get("/api/v1/packs/40", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert NARRATIVE not in answer.text


@pytest.mark.parametrize(
    ("units", "own"),
    [
        ([], set()),
        ([MON_SON], {"40"}),
        ([NGHE_AN], {"40"}),
        ([Jurisdiction("2024", "district", "422")], {"40"}),
        # Quảng Nam of 2024 became a part of Đà Nẵng, Kon Tum one of Quảng Ngãi.
        ([Jurisdiction("2024", "province", "49")], {"48"}),
        ([Jurisdiction("2024", "province", "62"), MON_SON], {"51", "40"}),
    ],
)
def test_own_provinces_are_those_of_own_units(
    api_engine: Engine, units: list[Jurisdiction], own: set[str]
) -> None:
    with transaction(api_engine) as connection:
        assert {one["code"] for one in provinces(connection, units) if one["own"]} == own


def test_the_country_is_all_provinces(client: TestClient, api_engine: Engine) -> None:
    with transaction(api_engine) as connection:
        assert all(one["own"] for one in provinces(connection, [COUNTRY]))
    assert all(one["own"] for one in client.get("/api/v1/packs").json())


@pytest.mark.parametrize(("code", "status"), [("99", 404), ("4", 422), ("xx", 422)])
def test_an_unknown_province_is_told(stranger: TestClient, code: str, status: int) -> None:
    assert_problem(stranger.get(f"/api/v1/packs/{code}"), status)
