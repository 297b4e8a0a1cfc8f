"""The description of the API says what the API does."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.documentation import schema_of
from api.examples import examples
from api.schemas import NETWORK_EXAMPLES
from tests.api.conftest import BORDER_POINT

LIVE = {
    "health": "health",
    "editions": "editions",
    "border_lines": "border-lines",
    "border_gates": "border-gates",
    "outline": "outline",
    "units": "units?q=mon son",
    "unit": "units/2025/commune/17263",
    "statistics": "statistics?edition=2025&level=commune",
    "rates": "rates?edition=2025&level=province&from=2025-08-01&to=2025-08-31",
    "coverage": "coverage?edition=2025&level=province&from=2025-08-01&to=2025-08-31",
    "coverage_of_unit": "coverage/40?edition=2025&level=province",
    "session_plan": "session-plan?edition=2025&level=province&from=2025-08-01&to=2025-08-31",
    "intervention_effect": "intervention-effect?unit=17263&from=2025-11-01&to=2025-11-30",
    "incidents": "incidents?limit=1",
    "outreach_events": "outreach-events?limit=1",
    "incident": "incidents/00000000-0000-0000-0000-000000000001",
    "outreach_event": "outreach-events/00000000-0000-0000-0000-000000000001",
}


def names(schema: dict[str, Any]) -> Any:
    """The names in a schema, lists looked into; what is null or empty tells nothing."""
    if "items" in schema:
        return names(schema["items"])
    return {name: names(inner) for name, inner in schema.get("properties", {}).items()}


def agree(example: Any, answer: Any) -> bool:
    """Whether two trees of names are the same, where neither is silent."""
    if not example or not answer:
        return True
    return example.keys() == answer.keys() and all(
        agree(example[name], answer[name]) for name in example
    )


def test_example_of_a_network_has_the_names_of_the_answer(client: TestClient) -> None:
    sent = NETWORK_EXAMPLES["vi"]["value"]
    answer = client.post("/api/v1/networks", json=sent).json()
    expected, found = names(schema_of(examples()["network"])), names(schema_of(answer))
    assert agree(expected, found), (expected, found)


@pytest.fixture(scope="module")
def with_session(client: TestClient) -> TestClient:
    """The client, with a session held months after the records: there is a before to compare."""
    session = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": BORDER_POINT},
        "properties": {"kind": "talk", "occurred_from": "2025-11-10", "occurred_to": "2025-11-10"},
    }
    assert client.post("/api/v1/outreach-events", json=session).status_code == 201
    return client


@pytest.mark.parametrize("name", LIVE)
def test_examples_have_the_names_of_answers(with_session: TestClient, name: str) -> None:
    response = with_session.get(f"/api/v1/{LIVE[name]}")
    assert response.status_code == 200, response.text
    answer, example = response.json(), examples()[name]
    for free in ("victims_by", "incidents_by_kind"):  # their names are codes
        for content in (answer, example):
            _forget(content, free)
    expected, found = names(schema_of(example)), names(schema_of(answer))
    assert agree(expected, found), (expected, found)


def _forget(content: Any, name: str) -> None:
    if isinstance(content, dict):
        content.pop(name, None)
        for inner in content.values():
            _forget(inner, name)
    elif isinstance(content, list):
        for inner in content:
            _forget(inner, name)


def test_every_answer_is_described_by_example(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                if status == "204" or (path.startswith("/api/v1/tiles") and status == "200"):
                    continue
                contents = answer.get("content", {}).values()
                assert contents, f"{method} {path} {status}"
                # A workbook is no text that could stand in a description.
                texts = [one for one in contents if one["schema"].get("format") != "binary"]
                assert all("example" in one for one in texts), f"{method} {path} {status}"


def test_properties_are_those_of_the_registry(client: TestClient) -> None:
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    properties = schemas["IncidentFeature"]["properties"]["properties"]
    assert set(properties["required"]) == {"kind", "occurred_from"}
    assert "rescue" in properties["properties"]["kind"]["enum"]
    assert "lon" not in properties["properties"]
    case = schemas["NetworkFeature"]["properties"]["properties"]
    assert set(case["required"]) == {"case_code", "scope"}
    place = schemas["NetworkPlace"]["properties"]["properties"]
    assert place["required"] == ["role"]
    assert not set(case["properties"]) & set(place["properties"])
