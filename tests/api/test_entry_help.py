"""Probable duplicates, the latest entries, histories, and texts that seem to name somebody."""

from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from uuid_utils.compat import uuid7

from geo.store.actors import COUNTRY
from tests.api.conftest import BORDER_POINT, HANOI_POINT, Joining
from tests.api.test_bad_input import assert_problem
from tests.api.test_roles import feature
from tests.people import MON_SON

# Metres of a degree of longitude at φ = 18.97°: π/180 · a cos φ / √(1 − e² sin² φ).
DEGREE_EAST = 105_316


def entered(client: TestClient, **changes: Any) -> dict[str, Any]:
    """A stored incident, in a year in which no test has others."""
    place = changes.pop("place", BORDER_POINT)
    body = feature("rescue", place) | changes.pop("top", {})
    body["properties"] |= {"occurred_from": "2019-05-10"} | changes
    answer = client.post("/api/v1/incidents", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def similar(client: TestClient, **changes: Any) -> list[dict[str, Any]]:
    point = {"type": "Point", "coordinates": list(changes.pop("place", BORDER_POINT))}
    asked = {"kind": "rescue", "first": "2019-05-10", "last": "2019-05-10", "geometry": point}
    answer = client.post("/api/v1/incidents/similar", json=asked | changes)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["records"])


@pytest.fixture(scope="module")
def known(client: TestClient) -> dict[str, Any]:
    """The incident that others may repeat."""
    return entered(client, victims=2, place_text="bản Búng")


def east_of(metres: float) -> tuple[float, float]:
    longitude, latitude = BORDER_POINT
    return longitude + metres / DEGREE_EAST, latitude


def test_near_in_place_time_and_kind_is_similar(client: TestClient, known: dict[str, Any]) -> None:
    found = similar(client, place=east_of(1_500), first="2019-05-16", last="2019-05-16", kind="tip")
    assert [one["id"] for one in found] == [known["id"]]
    assert found[0]["distance_m"] == pytest.approx(1_500, rel=0.01)
    assert found[0]["commune_name"] == "Xã Môn Sơn"


@pytest.mark.parametrize(
    "changes",
    [
        {"place": east_of(2_050)},
        {"first": "2019-05-18", "last": "2019-05-18"},
        {"first": "2019-05-01", "last": "2019-05-02"},
        {"kind": "adoption"},
    ],
)
def test_far_in_one_of_them_is_not(
    client: TestClient, known: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert known["id"] not in [one["id"] for one in similar(client, **changes)]


def test_it_is_no_duplicate_of_itself(client: TestClient, known: dict[str, Any]) -> None:
    assert similar(client, id=known["id"]) == []


def test_a_commune_counts_as_near_where_there_is_no_point(
    client: TestClient, known: dict[str, Any]
) -> None:
    (found,) = similar(client, geometry=None, commune="17263")
    assert (found["id"], found["distance_m"]) == (known["id"], None)
    assert similar(client, geometry=None, commune="00004") == []


def test_a_session_that_two_offices_held_together_is_found(client: TestClient) -> None:
    body = feature("village", BORDER_POINT)
    body["properties"] |= {"occurred_from": "2019-05-10", "attendance": 60, "organiser": "HLHPN"}
    known = client.post("/api/v1/outreach-events", json=body).json()
    asked = {"kind": "village", "first": "2019-05-11", "last": "2019-05-11"}

    def alike(**changes: Any) -> list[dict[str, Any]]:
        point = {"type": "Point", "coordinates": list(east_of(1_500))}
        answer = client.post(
            "/api/v1/outreach-events/similar", json=asked | {"geometry": point} | changes
        )
        assert answer.status_code == 200, answer.text
        return list(answer.json()["records"])

    [found] = alike()
    assert (found["id"], found["attendance"], found["agency"]) == (known["id"], 60, "HLHPN")
    assert not {"victims", "status"} & found.keys()
    assert alike(id=known["id"]) == alike(kind="school") == []
    assert alike(first="2019-05-12", last="2019-05-13") == []
    wrong = client.post("/api/v1/outreach-events/similar", json=asked | {"kind": "rescue"})
    assert_problem(wrong, 422)
    # An incident of that day and place is none.
    assert known["id"] not in [one["id"] for one in similar(client)]


def test_other_units_are_not_told_of(joining: Joining, client: TestClient) -> None:
    entered(client, place=HANOI_POINT, occurred_from="2018-02-03")
    asked = {"place": HANOI_POINT, "first": "2018-02-03", "last": "2018-02-03"}
    assert len(similar(client, **asked)) == 1
    officer = joining("officer", MON_SON)
    assert similar(officer, **asked) == []
    assert "Hà Nội" not in officer.get("/api/v1/entries").text


def test_planners_and_strangers_are_refused(joining: Joining, stranger: TestClient) -> None:
    for path in ("entries", f"incidents/{uuid4()}/history"):
        assert_problem(stranger.get(f"/api/v1/{path}"), 401)
        assert_problem(joining("planner", COUNTRY).get(f"/api/v1/{path}"), 403)


def test_latest_entries_come_first_and_say_who(joining: Joining) -> None:
    officer = joining("officer", MON_SON)
    # Ids of the form begin with the time.
    ours = entered(officer, occurred_from="2019-06-01", top={"id": str(uuid7())})
    first = officer.get("/api/v1/entries").json()["entries"][0]
    assert (first["id"], first["version"], first["is_deleted"]) == (ours["id"], 1, False)
    assert first["created_by"] == ours["properties"]["created_by"]
    assert first["unit_name"] == "Xã Môn Sơn, Tỉnh Nghệ An"


def test_history_says_who_changed_what_and_why(joining: Joining) -> None:
    officer = joining("officer", MON_SON)
    record = entered(officer, occurred_from="2019-07-01", victims=2)
    path = f"/api/v1/incidents/{record['id']}"
    changed = record | {"reason": "Đếm thiếu", "properties": record["properties"] | {"victims": 3}}
    answer = officer.put(path, json=changed, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    assert "updated_reason" not in answer.json()["properties"]
    assert officer.delete(f"{path}?reason=Trùng", headers={"If-Match": '"2"'}).status_code == 204
    deleted, second, first = officer.get(f"{path}/history").json()["versions"]
    assert [one["action"] for one in (first, second, deleted)] == ["created", "changed", "deleted"]
    assert second["reason"] == "Đếm thiếu"
    assert second["changes"] == [{"field": "victims", "before": 2, "after": 3}]
    assert deleted["reason"] == "Trùng"
    assert {one["by"] for one in (first, second, deleted)} == {record["properties"]["created_by"]}
    assert_problem(officer.get(f"/api/v1/incidents/{uuid4()}/history"), 404)


def test_history_of_other_units_is_refused(joining: Joining, client: TestClient) -> None:
    record = entered(client, place=HANOI_POINT, occurred_from="2018-03-03")
    answer = joining("officer", MON_SON).get(f"/api/v1/incidents/{record['id']}/history")
    assert_problem(answer, 404)


def test_a_text_that_seems_to_name_somebody_needs_a_second_look(client: TestClient) -> None:
    text = "Nạn nhân Nguyễn Thị Hoa gọi 0912.345.678 từ chợ"
    body = feature("tip", occurred_from="2019-08-01", narrative=text)
    answer = client.post("/api/v1/incidents", json=body)
    assert_problem(answer, 422)
    problem = answer.json()
    assert problem["code"] == "record.personal_data"
    passages = [text[one["start"] : one["end"]] for one in problem["errors"]]
    assert passages == ["Nguyễn Thị Hoa", "0912.345.678"]
    # What was sent is not sent back: answers may end up in logs.
    assert "Hoa" not in answer.text
    checked = client.post("/api/v1/incidents", json=body | {"personal_data_checked": True})
    assert checked.status_code == 201, checked.text
    assert "personal_data_checked" not in checked.text


def test_places_of_a_network_are_read_too(client: TestClient) -> None:
    place = feature("", place_text="nhà ông Lò Văn Tâm")
    place["properties"] = {"role": "recruit", "place_text": "nhà ông Lò Văn Tâm"}
    body = {
        "type": "Feature",
        "properties": {"case_code": "A1", "scope": "local"},
        "places": [place],
    }
    problem = client.post("/api/v1/networks", json=body).json()
    assert (problem["code"], problem["errors"][0]["place"]) == ("record.personal_data", 1)
