"""GeoJSON in: checked as the rows of a file are, sent twice without harm, never over another's."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_api
from geo.settings import load_settings
from tests.api.conftest import BORDER_POINT
from tests.api.test_bad_input import assert_problem
from tests.people import NGHE_AN, as_server, make_account, signed_in

ROUTES = {"incidents": "rescue", "outreach-events": "school"}


@pytest.fixture(scope="module")
def writer(module_boundaries_engine: Engine) -> Iterator[TestClient]:
    """An officer of Nghệ An on embedded boundaries; the tests of this module write into it."""
    officer = make_account(module_boundaries_engine, "officer", NGHE_AN)
    with TestClient(
        create_api(load_settings(), as_server(module_boundaries_engine)),
        raise_server_exceptions=False,
    ) as api:
        yield signed_in(api, officer)


def feature(kind: str = "rescue", **changes: Any) -> dict[str, Any]:
    """A feature that may be stored; `changes` are properties."""
    return {
        "type": "Feature",
        "id": str(uuid4()),
        "geometry": {"type": "Point", "coordinates": list(BORDER_POINT)},
        "properties": {"kind": kind, "occurred_from": "2025-08-14T21:30:00+07:00"} | changes,
    }


@pytest.mark.parametrize(("route", "kind"), ROUTES.items())
def test_what_is_entered_comes_back_with_its_units(
    writer: TestClient, route: str, kind: str
) -> None:
    sent = feature(kind)
    made = writer.post(f"/api/v1/{route}", json=sent)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"/api/v1/{route}/{sent['id']}"
    stored = writer.get(made.headers["location"]).json()
    assert stored == made.json()
    assert stored["geometry"] == sent["geometry"]
    properties = stored["properties"]
    assert (properties["version"], properties["assignment"]) == (1, "inside")
    assert properties["created_by"] == properties["updated_by"]
    assert properties["created_by"].startswith("officer-")
    assert (properties["province_2025"], properties["province_2024"]) == ("40", "40")
    assert (properties["precision"], properties["found_by"]) == ("exact", "coordinates")
    assert properties["occurred_from"] == "2025-08-14T21:30:00+07:00"
    assert writer.delete(
        made.headers["location"], params={"reason": "thử"}, headers={"If-Match": '"1"'}
    ).is_success


def test_all_fields_of_an_incident_are_kept(writer: TestClient) -> None:
    values = {
        "external_id": "NA-2025-0117",
        "acts": ["recruit", "transport"],
        "channels": ["zalo"],
        "victims": 2,
        "victims_by": {"sex": {"f": 2}},
        "narrative": "Dòng một\nDòng hai; có “dấu”, và 'nháy'",
        "accuracy_m": 12.5,
    }
    stored = writer.post("/api/v1/incidents", json=feature(**values)).json()["properties"]
    assert {name: stored[name] for name in values} == values


def test_sending_again_changes_nothing(writer: TestClient) -> None:
    sent = feature(victims=1)
    first = writer.post("/api/v1/incidents", json=sent)
    again = writer.post("/api/v1/incidents", json=sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    sent["properties"]["victims"] = 3
    assert_problem(writer.post("/api/v1/incidents", json=sent), 409)
    assert writer.get(first.headers["location"]).json() == first.json()


def test_another_record_of_the_same_external_id_is_refused(writer: TestClient) -> None:
    first = writer.post("/api/v1/incidents", json=feature(external_id="one"))
    assert first.status_code == 201
    answer = writer.post("/api/v1/incidents", json=feature(external_id="one", victims=1))
    assert_problem(answer, 409)
    assert answer.json()["id"] == first.json()["id"]


def test_an_edit_replaces_all_and_loses_against_a_newer_one(writer: TestClient) -> None:
    stored = writer.post("/api/v1/incidents", json=feature(victims=1, suspects=2)).json()
    address = f"/api/v1/incidents/{stored['id']}"
    stored["properties"]["victims"] = 4
    del stored["properties"]["suspects"]
    edited = writer.put(address, json=stored, headers={"If-Match": '"1"'})
    assert edited.status_code == 200, edited.text
    properties = edited.json()["properties"]
    assert [properties[name] for name in ("victims", "suspects", "version")] == [4, 0, 2]
    # The same once more is an answer that was lost; something else would undo what is newer.
    again = writer.put(address, json=stored, headers={"If-Match": '"1"'})
    assert (again.status_code, again.json()["properties"]["version"]) == (200, 2)
    stored["properties"]["victims"] = 5
    late = writer.put(address, json=stored, headers={"If-Match": '"1"'})
    assert_problem(late, 409)
    assert (late.json()["sent_version"], late.json()["current_version"]) == (1, 2)
    assert_problem(writer.put(address, json=stored), 422)
    assert_problem(writer.delete(address, params={"reason": "nhập nhầm"}), 422)
    wrong = writer.delete(address, params={"reason": "nhầm"}, headers={"If-Match": '"1"'})
    assert_problem(wrong, 409)


def test_a_deleted_record_leaves_lists_and_counts(writer: TestClient) -> None:
    def total() -> int:
        query = "edition=2025&level=commune"
        count: int = writer.get(f"/api/v1/statistics?{query}").json()["total"]
        return count

    before = total()
    address = writer.post("/api/v1/incidents", json=feature()).headers["location"]
    assert total() == before + 1
    gone = writer.delete(address, params={"reason": "nhập nhầm"}, headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    assert total() == before
    assert_problem(writer.get(address), 404)
    assert_problem(writer.put(address, json=feature(), headers={"If-Match": '"2"'}), 422)
    again = writer.delete(address, params={"reason": "lần nữa"}, headers={"If-Match": '"2"'})
    assert_problem(again, 404)


def test_a_place_known_by_its_unit_alone(writer: TestClient) -> None:
    sent = feature(stated_code="40") | {"geometry": None}
    properties = writer.post("/api/v1/incidents", json=sent).json()["properties"]
    assert (properties["province_2025"], properties["commune_2025"]) == ("40", None)
    assert (properties["precision"], properties["assignment"]) == ("province", "stated")


def test_numbers_that_tell_a_person_are_masked(writer: TestClient) -> None:
    sent = feature(narrative="Gọi 0912345678 hoặc CCCD 001099012345")
    assert_problem(writer.post("/api/v1/incidents", json=sent), 422)
    sent["personal_data_checked"] = True
    narrative = writer.post("/api/v1/incidents", json=sent).json()["properties"]["narrative"]
    assert "0912345678" not in narrative
    assert "001099012345" not in narrative


def point(*coordinates: float) -> dict[str, Any]:
    return feature() | {"geometry": {"type": "Point", "coordinates": coordinates}}


BAD_BODIES = [
    [],
    {},
    feature() | {"type": "FeatureCollection"},
    feature() | {"id": "1"},
    feature() | {"geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}},
    feature() | {"geometry": None},
    point(18.97, 104.83),
    point(104.83),
    point(104.83, 18.97, 1, 2),
    point(104.83, 91),
    point(1e308, 18.97),
    point(0, 0),
    point(103.0, 18.97),  # in Laos
    point(112.0, 14.0),  # in the sea
    feature(kind="nothing"),
    feature(kind=None),
    feature(kind=1),
    feature(kind=True),
    feature(occurred_from="2025-02-31"),
    feature(occurred_from="2999-01-01"),
    feature(occurred_from="10000-01-01"),
    feature(occurred_to="2025-08-01"),
    feature(victims=-1),
    feature(victims=2**31),
    feature(victims=1.5),
    feature(victims={"f": 1}),
    feature(victims_by={"sex": {"x": 1}}),
    feature(victims_by=[1]),
    feature(acts=["recruit", 1]),
    feature(acts=["nothing"]),
    feature(hacked=1),
    feature(narrative="a\0b"),
]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("body", BAD_BODIES)
def test_what_cannot_be_stored_is_refused_whole(
    writer: TestClient, body: Any, language: str
) -> None:
    listed = writer.get("/api/v1/incidents").json()
    answer = writer.post("/api/v1/incidents", json=body, headers={"Accept-Language": language})
    assert_problem(answer, 422)
    assert writer.get("/api/v1/incidents").json() == listed


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"type": NaN}', b"null"],
    ids=["empty", "open", "not utf-8", "deep", "nan", "null"],
)
def test_what_is_no_json_is_refused(writer: TestClient, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = writer.post("/api/v1/incidents", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    assert_problem(answer, answer.status_code)


def test_a_form_of_another_site_cannot_write(writer: TestClient) -> None:
    """Without the JSON type a browser sends it from anywhere, and asks nobody."""
    answer = writer.post("/api/v1/incidents", content=b"{}", headers={"Content-Type": "text/plain"})
    assert_problem(answer, 422)


@pytest.mark.parametrize("method", ["put", "delete"])
def test_what_is_not_there_cannot_be_changed(writer: TestClient, method: str) -> None:
    more: dict[str, Any] = {"params": {"reason": "nhập nhầm"}} if method == "delete" else {}
    if method == "put":
        more["json"] = feature() | {"id": None}
    address = f"/api/v1/incidents/{UUID(int=0)}"
    assert_problem(getattr(writer, method)(address, headers={"If-Match": "1"}, **more), 404)
