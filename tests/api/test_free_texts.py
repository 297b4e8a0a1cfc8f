"""Every free text that the API takes is read for what names a person, or says why it is not."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import BORDER_POINT
from tests.api.test_bad_input import assert_problem
from tests.api.test_network_writing import network
from tests.api.test_support import FIGURE

API = "/api/v1"
NAMED = "chị gái Lô Thị Mai"
# Texts that hold no words of somebody's own, by their name.
EXEMPT = {
    "occurred_from": "read as a time, else refused",
    "occurred_to": "read as a time, else refused",
    "started_on": "read as a day, else refused",
    "ended_on": "read as a day, else refused",
    "dismantled_on": "read as a day, else refused",
    "period": "read as a month or a year, else refused",
    "province": "read as the name of a unit, else refused",
    "district": "read as the name of a unit, else refused",
    "commune": "read as the name of a unit, else refused",
    "stated_edition": "read as an edition, else refused",
    "stated_level": "read as a level, else refused",
    "stated_code": "read as the code of a unit, else refused",
    "prevention_model_id": "the id of a club that is there, else refused",
    "kind": "a code, else nothing is found",
    "kinds": "codes, else refused",
    "programme": "a code, else refused",
    "measure": "a code, else refused",
    "crossing": "a code, else refused",
    "if-match": "a number, else refused",
    "prefer": "a header that nothing keeps",
    "code": "a one-time code, compared and not kept",
    "username": "the name of an account, of staff",
}
EXEMPT_AT = {
    "post /tokens name": "what its owner calls the machine; shown to nobody else",
    "post /raster-layers title_vi": "what an administrator calls a layer; of no record",
    "post /raster-layers title_en": "what an administrator calls a layer; of no record",
    "post /raster-layers unit": "the unit of a layer's values",
    "delete /raster-layers/{identifier} reason": "why a layer goes; of no record",
    "post /raster-layers crs": "read as a coordinate reference system, else refused",
}
# Read where they are tested with what they need: a hot unit, a file.
ELSEWHERE = {
    "put /hotspot-reviews/{edition}/{level}/{code} reason": "test_hotspot_reviews.py",
    "post /hotspot-reviews/{edition}/{level}/{code}/actions note": "test_hotspot_actions.py",
    "put /hotspot-reviews/{edition}/{level}/{code}/actions/{identifier} note": (
        "test_hotspot_actions.py"
    ),
    "post /imports corrections": "test_import_warnings.py: cells of files are masked",
    "post /imports/{identifier}/rows *": "test_import_warnings.py: cells of files are masked",
}


def place_entry() -> dict[str, Any]:
    return {"name": "Bản Búng", "longitude": BORDER_POINT[0], "latitude": BORDER_POINT[1]}


def point(**properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(uuid4()),
        "geometry": {"type": "Point", "coordinates": list(BORDER_POINT)},
        "properties": properties,
    }


def body_of(path: str) -> dict[str, Any]:
    """What the path takes, naming nobody."""
    match path:
        case "/incidents":
            return point(kind="rescue", occurred_from="2018-05-10")
        case "/outreach-events":
            return point(kind="school", occurred_from="2018-05-10")
        case "/prevention-models":
            return point(kind="M06")
        case "/networks":
            return network()
        case "/support-measures":
            return FIGURE | {"period": "2018-05"}
        case "/place-names":
            return place_entry()
    raise AssertionError(path)


Texts = Iterator[tuple[str, str, list[str]]]


def texts_of(document: dict[str, Any]) -> Texts:
    """Method, path and the names down to it of each free text that a request may hold."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            # What is read leaves nothing behind.
            if method == "get":
                continue
            parts = [(one["schema"], [one["name"]]) for one in operation.get("parameters", [])]
            content = operation.get("requestBody", {}).get("content", {})
            parts += [(one["schema"], []) for one in content.values()]
            for schema, names in parts:
                for found in free_in(document, schema, names):
                    yield method, path.removeprefix(API), found


def free_in(
    document: dict[str, Any], schema: dict[str, Any], names: list[str]
) -> Iterator[list[str]]:
    """The names down to each text of a schema that may say anything."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    inner = [(one, names) for key in ("anyOf", "oneOf", "allOf") for one in schema.get(key, [])]
    inner += [(one, [*names, name]) for name, one in schema.get("properties", {}).items()]
    if schema.get("type") == "array":
        inner.append((schema["items"], names))
    if other := schema.get("additionalProperties"):
        assert other is not True, names
        inner.append((other, [*names, "*"]))
    for one, below in inner:
        yield from free_in(document, one, below)
    if schema.get("type") == "string" and not {"enum", "pattern", "format", "const"} & set(schema):
        yield names


@pytest.fixture(scope="module")
def texts(client: TestClient) -> list[tuple[str, str, list[str]]]:
    document = client.get("/api/v1/openapi.json").json()
    return list(texts_of(document))


@pytest.fixture(scope="module")
def stored(client: TestClient) -> dict[str, str]:
    """The address of one stored thing for each path."""
    found = {}
    for path in ("/incidents", "/outreach-events", "/prevention-models", "/networks",
                 "/support-measures", "/place-names"):  # fmt: skip
        answer = client.post(API + path, json=body_of(path))
        assert answer.status_code == 201, answer.text
        found[path] = answer.headers["location"]
    return found


def with_name(body: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """The body with somebody's name in that text."""
    first, *rest = names
    if first == "places":
        return body | {"places": [with_name(body["places"][0], rest), *body["places"][1:]]}
    if rest:
        return body | {first: with_name(body.get(first, {}), rest)}
    value = [NAMED] if first in {"agencies", "joint_agencies", "topics"} else NAMED
    return body | {first: value}


def test_no_free_text_goes_unread(
    client: TestClient, stored: dict[str, str], texts: list[tuple[str, str, list[str]]]
) -> None:
    asked = 0
    for method, path, names in texts:
        which = f"{method} {path} {names[-1]}"
        if names[-1] in EXEMPT or which in EXEMPT_AT or which in ELSEWHERE:
            continue
        root = path.removesuffix("/{identifier}")
        # Of a record that is there the external id stays, whatever is sent.
        if method == "put" and names[-1] == "external_id":
            continue
        address = API + path if root == path else stored[root]
        headers = {"If-Match": '"1"'}
        if method == "delete":
            answer = client.delete(address, params={"reason": NAMED}, headers=headers)
        else:
            body = body_of(root)
            if method == "put":
                body.pop("id", None)
            sent = with_name(body, names)
            answer = client.request(method, address, json=sent, headers=headers)
        assert_problem(answer, 422)
        assert answer.json()["code"] == "record.personal_data", (which, answer.text)
        asked += 1
    assert asked > 40
    named = {f"{method} {path} {names[-1]}" for method, path, names in texts}
    assert set(EXEMPT_AT) | set(ELSEWHERE) <= named
    assert set(EXEMPT) <= {names[-1] for _, _, names in texts}


def test_a_reason_is_taken_once_somebody_has_looked(client: TestClient) -> None:
    for path in ("/incidents", "/networks", "/place-names"):
        body = body_of(path) | ({"name": "Bản Búng Hai"} if path == "/place-names" else {})
        address = client.post(API + path, json=body).headers["location"]
        asked = {"reason": "Trùng với vụ ở chợ bà Liễu Mới", "personal_data_checked": True}
        answer = client.delete(address, params=asked, headers={"If-Match": '"1"'})
        assert answer.status_code == 204, answer.text


def test_an_identity_number_is_no_external_id(client: TestClient) -> None:
    body = body_of("/incidents")
    body["properties"]["external_id"] = "040199012345"
    answer = client.post(f"{API}/incidents", json=body)
    assert_problem(answer, 422)
    assert answer.json()["code"] == "record.personal_data"
    # Nine digits are a number in a series.
    body["properties"]["external_id"] = "187654321"
    assert client.post(f"{API}/incidents", json=body).status_code == 201
