"""Who may write what, and where."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from geo.store.actors import COUNTRY, Jurisdiction
from tests.api.conftest import BORDER_POINT, HANOI_POINT, Joining
from tests.api.test_bad_input import assert_problem
from tests.people import MON_SON, NGHE_AN

UNSAFE = {"post", "put", "patch", "delete"}


def feature(kind: str, place: tuple[float, float] = BORDER_POINT, **changes: Any) -> dict[str, Any]:
    """A feature that may be stored there."""
    return {
        "type": "Feature",
        "id": str(uuid4()),
        "geometry": {"type": "Point", "coordinates": list(place)},
        "properties": {"kind": kind, "occurred_from": "2025-08-14T21:30:00+07:00"} | changes,
    }


def test_every_unsafe_route_needs_a_sign_in(stranger: TestClient) -> None:
    paths = stranger.get("/api/v1/openapi.json").json()["paths"]
    walked = [
        (method, path) for path, methods in paths.items() for method in methods if method in UNSAFE
    ]
    assert len(walked) >= 11
    # Signing in is how one gets in: without the right password it answers just the same.
    bodies = {"/api/v1/session": {"username": "nobody", "password": "wrong"}}
    for method, path in walked:
        address = path.replace("{identifier}", str(UUID(int=1)))
        body = bodies.get(path) if method == "post" else None
        for language in ("vi", "en"):
            answer = stranger.request(
                method, address, json=body, headers={"Accept-Language": language}
            )
            assert_problem(answer, 401)


@pytest.mark.parametrize(
    ("role", "incidents", "outreach", "runs"),
    [
        ("officer", 201, 201, 422),
        ("planner", 403, 201, 422),
        ("leader", 201, 201, 422),
        ("administrator", 403, 403, 403),
    ],
)
def test_roles_write_what_is_theirs(
    joining: Joining, role: str, incidents: int, outreach: int, runs: int
) -> None:
    person = joining(role, COUNTRY)
    for route, kind, expected in (
        ("incidents", "rescue", incidents),
        ("outreach-events", "school", outreach),
    ):
        answer = person.post(f"/api/v1/{route}", json=feature(kind))
        assert answer.status_code == expected, answer.text
        address = f"/api/v1/{route}/{UUID(int=2)}"
        match = {"If-Match": '"9"'}
        changed = 409 if expected == 201 else 403
        sent = feature(kind) | {"id": None}
        assert_problem(person.put(address, json=sent, headers=match), changed)
        assert_problem(person.delete(f"{address}?reason=thử", headers=match), changed)
    assert_problem(person.post("/api/v1/hotspot-runs", json={}), runs)


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ([MON_SON], 201),
        ([NGHE_AN], 201),
        ([Jurisdiction("2024", "province", "40")], 201),
        ([Jurisdiction("2024", "district", "422")], 201),
        ([Jurisdiction("2025", "province", "01"), MON_SON], 201),
        ([COUNTRY], 201),
        ([Jurisdiction("2025", "province", "01")], 403),
        ([Jurisdiction("2024", "district", "415")], 403),
        ([], 403),
    ],
)
def test_records_are_entered_in_own_units(
    joining: Joining, units: list[Jurisdiction], expected: int
) -> None:
    officer = joining("officer", *units)
    sent = feature("rescue")
    answer = officer.post("/api/v1/incidents", json=sent)
    assert answer.status_code == expected, answer.text
    # A refusal leaves nothing behind.
    stored = officer.get(f"/api/v1/incidents/{sent['id']}")
    assert stored.status_code == (200 if expected == 201 else 404)


def test_units_come_from_the_place_and_not_from_what_was_said(joining: Joining) -> None:
    officer = joining("officer", MON_SON)
    sent = feature("rescue", HANOI_POINT, stated_code="17263", stated_level="commune")
    assert_problem(officer.post("/api/v1/incidents", json=sent), 403)
    province = feature("rescue", stated_code="40") | {"geometry": None}
    answer = officer.post("/api/v1/incidents", json=province)
    assert answer.json()["code"] == "access.other_units"


def test_records_of_others_are_neither_changed_nor_moved_nor_deleted(joining: Joining) -> None:
    leader, officer = joining("leader", COUNTRY), joining("officer", MON_SON)
    theirs = leader.post("/api/v1/incidents", json=feature("rescue", HANOI_POINT)).json()
    address, match = f"/api/v1/incidents/{theirs['id']}", {"If-Match": '"1"'}
    moved = theirs | {"geometry": {"type": "Point", "coordinates": list(BORDER_POINT)}}
    # As if there were none: what lies elsewhere is not told.
    assert_problem(officer.put(address, json=moved, headers=match), 404)
    assert_problem(officer.delete(f"{address}?reason=thử", headers=match), 404)
    assert leader.get(address).json() == theirs
    own = officer.post("/api/v1/incidents", json=feature("rescue")).json()
    away = own | {"geometry": {"type": "Point", "coordinates": list(HANOI_POINT)}}
    address = f"/api/v1/incidents/{own['id']}"
    assert_problem(officer.put(address, json=away, headers=match), 403)
    assert leader.get(address).json() == own


def test_a_name_that_a_hidden_record_has_tells_nothing_of_it(joining: Joining) -> None:
    leader, officer = joining("leader", COUNTRY), joining("officer", MON_SON)
    for route, kind in (("incidents", "rescue"), ("outreach-events", "school")):
        theirs = feature(kind, HANOI_POINT, external_id=str(uuid4()))
        assert leader.post(f"/api/v1/{route}", json=theirs).status_code == 201
        same_id = feature(kind) | {"id": theirs["id"]}
        same_name = feature(kind, external_id=theirs["properties"]["external_id"])
        for sent in (same_id, same_name):
            answer = officer.post(f"/api/v1/{route}", json=sent)
            assert_problem(answer, 409)
            assert answer.json()["code"] == "record.taken"
            assert "Hà Nội" not in answer.text
        # Where it may not write at all, the answer is the same for a free name and a taken one.
        elsewhere = officer.post(f"/api/v1/{route}", json=theirs)
        assert_problem(elsewhere, 403)


def network(*places: tuple[float, float]) -> dict[str, Any]:
    """A network through these places."""
    points = [{"type": "Point", "coordinates": list(place)} for place in places]
    return {
        "type": "Feature",
        "id": str(uuid4()),
        "properties": {"case_code": str(uuid4()), "scope": "inter"},
        "places": [
            {"type": "Feature", "geometry": point, "properties": {"role": "transit"}}
            for point in points
        ],
    }


@pytest.mark.parametrize(
    ("role", "units", "expected"),
    [
        ("officer", [MON_SON], 201),
        ("leader", [Jurisdiction("2025", "province", "01")], 201),
        ("officer", [Jurisdiction("2025", "province", "04")], 403),
        ("officer", [], 403),
        ("planner", [COUNTRY], 403),
        ("administrator", [COUNTRY], 403),
    ],
)
def test_a_network_is_entered_where_one_of_its_places_is_own(
    joining: Joining, role: str, units: list[Jurisdiction], expected: int
) -> None:
    person, sent = joining(role, *units), network(BORDER_POINT, HANOI_POINT)
    answer = person.post("/api/v1/networks", json=sent)
    assert answer.status_code == expected, answer.text
    stored = person.get(f"/api/v1/networks/{sent['id']}")
    assert stored.status_code == (200 if expected == 201 else 404)


def test_networks_of_others_are_neither_changed_nor_moved_nor_deleted(joining: Joining) -> None:
    leader, officer = joining("leader", COUNTRY), joining("officer", MON_SON)
    theirs = leader.post("/api/v1/networks", json=network(HANOI_POINT)).json()
    address, match = f"/api/v1/networks/{theirs['id']}", {"If-Match": '"1"'}
    sent = network(BORDER_POINT) | {"id": None}
    assert_problem(officer.put(address, json=sent, headers=match), 404)
    assert_problem(officer.delete(f"{address}?reason=thử", headers=match), 404)
    assert leader.get(address).json() == theirs
    own = officer.post("/api/v1/networks", json=network(BORDER_POINT)).json()
    address = f"/api/v1/networks/{own['id']}"
    away = network(HANOI_POINT) | {"id": None}
    assert_problem(officer.put(address, json=away, headers=match), 403)
    assert leader.get(address).json() == own


def test_who_wrote_is_the_actor_whatever_is_sent(joining: Joining) -> None:
    leader, officer = joining("leader", COUNTRY), joining("officer", MON_SON)
    sent = feature("rescue", created_by="somebody", updated_by="somebody")
    made = officer.post("/api/v1/incidents", json=sent).json()
    name = officer.get("/api/v1/session").json()["username"]
    assert (made["properties"]["created_by"], made["properties"]["updated_by"]) == (name, name)
    address = f"/api/v1/incidents/{made['id']}"
    changed = leader.put(address, json=feature("tip") | {"id": None}, headers={"If-Match": '"1"'})
    properties = changed.json()["properties"]
    other = leader.get("/api/v1/session").json()["username"]
    assert (properties["created_by"], properties["updated_by"]) == (name, other)
