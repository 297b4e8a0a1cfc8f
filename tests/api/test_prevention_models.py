"""Clubs and models of prevention: GeoJSON in and out, and the events that they held."""

from uuid import uuid4

from starlette.testclient import TestClient

from tests.api.conftest import BORDER_POINT

PATH = "/api/v1/prevention-models"


def model(**properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": str(uuid4()),
        "geometry": {"type": "Point", "coordinates": list(BORDER_POINT)},
        "properties": {"kind": "M06", "members": 30, "started_on": "2024-03-08"} | properties,
    }


def test_units_follow_the_point_and_versions_are_kept(client: TestClient) -> None:
    sent = model(name="Gia đình hạnh phúc")
    made = client.post(PATH, json=sent)
    assert made.status_code == 201, made.text
    properties = made.json()["properties"]
    assert (properties["commune_2025"], properties["province_2025"]) == ("17263", "40")
    assert (properties["state"], properties["started_on"]) == ("active", "2024-03-08")
    assert properties["border_m"] > 0
    assert client.post(PATH, json=sent).status_code == 200
    place = f"{PATH}/{sent['id']}"
    # What was read can be sent back, with a change.
    read = client.get(place).json()
    read["properties"]["members"] = 31
    assert client.put(place, json=read, headers={"If-Match": '"1"'}).status_code == 200
    # The same once more is an answer that was lost; something else would undo what is newer.
    assert client.put(place, json=read, headers={"If-Match": '"1"'}).status_code == 200
    read["properties"]["members"] = 32
    assert client.put(place, json=read, headers={"If-Match": '"1"'}).status_code == 409
    versions = client.get(f"{place}/history").json()["versions"]
    assert [one["action"] for one in versions] == ["changed", "created"]
    assert versions[0]["changes"] == [{"field": "members", "before": 30, "after": 31}]


def test_lists_are_filtered_by_kind_state_unit_and_time(client: TestClient) -> None:
    ended = model(kind="M01", state="ended", ended_on="2024-12-31")
    running = model(kind="M01", started_on="2025-06-01")
    assert [client.post(PATH, json=one).status_code for one in (ended, running)] == [201, 201]

    def found(**asked: str) -> set[str]:
        answer = client.get(PATH, params={"kind": "M01"} | asked)
        assert answer.status_code == 200, answer.text
        return {one["id"] for one in answer.json()["features"]}

    assert found() == {ended["id"], running["id"]}
    assert found(state="ended") == {ended["id"]}
    assert found(unit="17263") == {ended["id"], running["id"]}
    assert found(**{"from": "2025-01-01"}) == {running["id"]}
    assert found(**{"from": "2024-06-01", "to": "2024-06-30"}) == {ended["id"]}
    page = client.get(PATH, params={"kind": "M01", "limit": 1}).json()
    assert len(client.get(page["next"]).json()["features"]) == 1


def test_what_does_not_fit_is_refused(client: TestClient) -> None:
    for wrong in ({"kind": "M77"}, {"members": -1}, {"ended_on": "2023-01-01"}):
        answer = client.post(PATH, json=model(**wrong))
        assert (answer.status_code, answer.json()["code"]) == (422, "record.invalid")


def test_an_event_names_the_model_that_held_it(client: TestClient) -> None:
    club = model(external_id="CLB-7")
    client.post(PATH, json=club)
    events = []
    for said in (club["id"], "CLB-7"):
        event = {
            "type": "Feature",
            "id": str(uuid4()),
            "geometry": club["geometry"],
            "properties": {
                "kind": "village",
                "occurred_from": "2025-09-10",
                "prevention_model_id": said,
            },
        }
        made = client.post("/api/v1/outreach-events", json=event)
        assert made.status_code == 201, made.text
        assert made.json()["properties"]["prevention_model_id"] == club["id"]
        events.append(event["id"])
    listed = client.get("/api/v1/outreach-events", params={"prevention_model": club["id"]}).json()
    assert {one["id"] for one in listed["features"]} == set(events)
    event["id"], event["properties"]["prevention_model_id"] = str(uuid4()), "CLB-8"
    refused = client.post("/api/v1/outreach-events", json=event)
    assert refused.json()["errors"][0]["code"] == "model_unknown"
