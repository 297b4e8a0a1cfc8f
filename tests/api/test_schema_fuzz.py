"""Whatever a program makes up from the API's description, the answer is one that is described."""

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
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

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
EXAMPLES = 12


@pytest.fixture(scope="module")
def token(client: TestClient) -> str:
    """A leader's, that may write: the whole of the API is open to it."""
    made = client.post(f"{PREFIX}/tokens", json={"name": "fuzz", "scopes": ["read", "write"]})
    return str(made.json()["token"])


@pytest.fixture(scope="module")
def app(api_engine: Engine) -> FastAPI:
    """The API on a database with a few records."""
    return create_api(load_settings(), api_engine)


# What tests there are is read from the description, before there is a database to ask.
schema = schemathesis.openapi.from_asgi(
    f"{PREFIX}/openapi.json",
    create_api(load_settings(), None),  # type: ignore[arg-type]
)


QUIET = {
    "max_examples": EXAMPLES,
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}


def check(case: Case, app: FastAPI, token: str) -> None:
    case.call_and_validate(checks=CHECKS, headers={"Authorization": f"Bearer {token}"}, app=app)


@schema.include(method="GET").parametrize()
@settings(**QUIET)
def test_reading_answers_as_described(case: Case, app: FastAPI, token: str) -> None:
    check(case, app, token)


# Without the systematic cases beside the drawn ones, each of which would write to the store.
@schema.exclude(method="GET").parametrize()
@settings(**QUIET, phases=[Phase.generate])
def test_writing_answers_as_described(case: Case, app: FastAPI, token: str) -> None:
    if case.path.endswith("/hotspot-runs") and isinstance(case.body, dict):
        # A run takes seconds with as many as are allowed; its answer does not depend on them.
        case.body["permutations"] = 99
    check(case, app, token)
