"""Accounts for tests, and browsers and programs that have signed in with them."""

import itertools
from dataclasses import dataclass

from sqlalchemy import Engine
from starlette.testclient import TestClient

from geo.settings import Settings
from geo.store.accounts import NewAccount, create_account
from geo.store.actors import Jurisdiction
from geo.store.database import create_engine, transaction

NGHE_AN = Jurisdiction("2025", "province", "40")
MON_SON = Jurisdiction("2025", "commune", "17263")
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """What somebody types to sign in."""

    username: str
    password: str


def make_account(
    engine: Engine, role: str, *units: Jurisdiction, display_name: str = "Người thử"
) -> Person:
    """An account of its own name."""
    person = Person(f"{role}-{next(NUMBERS)}", "mật khẩu để thử")
    with transaction(engine) as connection:
        create_account(
            connection, NewAccount(person.username, display_name, role, units), person.password
        )
    return person


def as_server(owner: Engine, pool_size: int = 8) -> Engine:
    """An engine on the owner's database with the role that the server connects as."""
    url = owner.url.render_as_string(hide_password=False)
    return create_engine(Settings(database_url=url).application_url, pool_size=pool_size)


def signed_in(client: TestClient, person: Person) -> TestClient:
    """The client with the person's session, saying as a browser does where requests come from."""
    answer = client.post("/api/v1/session", json=vars(person))
    assert answer.status_code == 201, answer.text
    client.headers["Origin"] = str(client.base_url)
    return client
