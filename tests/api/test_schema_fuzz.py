"""Whatever a program makes up from the API's description, the answer is one that is described."""

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_api
from api.parameters import PREFIX
from geo.settings import load_settings
from tests.people import as_server

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
# Cases of an operation and mode; what is written takes longer, and stays in the store.
READ, WRITTEN = 20, 8
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def token(client: TestClient) -> str:
    """A leader's, that may write: the whole of the API is open to it."""
    made = client.post(f"{PREFIX}/tokens", json={"name": "fuzz", "scopes": ["read", "write"]})
    return str(made.json()["token"])


@pytest.fixture(scope="module")
def app(api_engine: Engine) -> FastAPI:
    """The API on a database with a few records."""
    return create_api(load_settings(), as_server(api_engine))


# What operations there are is read from the description, before there is a database to ask.
SCHEMA = schemathesis.openapi.from_asgi(
    f"{PREFIX}/openapi.json",
    create_api(load_settings(), None),  # type: ignore[arg-type]
)
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_answers_are_as_described(
    app: FastAPI, token: str, operation: APIOperation, mode: GenerationMode
) -> None:
    """Positive cases keep to the description, negative ones break it."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=READ if operation.method == "get" else WRITTEN,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    def check(case: Case) -> None:
        if case.path.endswith("/hotspot-runs") and isinstance(case.body, dict):
            # A run takes seconds with as many as are allowed; its answer does not depend on them.
            case.body["permutations"] = 99
        if "/density" in case.path and isinstance(case.query, dict):
            # So does a surface, and its answer is described alike whatever its cells.
            asked = case.query if mode == GenerationMode.NEGATIVE else {}
            case.query = case.query | {"cell": asked.get("cell", 10_000)}
        headers = {"Authorization": f"Bearer {token}"}
        # How long an answer takes on a busy machine is not what is described.
        case.call_and_validate(checks=CHECKS, headers=headers, app=app, timeout=PATIENCE_SECONDS)

    try:
        check()
    except Unsatisfiable:
        # What takes no parameters cannot be asked wrongly.
        assert mode == GenerationMode.NEGATIVE
