"""Answers to confirmed hotspots: planned, changed by version, linked to what was held."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from tests.api.cast import Cast
from tests.hot_units import forget_reviews, store_run
from tests.people import MON_SON, NGHE_AN

PATH = "/api/v1/hotspot-reviews/2025/commune/17263"
PLANNED = {"kind": "session", "planned_on": "2025-08-05", "note": "Phiên chợ chủ nhật."}


@pytest.fixture
def engine(api_engine: Engine) -> Engine:
    """Môn Sơn is hot; outreach events were held there on odd days of August 2025."""
    forget_reviews(api_engine)
    store_run(api_engine, {"17263": 3})
    return api_engine


@pytest.fixture(scope="module")
def joining(api_engine: Engine) -> Iterator[Cast]:
    """Whoever is asked for, signed in."""
    with ExitStack() as stack:
        yield Cast(api_engine, stack)


@pytest.fixture
def planner(engine: Engine, joining: Cast) -> TestClient:
    return joining("planner", NGHE_AN)


def confirm(client: TestClient, decision: str = "confirm", version: int = 0) -> None:
    body = {"decision": decision, "reason": "Đã kiểm tra tại chỗ."}
    assert client.put(PATH, json=body, headers={"If-Match": f'"{version}"'}).status_code == 200


def change(client: TestClient, action: dict[str, Any], **values: Any) -> Any:
    names = ("kind", "state", "planned_on", "note", "outreach_event_id")
    body = {name: action[name] for name in names} | values
    path = f"{PATH}/actions/{action['id']}"
    return client.put(path, json=body, headers={"If-Match": f'"{action["version"]}"'})


def test_only_what_was_confirmed_is_answered(planner: TestClient, joining: Cast) -> None:
    leader = joining("leader", NGHE_AN)
    early = planner.post(f"{PATH}/actions", json=PLANNED)
    assert (early.status_code, early.json()["code"]) == (409, "action.not_confirmed")
    confirm(leader, "watch")
    assert planner.post(f"{PATH}/actions", json=PLANNED).status_code == 409
    confirm(leader, "confirm", 1)
    body = PLANNED | {"id": str(uuid4()), "responsible": {"level": "commune", "code": "17263"}}
    made = planner.post(f"{PATH}/actions", json=body)
    assert made.status_code == 201, made.text
    [action] = made.json()["actions"]
    assert (action["state"], action["responsible_name"]) == ("planned", "Xã Môn Sơn")
    again = planner.post(f"{PATH}/actions", json=body)
    assert (again.status_code, len(again.json()["actions"])) == (200, 1)
    other = planner.post(f"{PATH}/actions", json=body | {"kind": "patrol"})
    assert (other.status_code, other.json()["code"]) == (409, "record.taken")


def test_an_action_is_linked_to_an_event_held_there_since(
    planner: TestClient, joining: Cast
) -> None:
    confirm(joining("leader", NGHE_AN))
    [action] = planner.post(f"{PATH}/actions", json=PLANNED).json()["actions"]
    held = [event["held_on"] for event in action["events"]]
    assert held == [f"2025-08-{day:02d}" for day in range(5, 20, 2)]
    # The second event of the store was held in Hà Nội.
    elsewhere = change(planner, action, outreach_event_id=str(UUID(int=2)))
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "action.event")
    done = change(planner, action, state="done", outreach_event_id=action["events"][0]["id"])
    assert done.status_code == 200, done.text
    [linked] = done.json()["actions"]
    assert (linked["state"], linked["event_on"], linked["version"]) == ("done", "2025-08-05", 2)
    assert (linked["event_external_id"], linked["events"]) == ("T-5", [])
    late = change(planner, action, state="dropped")
    assert (late.status_code, late.json()["code"]) == (409, "review.changed")


def test_who_may_plan(engine: Engine, joining: Cast) -> None:
    confirm(joining("leader", NGHE_AN))
    assert joining("officer", MON_SON).post(f"{PATH}/actions", json=PLANNED).status_code == 403
    assert joining("planner", MON_SON).post(f"{PATH}/actions", json=PLANNED).status_code == 201
    [seen] = joining("officer", MON_SON).get(PATH).json()["actions"]
    assert seen["note"] == PLANNED["note"]
    assert change(joining("officer", MON_SON), seen, state="done").status_code == 403


def test_a_note_names_nobody(planner: TestClient, joining: Cast) -> None:
    confirm(joining("leader", NGHE_AN))
    named = PLANNED | {"note": "Gọi 0912 345 678 trước."}
    assert planner.post(f"{PATH}/actions", json=named).json()["code"] == "record.personal_data"
    checked = named | {"personal_data_checked": True}
    assert planner.post(f"{PATH}/actions", json=checked).status_code == 201
    missing = planner.put(f"{PATH}/actions/{uuid4()}", json=PLANNED, headers={"If-Match": '"1"'})
    assert (missing.status_code, missing.json()["code"]) == (404, "action.unknown")
