"""Every route that answers GET, as every role in two provinces, against an oracle of the owner.

The oracle reads all records as the owner of the tables and applies the rules in Python. A route
that is not in the table of rules (reading_rules) fails the first test.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.app import create_api
from geo.settings import load_settings
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from tests.api.conftest import BORDER_POINT, HANOI_POINT, NARRATIVE
from tests.api.reading_rules import (
    BY_AUDIENCE,
    EFFECTS,
    FIGURE_HISTORY,
    HISTORIES,
    LATEST,
    LISTS,
    OPEN,
    OWN,
    REVIEWS,
    SINGLE,
    SURFACES,
)
from tests.api.test_bad_input import assert_problem
from tests.api.test_prevention_models import model
from tests.api.test_roles import network
from tests.people import NGHE_AN, as_server, make_account, signed_in

HANOI = Jurisdiction("2025", "province", "01")
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
ROLES = ("officer", "planner", "leader", "administrator")
VALUES = {
    "identifier": str(UUID(int=0xFFFF)),
    "edition": "2025",
    "province": "40",
    "level": "commune",
    "code": "17263",
    "run_id": str(UUID(int=0xABC)),
    "key": "0",
    "z": "5",
    "x": "25",
    "y": "14",
}
PROVINCES = text(
    "SELECT 'incident', incident.id, province_2025 FROM incident"
    " JOIN unit_set ON unit_set.id = unit_set_id"
    " UNION ALL SELECT 'outreach_event', outreach_event.id, province_2025 FROM outreach_event"
    " JOIN unit_set ON unit_set.id = unit_set_id"
    " UNION ALL SELECT 'prevention_model', prevention_model.id, province_2025 FROM prevention_model"
    " JOIN unit_set ON unit_set.id = unit_set_id"
    " UNION ALL SELECT 'network', network_id, province_2025 FROM network_node"
    " JOIN unit_set ON unit_set.id = unit_set_id"
)
NOTES = "Ghi chú mật: đường dây nhận tiền qua Zalo"
READINGS = text(
    "SELECT content::jsonb ->> 'actor' AS actor, content::jsonb ->> 'object' AS object,"
    " ARRAY(SELECT jsonb_array_elements_text(content::jsonb -> 'ids')) AS ids"
    " FROM audit_link JOIN audit_entry ON audit_entry.id = entry_id"
    " WHERE sequence > :before AND content::jsonb ->> 'action' = 'READ'"
)


@dataclass
class Reader:
    """Somebody who asks, and the records that he is to see, by their kind."""

    client: TestClient
    name: str = ""
    role: str = ""
    sees: dict[str, set[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def records(api_engine: Engine, client: TestClient) -> dict[str, dict[str, set[str]]]:
    """By kind and id the provinces of every record, as the owner of the tables reads them."""
    for places in ((BORDER_POINT,), (HANOI_POINT,), (BORDER_POINT, HANOI_POINT)):
        written = network(*places)
        written["properties"]["notes"] = NOTES
        assert client.post("/api/v1/networks", json=written).status_code == 201
    for place in (BORDER_POINT, HANOI_POINT):
        assert client.post("/api/v1/prevention-models", json=model() | at(place)).status_code == 201
    with transaction(api_engine) as connection:
        # A version before the one that holds, so that histories have something to tell.
        connection.execute(
            text("UPDATE incident SET narrative = narrative || '.', content_hash = id::text")
        )
        connection.execute(text("UPDATE network SET notes = notes || '.', content_hash = id::text"))
        # Two of the incidents are without victims: administrators may know where these were.
        connection.execute(
            text("UPDATE incident SET victims = 0 WHERE id = ANY (:ids)"),
            {"ids": [UUID(int=1), UUID(int=2)]},
        )
        # Places to be looked at again, of every record.
        for table in ("incident", "outreach_event", "prevention_model", "network_node"):
            connection.execute(text(f"UPDATE {table} SET accuracy_m = 9000"))
        found: dict[str, dict[str, set[str]]] = {}
        for kind, identifier, province in connection.execute(PROVINCES):
            found.setdefault(kind, {}).setdefault(str(identifier), set()).add(province)
    assert {kind: len(of_kind) for kind, of_kind in found.items()} == {
        "incident": 20,
        "prevention_model": 2,
        "outreach_event": 20,
        "network": 3,
    }
    return found


@pytest.fixture(scope="module")
def readers(
    api_engine: Engine, records: dict[str, dict[str, set[str]]]
) -> Iterator[dict[str, Reader]]:
    """A person of every role in each of two provinces, a leader of the country, and nobody."""

    def seen(test: Callable[[set[str]], bool]) -> dict[str, set[str]]:
        return {
            kind: {identifier for identifier, provinces in of_kind.items() if test(provinces)}
            for kind, of_kind in records.items()
        }

    api = create_api(load_settings(), as_server(api_engine))
    with ExitStack() as stack:

        def browser() -> TestClient:
            return stack.enter_context(TestClient(api, raise_server_exceptions=False))

        people = {"nobody": Reader(browser(), "", "", seen(lambda _: False))}
        for role in ROLES:
            for unit in (NGHE_AN, HANOI):
                everything = role == "administrator"
                sees = seen(lambda has, c=unit.code, e=everything: e or c in has)
                if everything:
                    sees["incident"] = {str(UUID(int=1)), str(UUID(int=2))}
                person = make_account(api_engine, role, unit)
                people[f"{role} {unit.code}"] = Reader(
                    signed_in(browser(), person), person.username, role, sees
                )
        person = make_account(api_engine, "leader", COUNTRY)
        people["leader"] = Reader(
            signed_in(browser(), person), person.username, "leader", seen(lambda _: True)
        )
        yield people


def at(place: tuple[float, float]) -> dict[str, Any]:
    """The point of a feature."""
    return {"geometry": {"type": "Point", "coordinates": list(place)}}


def address_of(path: str, **values: str) -> str:
    """The path with values in place of its parameters."""
    for name, value in {**VALUES, **values}.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def told(answer: Any, records: dict[str, dict[str, set[str]]]) -> set[str]:
    """Ids of records anywhere in an answer."""
    known = {identifier for of_kind in records.values() for identifier in of_kind}
    return set(UUIDS.findall(answer.text)) & known


def rows_of_reviews(answer: Any) -> list[dict[str, Any]]:
    """The properties of every place to be looked at again."""
    return [each["properties"] for each in answer.json()["features"]]


def test_every_route_has_a_rule(stranger: TestClient) -> None:
    paths = stranger.get("/api/v1/openapi.json").json()["paths"]
    reading = {path for path, methods in paths.items() if "get" in methods}
    of_records = LISTS.keys() | SINGLE.keys() | HISTORIES.keys() | {LATEST, FIGURE_HISTORY}
    assert reading == OPEN.keys() | OWN | of_records | SURFACES | EFFECTS | REVIEWS


def test_lists_hold_what_the_oracle_says(
    readers: dict[str, Reader], records: dict[str, dict[str, set[str]]]
) -> None:
    seen = 0
    for name, reader in readers.items():
        for path, kinds in LISTS.items():
            whole = "" if path.endswith("flows") else "?limit=1000"
            answer = reader.client.get(path + whole)
            if not reader.role:
                assert_problem(answer, 401)
                continue
            if path.endswith("place-reviews") and reader.role == "administrator":
                assert_problem(answer, 403)
                continue
            assert answer.status_code == 200, (name, path, answer.text)
            expected = set.union(*(reader.sees[kind] for kind in kinds))
            if path.endswith("place-reviews") and reader.role == "planner":
                # What is looked at again is the exact place. (Outreach events have the same ids.)
                kinds_shown = {row["record_type"] for row in rows_of_reviews(answer)}
                hidden = {str(UUID(int=n)) for n in range(3, 21)}
                assert "outreach_event" in kinds_shown
                assert (
                    not {
                        row["record_id"]
                        for row in rows_of_reviews(answer)
                        if row["record_type"] == "incident"
                    }
                    & hidden
                )
            found = told(answer, records)
            if path == "/api/v1/networks":
                found = {each["properties"]["network_id"] for each in answer.json()["features"]}
            assert found == expected, (name, path)
            assert NARRATIVE not in answer.text
            tells_notes = path == "/api/v1/networks" and reader.role in {"officer", "leader"}
            assert (NOTES in answer.text) == (tells_notes and bool(found)), (name, path)
            seen += len(found)
    assert seen > 300


def test_planners_see_incidents_with_victims_in_the_commune_and_no_nearer(
    readers: dict[str, Reader], api_engine: Engine
) -> None:
    exact = {BORDER_POINT, HANOI_POINT}
    inside = text(
        "SELECT ST_Covers(unit.geom, ST_Point(:lon, :lat, 4326)) FROM incident"
        " JOIN unit_set ON unit_set.id = unit_set_id"
        " JOIN unit ON (edition, level, code) = ('2025', 'commune', commune_2025)"
        " WHERE incident.id = :id"
    )
    for name, reader in readers.items():
        if not reader.sees["incident"]:
            continue
        features = reader.client.get("/api/v1/incidents?limit=1000").json()["features"]
        shown = {each["properties"]["location_shown"] for each in features}
        assert shown == ({"exact", "displaced"} if reader.role == "planner" else {"exact"}), name
        for feature in features:
            place, properties = feature["geometry"]["coordinates"], feature["properties"]
            single = reader.client.get(f"/api/v1/incidents/{feature['id']}").json()
            assert single["geometry"] == feature["geometry"]
            assert single["properties"]["location_shown"] == properties["location_shown"]
            if properties["location_shown"] == "exact":
                assert tuple(place) in exact
                continue
            assert tuple(place) not in exact
            with transaction(api_engine) as connection:
                asked = {"lon": place[0], "lat": place[1], "id": UUID(feature["id"])}
                assert connection.scalar(inside, asked)
            assert (properties["place_text"], properties["accuracy_m"]) == (None, None)
            assert properties["measured_from"] == "edge"
            # A box around the spot does find it.
            corners = [f"{edge + way:.7f}" for way in (-1e-6, 1e-6) for edge in place]
            around = reader.client.get(f"/api/v1/incidents?bbox={','.join(corners)}").json()
            assert feature["id"] in [each["id"] for each in around["features"]]
        if reader.role == "planner":
            # No box around the true point finds it.
            for lon, lat in exact:
                box = f"{lon - 0.001},{lat - 0.001},{lon + 0.001},{lat + 0.001}"
                found = reader.client.get(f"/api/v1/incidents?bbox={box}").json()["features"]
                # A spot may lie in the box by chance, and then is what was found.
                for each in found:
                    x, y = each["geometry"]["coordinates"]
                    assert max(abs(x - lon), abs(y - lat)) <= 0.001


def test_single_records_are_shown_to_whom_the_oracle_says(
    readers: dict[str, Reader], records: dict[str, dict[str, set[str]]]
) -> None:
    for name, reader in readers.items():
        for path, kind in SINGLE.items():
            # Two of each kind in either province.
            for identifier in sorted(records[kind])[:4]:
                answer = reader.client.get(address_of(path, identifier=identifier))
                expected = 200 if identifier in reader.sees[kind] else 404
                assert answer.status_code == (expected if reader.role else 401), (name, path)
                tells = expected == 200 and kind == "incident"
                is_police = reader.role in {"officer", "leader"}
                assert (NARRATIVE in answer.text) == (tells and is_police), (name, path)
                noted = expected == 200 and kind == "network"
                assert (NOTES in answer.text) == (noted and is_police), (name, path)
                if expected == 200 and reader.role:
                    assert "private" in answer.headers["cache-control"]
                    assert {"Cookie", "Authorization"} <= set(answer.headers["vary"].split(", "))
            unknown = reader.client.get(address_of(path, identifier=str(UUID(int=0xFFFF))))
            assert_problem(unknown, 404 if reader.role else 401)


def test_versions_are_shown_to_officers_and_leaders_of_the_place(
    readers: dict[str, Reader], records: dict[str, dict[str, set[str]]]
) -> None:
    for name, reader in readers.items():
        is_police = reader.role in {"officer", "leader"}
        latest = reader.client.get(LATEST)
        assert latest.status_code == (200 if is_police else 403 if reader.role else 401), name
        assert told(latest, records) <= set.union(*reader.sees.values())
        assert bool(told(latest, records)) == is_police, name
        for path, kind in HISTORIES.items():
            for identifier in sorted(records[kind])[:4]:
                answer = reader.client.get(address_of(path, identifier=identifier))
                visible = 200 if identifier in reader.sees[kind] else 404
                # Planners write clubs and models too, so they read how these came to be.
                is_asked = is_police or (reader.role == "planner" and kind == "prevention_model")
                expected = visible if is_asked else 403 if reader.role else 401
                assert answer.status_code == expected, (name, path)
                tells = expected == 200 and kind == "incident"
                assert (NARRATIVE in answer.text) == tells, (name, path)
                noted = expected == 200 and kind == "network"
                assert (NOTES in answer.text) == noted, (name, path)


def test_open_routes_tell_nothing_of_a_record_and_everybody_the_same(
    readers: dict[str, Reader], records: dict[str, dict[str, set[str]]]
) -> None:
    for path, question in OPEN.items():
        answers = [reader.client.get(address_of(path) + question) for reader in readers.values()]
        assert {answer.status_code for answer in answers} <= {200, 404}, path
        if path not in BY_AUDIENCE:
            same = {answer.content for answer in answers if "instance" not in answer.text}
            assert len(same) <= 1, path
        for answer in answers:
            assert told(answer, records) == set(), path
            assert NARRATIVE not in answer.text, path
            assert NOTES not in answer.text, path


def test_an_answer_kept_by_a_leader_is_not_a_planners(readers: dict[str, Reader]) -> None:
    tag = readers["leader"].client.get("/api/v1/incidents").headers["etag"]
    kept = {"If-None-Match": tag}
    assert readers["leader"].client.get("/api/v1/incidents", headers=kept).status_code == 304
    for name, reader in readers.items():
        if reader.role and name != "leader":
            assert reader.client.get("/api/v1/incidents", headers=kept).status_code == 200, name


def shown_by_kind(answer: Any, kinds: set[str], records: dict[str, dict[str, set[str]]]) -> Any:
    """Kind and id of every incident and network in an answer."""
    if answer.status_code != 200:
        return set()
    content = answer.json()
    rows = content.get("entries", [each["properties"] for each in content.get("features", [])])
    if any("record_type" in row for row in rows):
        found = {(row["record_type"], row.get("record_id") or row["id"]) for row in rows}
    else:
        found = {(kind, identifier) for kind in kinds for identifier in told(answer, records)}
    return {(kind, identifier) for kind, identifier in found if kind in {"incident", "network"}}


def test_a_head_is_a_reading_too(
    readers: dict[str, Reader], records: dict[str, dict[str, set[str]]], api_engine: Engine
) -> None:
    identifier = min(records["incident"])
    with transaction(api_engine) as connection:
        before = connection.scalar(text("SELECT max(sequence) FROM audit_link"))
    for reader in readers.values():
        path = f"/api/v1/incidents/{identifier}"
        expected = 200 if identifier in reader.sees["incident"] else 404
        answer = reader.client.head(path)
        assert answer.status_code == (expected if reader.role else 401), reader.name
        assert answer.content == b""
    with transaction(api_engine) as connection:
        entries = connection.execute(READINGS, {"before": before}).all()
    seeing = {one.name for one in readers.values() if identifier in one.sees["incident"]}
    assert {entry.actor for entry in entries} == seeing
    assert {one for entry in entries for one in entry.ids} == {identifier}


def test_whoever_is_shown_restricted_records_is_in_the_audit(
    readers: dict[str, Reader], records: dict[str, dict[str, set[str]]], api_engine: Engine
) -> None:
    seen = 0
    for reader in readers.values():
        asked = {f"{path}?limit=1000": set(kinds) for path, kinds in LISTS.items()} | {
            LATEST: set()
        }
        for path, kind in {**SINGLE, **HISTORIES}.items():
            identifier = min(reader.sees[kind] or records[kind])
            asked[address_of(path, identifier=identifier)] = {kind}
        for path, kinds in asked.items():
            with transaction(api_engine) as connection:
                before = connection.scalar(text("SELECT max(sequence) FROM audit_link"))
            answer = reader.client.get(path)
            expected = shown_by_kind(answer, kinds, records)
            seen += bool(expected)
            if tag := answer.headers.get("etag"):
                again = reader.client.get(path, headers={"If-None-Match": tag})
                assert again.status_code == 304
            with transaction(api_engine) as connection:
                entries = connection.execute(READINGS, {"before": before}).all()
            noted = [(entry.object, identifier) for entry in entries for identifier in entry.ids]
            assert len(noted) == len(set(noted))
            assert set(noted) == expected, path
            assert {entry.actor for entry in entries} <= {reader.name}
    assert seen > 40
