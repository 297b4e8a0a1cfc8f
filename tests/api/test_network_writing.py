"""Networks in: the case, its places and its legs as one whole, by the rules of network files."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from api.app import create_api
from api.schemas import NETWORK_EXAMPLES
from geo.settings import load_settings
from geo.store.database import transaction
from tests.api.conftest import BORDER_POINT, HANOI_POINT
from tests.api.test_bad_input import assert_problem
from tests.people import NGHE_AN, as_server, make_account, signed_in

ROUTE = "/api/v1/networks"


@pytest.fixture(scope="module")
def writer(module_boundaries_engine: Engine) -> Iterator[TestClient]:
    """An officer of Nghệ An on embedded boundaries; the tests of this module write into it."""
    officer = make_account(module_boundaries_engine, "officer", NGHE_AN)
    with TestClient(
        create_api(load_settings(), as_server(module_boundaries_engine)),
        raise_server_exceptions=False,
    ) as api:
        yield signed_in(api, officer)


def place(role: str, coordinates: tuple[float, float] | None, **properties: Any) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": list(coordinates)} if coordinates else None
    return {"type": "Feature", "geometry": geometry, "properties": {"role": role} | properties}


def network(**changes: Any) -> dict[str, Any]:
    """From Hà Nội over the border commune Môn Sơn into Laos; `changes` are properties."""
    own = {"case_code": f"A-{uuid4()}", "scope": "trans", "dismantled_on": "2025-08-20"}
    return {
        "type": "Feature",
        "id": str(uuid4()),
        "properties": own | {"arrested": 4, "joint_agencies": ["BDBP_T", "CA_T"]} | changes,
        "places": [
            place("recruit", HANOI_POINT),
            place("exit", BORDER_POINT, place_text="Đường mòn"),
            place("dest", None, country="LA"),
        ],
        "legs": [
            {"from_sequence": 1, "to_sequence": 2, "crossing": None},
            {"from_sequence": 2, "to_sequence": 3, "crossing": "trail"},
        ],
    }


def with_places(*places: dict[str, Any], legs: Any = None) -> dict[str, Any]:
    return network() | {"places": list(places), "legs": legs}


def test_what_is_entered_comes_back_whole(writer: TestClient) -> None:
    sent = network(notes="Lưu ý")
    made = writer.post(ROUTE, json=sent)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == f"{ROUTE}/{sent['id']}"
    stored = writer.get(made.headers["location"]).json()
    assert stored == made.json()
    properties = stored["properties"]
    assert {name: properties[name] for name in sent["properties"]} == sent["properties"]
    assert (properties["version"], properties["source"]) == (1, "api")
    assert properties["external_id"] == sent["properties"]["case_code"]
    assert stored["legs"] == sent["legs"]
    assert [one["geometry"] for one in stored["places"]] == [
        one["geometry"] for one in sent["places"]
    ]
    told = [one["properties"] for one in stored["places"]]
    assert [one["sequence"] for one in told] == [1, 2, 3]
    assert [one["province_2025"] for one in told] == ["01", "40", None]
    assert [one["found_by"] for one in told] == ["coordinates", "coordinates", "place"]
    listed = writer.get(ROUTE).json()["features"]
    own = [one for one in listed if one["properties"]["network_id"] == sent["id"]]
    assert [one["properties"]["feature"] for one in own] == ["node", "node", "leg"]


@pytest.mark.parametrize("language", NETWORK_EXAMPLES)
def test_examples_of_the_description_can_be_sent(writer: TestClient, language: str) -> None:
    example = NETWORK_EXAMPLES[language]["value"]
    sent = example | {"id": None, "properties": example["properties"] | {"case_code": language}}
    made = writer.post(ROUTE, json=sent)
    assert made.status_code == 201, made.text
    assert made.json()["legs"][1]["crossing"] == "trail"


def test_places_lead_to_the_next_unless_told_otherwise(writer: TestClient) -> None:
    places = [place("transit", BORDER_POINT, sequence=7), place("recruit", HANOI_POINT, sequence=2)]
    stored = writer.post(ROUTE, json=with_places(*places)).json()
    assert stored["legs"] == [{"from_sequence": 2, "to_sequence": 7, "crossing": None}]
    none = writer.post(ROUTE, json=with_places(*places, legs=[])).json()
    assert none["legs"] == []


def test_a_network_may_branch(writer: TestClient) -> None:
    legs = [
        {"from_sequence": 1, "to_sequence": 3, "crossing": None},
        {"from_sequence": 2, "to_sequence": 3, "crossing": "river"},
    ]
    places = [place("recruit", HANOI_POINT), place("recruit", HANOI_POINT)]
    sent = with_places(*places, place("exit", BORDER_POINT), legs=legs)
    assert writer.post(ROUTE, json=sent).json()["legs"] == legs


def test_sending_again_changes_nothing(writer: TestClient) -> None:
    sent = network()
    first, again = (writer.post(ROUTE, json=sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    back = writer.post(ROUTE, json=first.json())
    assert back.status_code == 200, back.text
    for other in (
        sent | {"properties": sent["properties"] | {"arrested": 5}},
        sent | {"places": sent["places"][:2], "legs": None},
        sent | {"legs": sent["legs"][:1]},
    ):
        assert_problem(writer.post(ROUTE, json=other), 409)
    assert writer.get(first.headers["location"]).json() == first.json()


@pytest.mark.parametrize("name", ["case_code", "external_id"])
def test_a_case_sent_again_without_ids_is_the_same(writer: TestClient, name: str) -> None:
    sent = network(**{name: f"B-{name}"}) | {"id": None}
    first, again = (writer.post(ROUTE, json=sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = sent | {"properties": sent["properties"] | {"arrested": 9}}
    answer = writer.post(ROUTE, json=other)
    assert_problem(answer, 409)
    assert answer.json()["id"] == first.json()["id"]
    assert_problem(writer.post(ROUTE, json=sent | {"id": str(uuid4())}), 409)


def test_an_edit_replaces_all_and_loses_against_a_newer_one(
    writer: TestClient, module_boundaries_engine: Engine
) -> None:
    stored = writer.post(ROUTE, json=network()).json()
    address = f"{ROUTE}/{stored['id']}"
    stored["properties"]["rescued"] = 3
    del stored["properties"]["arrested"]
    del stored["places"][0]
    stored["legs"] = [{"from_sequence": 2, "to_sequence": 3, "crossing": "trail"}]
    edited = writer.put(address, json=stored, headers={"If-Match": '"1"'})
    assert edited.status_code == 200, edited.text
    properties = edited.json()["properties"]
    assert [properties[name] for name in ("rescued", "arrested", "version")] == [3, None, 2]
    assert [one["properties"]["sequence"] for one in edited.json()["places"]] == [2, 3]
    assert edited.json()["legs"] == stored["legs"]
    stored["properties"]["rescued"] = 4
    late = writer.put(address, json=stored, headers={"If-Match": '"1"'})
    assert_problem(late, 409)
    stored["properties"]["rescued"] = 3
    assert (late.json()["sent_version"], late.json()["current_version"]) == (1, 2)
    assert_problem(writer.put(address, json=stored), 422)
    with transaction(module_boundaries_engine) as connection:
        kept = connection.scalar(
            text("SELECT content FROM record_history WHERE record_id = :id AND version = 1"),
            {"id": stored["id"]},
        )
    assert (kept["arrested"], len(kept["nodes"]), len(kept["legs"])) == (4, 3, 2)


def test_a_deleted_network_leaves_lists(writer: TestClient) -> None:
    before = writer.get(ROUTE).json()
    address = writer.post(ROUTE, json=network()).headers["location"]
    assert len(writer.get(ROUTE).json()["features"]) == len(before["features"]) + 3
    assert_problem(writer.delete(address, params={"reason": "nhập nhầm"}), 422)
    late = writer.delete(address, params={"reason": "nhầm"}, headers={"If-Match": '"2"'})
    assert_problem(late, 409)
    gone = writer.delete(address, params={"reason": "nhập nhầm"}, headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    assert writer.get(ROUTE).json() == before
    assert_problem(writer.get(address), 404)
    again = writer.delete(address, params={"reason": "lần nữa"}, headers={"If-Match": '"2"'})
    assert_problem(again, 404)


def test_numbers_that_tell_a_person_are_masked(writer: TestClient) -> None:
    sent = network(notes="Gọi 0912345678")
    assert_problem(writer.post(ROUTE, json=sent), 422)
    sent["personal_data_checked"] = True
    stored = writer.post(ROUTE, json=sent).json()
    assert "0912345678" not in stored["properties"]["notes"]


HOME = place("recruit", BORDER_POINT)
BAD_BODIES = [
    [],
    {},
    network() | {"type": "FeatureCollection"},
    network() | {"id": "1"},
    network() | {"geometry": {"type": "Point", "coordinates": [104.83, 18.97]}},
    network() | {"places": []},
    network() | {"places": [HOME] * 1001, "legs": None},
    network(case_code=None),
    network(scope=None),
    network(scope="nothing"),
    network(dismantled_on="2999-01-01"),
    network(dismantled_on="2025-02-31"),
    network(arrested=-1),
    network(arrested=2**31),
    network(lead_agency={"code": "CA_T"}),
    network(role="recruit"),
    network(hacked=1),
    network(notes="a\0b"),
    with_places(place("nothing", HANOI_POINT)),
    with_places(place("recruit", None)),
    with_places(place("recruit", HANOI_POINT, case_code="x")),
    with_places(place("recruit", HANOI_POINT, crossing="trail")),
    with_places(place("recruit", (18.97, 104.83))),
    with_places(place("recruit", (0, 0))),
    with_places(place("recruit", (103.0, 18.97))),  # in Laos, but said to be at home
    with_places(place("recruit", HANOI_POINT, country="nothing")),
    with_places(place("recruit", HANOI_POINT, sequence=1), place("exit", BORDER_POINT, sequence=1)),
    with_places(place("recruit", HANOI_POINT, sequence=2**15)),
    with_places(place("recruit", HANOI_POINT, sequence=-1)),
    with_places(HOME, HOME, legs=[{"from_sequence": 1, "to_sequence": 3}]),
    with_places(HOME, HOME, legs=[{"from_sequence": 1, "to_sequence": 1}]),
    with_places(HOME, HOME, legs=[{"from_sequence": 1, "to_sequence": 2}] * 2),
    with_places(HOME, HOME, legs=[{"from_sequence": 1, "to_sequence": 2**70}]),
    with_places(HOME, HOME, legs=[{"from_sequence": 1, "to_sequence": 2, "crossing": "nothing"}]),
    with_places(HOME, HOME, legs=[{"from_sequence": 1}]),
]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("body", BAD_BODIES)
def test_what_cannot_be_stored_is_refused_whole(
    writer: TestClient, body: Any, language: str
) -> None:
    listed = writer.get(ROUTE).json()
    answer = writer.post(ROUTE, json=body, headers={"Accept-Language": language})
    assert_problem(answer, 422)
    assert writer.get(ROUTE).json() == listed


def test_problems_name_the_place_that_is_wrong(writer: TestClient) -> None:
    sent = with_places(HOME, place("nothing", HANOI_POINT), place("exit", (103.0, 18.97)))
    assert writer.post(ROUTE, json=sent).json()["errors"][0]["place"] == 2
    sent["places"][1] = HOME
    assert writer.post(ROUTE, json=sent).json()["errors"][0]["place"] == 3


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_what_is_not_there_is_not_found(writer: TestClient, method: str) -> None:
    more: dict[str, Any] = {
        "get": {},
        "put": {"json": network() | {"id": None}},
        "delete": {"params": {"reason": "nhập nhầm"}},
    }[method]
    headers = {"If-Match": "1"}
    assert_problem(getattr(writer, method)(f"{ROUTE}/{UUID(int=0)}", headers=headers, **more), 404)
