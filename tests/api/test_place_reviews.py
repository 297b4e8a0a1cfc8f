"""Places to be looked at again: why they are listed, who sees them, and marking them as checked."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from geo.store.actors import COUNTRY
from geo.store.database import transaction
from geo.store.locations import reassign_records
from tests.api.conftest import BORDER_POINT, HANOI_POINT
from tests.people import NGHE_AN, make_account, signed_in

PATH = "/api/v1/place-reviews"


def enter(client: TestClient, point: tuple[float, float] | None, **properties: Any) -> str:
    geometry = None if point is None else {"type": "Point", "coordinates": list(point)}
    values = {"kind": "rescue", "occurred_from": "2025-08-14", **properties}
    feature = {"type": "Feature", "geometry": geometry, "properties": values}
    answer = client.post("/api/v1/incidents", json=feature)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def listed(client: TestClient, **parameters: Any) -> dict[str, dict[str, Any]]:
    answer = client.get(PATH, params={"limit": 1000, **parameters})
    assert answer.status_code == 200, answer.text
    return {one["properties"]["record_id"]: one for one in answer.json()["features"]}


def mark(client: TestClient, feature: dict[str, Any]) -> Any:
    seen = feature["properties"]
    return client.put(
        f"{PATH}/{seen['record_type']}/{seen['record_id']}",
        params={"place_digest": seen["place_digest"], "sequence": seen["sequence"]},
    )


@pytest.fixture(scope="module")
def officer(api: FastAPI, api_engine: Engine) -> Iterator[TestClient]:
    """An officer of Nghệ An."""
    with TestClient(api) as found:
        yield signed_in(found, make_account(api_engine, "officer", NGHE_AN))


def test_a_place_is_listed_with_its_reasons(client: TestClient) -> None:
    differs = enter(
        client, BORDER_POINT, stated_edition="2025", stated_level="province", stated_code="01"
    )
    coarse = enter(
        client,
        None,
        stated_edition="2025",
        stated_level="province",
        stated_code="40",
        precision="province",
    )
    vague = enter(client, BORDER_POINT, accuracy_m=9000)
    exact = enter(client, BORDER_POINT, accuracy_m=4000)
    found = listed(client)
    assert found[differs]["properties"]["reasons"] == ["differs"]
    assert found[differs]["properties"]["stated_name"] == "Thành phố Hà Nội"
    assert "Nghệ An" in found[differs]["properties"]["unit_name"]
    assert found[coarse]["properties"]["reasons"] == ["coarse"]
    assert found[coarse]["geometry"] is None
    assert 18 < found[coarse]["properties"]["near_latitude"] < 20.1
    assert found[vague]["properties"]["reasons"] == ["coarse"]
    assert exact not in found
    assert set(listed(client, reason="differs")) == {differs}
    assert {coarse, vague} <= set(listed(client, reason="coarse", unit="40", level="province"))
    assert not listed(client, record_type="outreach_event")


def test_pages_follow_each_other(client: TestClient) -> None:
    for _ in range(3):
        enter(client, BORDER_POINT, accuracy_m=9000)
    whole, pages = list(listed(client)), []
    address = f"{PATH}?limit=2"
    while address:
        page = client.get(address).json()
        pages += [one["properties"]["record_id"] for one in page["features"]]
        address = page.get("next")
    assert pages == whole
    assert len(pages) >= 3


def test_a_moved_record_names_the_units_before(client: TestClient, api_engine: Engine) -> None:
    moved = enter(client, HANOI_POINT)
    with transaction(api_engine) as connection:
        other, own = connection.execute(
            text(
                "SELECT (SELECT unit_set_id FROM incident WHERE ST_X(point) = 104.83 LIMIT 1),"
                " unit_set_id FROM incident WHERE id = :id"
            ),
            {"id": moved},
        ).one()
        # As if it had been given its units by other boundaries, which are then swapped for these.
        connection.execute(
            text("UPDATE incident SET unit_set_id = :other WHERE id = :id"),
            {"other": other, "id": moved},
        )
        assert reassign_records(connection)["incident"] == 1
        assert connection.scalar(
            text("SELECT (from_set, to_set) = (:other, :own) FROM record_move"),
            {"other": other, "own": own},
        )
    found = listed(client, reason="moved")
    assert set(found) == {moved}
    seen = found[moved]["properties"]
    assert "Nghệ An" in seen["moved_from"]
    assert "Hà Nội" in seen["moved_to"]
    assert seen["moved_at"]
    assert mark(client, found[moved]).status_code == 200
    assert moved not in listed(client)


def test_swaps_that_follow_each_other_are_one_move(client: TestClient, api_engine: Engine) -> None:
    """A swap that only makes another level known hides no move, and is none by itself."""
    twice, once = enter(client, HANOI_POINT), enter(client, HANOI_POINT)
    with transaction(api_engine) as connection:
        own, other = connection.execute(
            text(
                "SELECT unit_set_id, (SELECT unit_set_id FROM incident WHERE ST_X(point) = 104.83"
                " LIMIT 1) FROM incident WHERE id = :id"
            ),
            {"id": twice},
        ).one()
        # The same units, with those of 2024 not known yet.
        less = connection.scalar(
            text(
                "INSERT INTO unit_set (commune_2025, province_2025)"
                " SELECT commune_2025, province_2025 FROM unit_set WHERE id = :own RETURNING id"
            ),
            {"own": own},
        )
        moves = [(twice, other, less), (twice, less, own), (once, less, own)]
        for minute, (record, begin, end) in enumerate(moves):
            connection.execute(
                text(
                    "INSERT INTO record_move"
                    " (record_type, record_id, sequence, from_set, to_set, moved_at)"
                    " VALUES ('incident', :record, 0, :begin, :end,"
                    " now() - make_interval(mins => 10 - :minute))"
                ),
                {"record": record, "begin": begin, "end": end, "minute": minute},
            )
    found = listed(client, reason="moved")
    assert once not in found
    seen = found[twice]["properties"]
    assert "Nghệ An" in seen["moved_from"]
    assert "Hà Nội" in seen["moved_to"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("xã Nậm Cắn, huyện Kỳ Sơn, Nghệ An", "Xã Nậm Cắn"),
        ("xa nam can, nghe an", "Xã Nậm Cắn"),
        ("Quận Hoàn Kiếm, Hà Nội", "Quận Hoàn Kiếm"),
        # What the commune was made of, its district, or nothing that anybody is sure of.
        ("bản Búng, xã Lục Dạ, Con Cuông", None),
        ("huyện Con Cuông, tỉnh Nghệ An", None),
        ("sau trường học", None),
    ],
)
def test_words_are_held_against_the_point(
    client: TestClient, words: str, named: str | None
) -> None:
    identifier = enter(client, BORDER_POINT, place_text=words)
    found = listed(client, reason="differs").get(identifier)
    assert (found and found["properties"]["worded_name"]) == named
    if found:
        # Mended, it is listed no more.
        feature = client.get(f"/api/v1/incidents/{identifier}").json()
        feature["properties"]["place_text"] = "xã Môn Sơn"
        change = {
            name: feature["properties"][name] for name in ("kind", "occurred_from", "place_text")
        }
        body = {"type": "Feature", "geometry": feature["geometry"], "properties": change}
        mended = client.put(
            f"/api/v1/incidents/{identifier}", json=body, headers={"If-Match": '"1"'}
        )
        assert mended.status_code == 200, mended.text
        assert identifier not in listed(client, reason="differs")


def test_a_check_holds_until_the_place_changes(client: TestClient, api_engine: Engine) -> None:
    identifier = enter(client, BORDER_POINT, accuracy_m=9000)
    feature = listed(client)[identifier]
    answer = mark(client, feature)
    assert answer.status_code == 200
    assert answer.json()["checked_by"].startswith("leader-")
    assert identifier not in listed(client)
    assert listed(client, checked=True)[identifier]["properties"]["checked_by"]
    change = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(BORDER_POINT)},
        "properties": {"kind": "rescue", "occurred_from": "2025-08-14", "accuracy_m": 7000},
    }
    changed = client.put(
        f"/api/v1/incidents/{identifier}", json=change, headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.text
    assert identifier in listed(client)
    assert mark(client, feature).status_code == 409
    with transaction(api_engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM place_check")) >= 1


def test_only_own_units_are_seen_and_checked(client: TestClient, officer: TestClient) -> None:
    own = enter(client, BORDER_POINT, accuracy_m=9000)
    other = enter(client, HANOI_POINT, accuracy_m=9000)
    found = listed(officer)
    assert own in found
    assert other not in found
    elsewhere = listed(client)[other]
    assert mark(officer, elsewhere).status_code == 404
    assert other in listed(client)
    assert mark(officer, found[own]).status_code == 200
    assert own not in listed(client)


def test_who_may_not(
    api: FastAPI, stranger: TestClient, client: TestClient, api_engine: Engine
) -> None:
    identifier = enter(client, BORDER_POINT, accuracy_m=9000)
    feature = listed(client)[identifier]
    assert stranger.get(PATH).status_code == 401
    assert mark(stranger, feature).status_code == 401
    with TestClient(api) as found:
        administrator = signed_in(found, make_account(api_engine, "administrator", COUNTRY))
        assert administrator.get(PATH).status_code == 403
    with TestClient(api) as found:
        planner = signed_in(found, make_account(api_engine, "planner", COUNTRY))
        assert identifier in listed(planner)
        assert mark(planner, feature).status_code == 403
    assert identifier in listed(client)


def test_an_unknown_place_is_not_found(client: TestClient) -> None:
    answer = client.put(
        f"{PATH}/incident/00000000-0000-0000-0000-0000000000ff", params={"place_digest": "0" * 32}
    )
    assert answer.status_code == 404
