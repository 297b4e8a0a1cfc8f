"""The API in process on a database with the embedded boundaries and a few known records."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import pyarrow
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_api
from geo.settings import load_settings
from geo.store.actors import COUNTRY, Jurisdiction
from geo.store.database import transaction
from geo.store.records import Origin, load_records
from tests.people import MON_SON, Person, as_server, make_account, signed_in

# Môn Sơn commune (Nghệ An, on the border with Laos) and Hà Nội.
BORDER_POINT, HANOI_POINT = (104.83, 18.97), (105.8342, 21.0278)
Joining = Callable[..., TestClient]
NARRATIVE = "Lời kể mật: đối tượng dụ dỗ qua Zalo"


def rows_of(record_type: str) -> list[dict[str, Any]]:
    """Twenty records with a point, alternately at the two places, one each day of August 2025."""
    own = {
        "incident": {"victims": 2, "narrative": NARRATIVE, "channels": ["zalo"]},
        "outreach_event": {"attendance": 40, "notes": "Ghi chú"},
    }[record_type]
    kind = {"incident": "rescue", "outreach_event": "talk"}[record_type]
    return [
        {
            "row_number": number,
            "id": str(UUID(int=number)),
            "external_id": f"T-{number}",
            "content_hash": str(number),
            "lon": (BORDER_POINT if number % 2 else HANOI_POINT)[0],
            "lat": (BORDER_POINT if number % 2 else HANOI_POINT)[1],
            "kind": kind,
            "occurred_from": f"2025-08-{number:02d}T08:00:00+07:00",
            "occurred_to": f"2025-08-{number:02d}T09:00:00+07:00",
            "precision": "exact",
            "stated_edition": None,
            "stated_level": None,
            "stated_code": None,
        }
        | own
        for number in range(1, 21)
    ]


def load_few(engine: Engine) -> None:
    """Twenty incidents and twenty outreach events, into a store of boundaries."""
    stated = [(f"stated_{name}", pyarrow.string()) for name in ("edition", "level", "code")]
    with transaction(engine) as connection:
        for record_type in ("incident", "outreach_event"):
            rows = pyarrow.Table.from_pylist(rows_of(record_type))
            for name, kind in stated:
                index = rows.column_names.index(name)
                rows = rows.set_column(index, name, rows.column(index).cast(kind))
            outcome = load_records(connection, record_type, rows, Origin("test"))
            assert outcome.added == 20


@pytest.fixture(scope="module")
def api_engine(module_boundaries_engine: Engine) -> Engine:
    """Engine on embedded boundaries with twenty incidents and twenty outreach events."""
    load_few(module_boundaries_engine)
    return module_boundaries_engine


@pytest.fixture(scope="module")
def api(api_engine: Engine) -> FastAPI:
    """The one server that all browsers of a module speak to: to make one costs more than a test.

    A failure of it is an answer of 500 to the fixtures below, as a browser would see.
    """
    return create_api(load_settings(), as_server(api_engine))


@pytest.fixture(scope="module")
def stranger(api: FastAPI) -> Iterator[TestClient]:
    """Speaks to the API without having signed in."""
    with TestClient(api, raise_server_exceptions=False) as found:
        yield found


@pytest.fixture(scope="module")
def client(api: FastAPI, api_engine: Engine) -> Iterator[TestClient]:
    """Speaks to the API as a leader of the whole country."""
    with TestClient(api, raise_server_exceptions=False) as found:
        yield signed_in(found, make_account(api_engine, "leader", COUNTRY))


@pytest.fixture
def joining(api: FastAPI, api_engine: Engine) -> Iterator[Joining]:
    """Makes an account of a role and units, and a client that has signed in with it."""
    with ExitStack() as stack:

        def join(role: str, *units: Jurisdiction) -> TestClient:
            client = stack.enter_context(TestClient(api, raise_server_exceptions=False))
            return signed_in(client, make_account(api_engine, role, *units))

        yield join


@pytest.fixture
def officer(api_engine: Engine) -> Person:
    """An officer of one commune."""
    return make_account(api_engine, "officer", MON_SON)


@pytest.fixture
def browser(api: FastAPI) -> Iterator[TestClient]:
    """A client with a jar of its own."""
    with TestClient(api, raise_server_exceptions=False) as found:
        yield found
