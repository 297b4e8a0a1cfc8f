"""Names that people add: who may, what follows from them, and that the place box finds them."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from geo.store.audit import newest, verify
from geo.store.database import transaction
from geo.store.locations import reassign_records
from tests.api.conftest import BORDER_POINT, HANOI_POINT
from tests.people import NGHE_AN, make_account, signed_in

PATH = "/api/v1/place-names"
SEED_CAPTION = "bản Búng, xã Môn Sơn, huyện Pù Mát (Nghệ An)"


@pytest.fixture
def officer(api: FastAPI, api_engine: Engine) -> Iterator[TestClient]:
    """An officer of Nghệ An, before whom nobody added a name."""
    with transaction(api_engine) as connection:
        connection.execute(text("DELETE FROM added_name"))
    with TestClient(api) as found:
        yield signed_in(found, make_account(api_engine, "officer", NGHE_AN))


def entry(
    name: str, point: tuple[float, float] | None = BORDER_POINT, **more: Any
) -> dict[str, Any]:
    place = {} if point is None else {"longitude": point[0], "latitude": point[1]}
    return {"name": name, **place, **more}


def first(client: TestClient, written: str) -> dict[str, Any]:
    found = client.get("/api/v1/places", params={"q": written}).json()["places"]
    assert found, written
    place: dict[str, Any] = found[0]
    return place


def test_a_hamlet_is_found_as_soon_as_it_is_added(officer: TestClient) -> None:
    before = first(officer, SEED_CAPTION)
    assert before["precision"] == "commune"
    assert "below" in {one["code"] for one in before["remarks"]}
    answer = officer.post(PATH, json=entry("Bản Búng", source="Đồn Biên phòng Môn Sơn"))
    assert answer.status_code == 201, answer.text
    stored = answer.json()
    assert (stored["commune_2025"], stored["district_2024"]) == ("17263", "422")
    assert stored["source"] == "Đồn Biên phòng Môn Sơn"
    after = first(officer, SEED_CAPTION)
    assert (after["name"], after["precision"]) == ("Bản Búng", "village")
    assert (after["longitude"], after["latitude"]) == BORDER_POINT
    assert {one["code"] for one in after["remarks"]} == {"protected_area"}
    assert after["confidence"] > 0.9
    assert first(officer, "ban bung, mon son")["name"] == "Bản Búng"
    # The commune itself stays what its name means.
    assert first(officer, "Môn Sơn, Nghệ An")["precision"] == "commune"


def test_who_added_it_is_kept_and_it_can_be_taken_away(
    officer: TestClient, api_engine: Engine
) -> None:
    stored = officer.post(PATH, json=entry("bản Cò Phạt", kind="hamlet")).json()
    again = officer.post(PATH, json=entry("bản Cò Phạt", kind="hamlet"))
    assert (again.status_code, again.json()["id"]) == (200, stored["id"])
    moved = officer.post(PATH, json=entry("bản Cò Phạt", (104.84, 18.97)))
    assert (moved.status_code, moved.json()["code"]) == (409, "place_name.known")
    (listed,) = officer.get(PATH, params={"unit": "17263"}).json()["place_names"]
    assert listed == stored
    assert stored["created_by"].startswith("officer-")
    gone = officer.delete(f"{PATH}/{stored['id']}", params={"reason": "ghi nhầm"})
    assert gone.status_code == 204
    assert officer.get(PATH).json() == {"place_names": []}
    assert first(officer, "bản Cò Phạt, xã Môn Sơn")["precision"] == "commune"
    assert officer.delete(f"{PATH}/{stored['id']}", params={"reason": "nữa"}).status_code == 404
    with transaction(api_engine) as connection:
        kept = connection.execute(text("SELECT deleted_reason, version FROM added_name")).one()
        assert tuple(kept) == ("ghi nhầm", 2)
        removed, added = newest(connection, 2)
        assert (added["action"], added["object"]) == ("INSERT", "added_name")
        assert added["actor"] == removed["actor"] == stored["created_by"]
        assert removed["after"]["deleted_reason"] == "ghi nhầm"
        assert verify(connection).flaws == ()


def test_names_are_added_in_own_units_only(officer: TestClient, stranger: TestClient) -> None:
    answer = officer.post(PATH, json=entry("Chợ Đồng Xuân", HANOI_POINT, kind="market"))
    assert (answer.status_code, answer.json()["code"]) == (403, "access.other_units")
    assert stranger.post(PATH, json=entry("bản Búng")).status_code == 401
    assert stranger.get(PATH).status_code == 401
    assert officer.get(PATH).json() == {"place_names": []}


def test_another_name_of_a_unit_is_found(officer: TestClient) -> None:
    unit = {"stated_edition": "2025", "stated_level": "commune", "stated_code": "17263"}
    answer = officer.post(PATH, json=entry("Mường Quạ", None, kind="alternative", **unit))
    assert answer.status_code == 201, answer.text
    assert first(officer, "Mường Quạ, Nghệ An")["name"] == "Xã Môn Sơn"
    pointed = officer.post(PATH, json=entry("Mường Qua", kind="alternative", **unit))
    assert (pointed.status_code, pointed.json()["errors"][0]["code"]) == (422, "name_of_no_unit")


def test_a_place_without_a_point_says_so(officer: TestClient) -> None:
    unit = {"stated_edition": "2025", "stated_level": "commune", "stated_code": "17263"}
    assert officer.post(PATH, json=entry("Bản Xiềng", None, **unit)).status_code == 201
    place = first(officer, "Bản Xiềng, Môn Sơn")
    assert (place["name"], place["precision"]) == ("Bản Xiềng", "commune")
    assert "no_point" in {one["code"] for one in place["remarks"]}
    coarse = {"stated_edition": "2025", "stated_level": "province", "stated_code": "40"}
    answer = officer.post(PATH, json=entry("Bản Nào Đó", None, **coarse))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "place_coarse")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (entry("12345"), "name_unusable"),
        (entry("bản Xa", (110.9, 3.0)), "point_outside"),
        (entry("bản Không", None), "place_missing"),
        ({"name": "bản Nửa", "latitude": 18.9}, "coordinate_missing"),
    ],
)
def test_what_is_wrong_is_said(officer: TestClient, wrong: dict[str, Any], code: str) -> None:
    answer = officer.post(PATH, json=wrong)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


def test_posts_and_numbered_hamlets(officer: TestClient) -> None:
    for name, kind in (("Đồn Biên phòng Môn Sơn", "border_post"), ("Thôn 3", "hamlet")):
        assert officer.post(PATH, json=entry(name, kind=kind)).status_code == 201
    assert first(officer, "don bien phong Mon Son")["name"] == "Đồn Biên phòng Môn Sơn"
    assert first(officer, "thôn 3 xã Môn Sơn, Nghệ An")["name"] == "Thôn 3"
    # Elsewhere it is not that one.
    assert first(officer, "thôn 3, xã Tam Quang, Nghệ An")["name"] != "Thôn 3"


def test_units_follow_when_boundaries_move(officer: TestClient, api_engine: Engine) -> None:
    stored = officer.post(PATH, json=entry("Bản Yên")).json()
    with transaction(api_engine) as connection:
        connection.execute(
            text(
                "UPDATE added_name SET unit_set_id = other.id FROM unit_set AS other"
                " WHERE other.commune_2025 IS DISTINCT FROM '17263'"
            )
        )
        assert reassign_records(connection)["added_name"] == 1
    (listed,) = officer.get(PATH).json()["place_names"]
    assert listed["commune_2025"] == stored["commune_2025"] == "17263"
