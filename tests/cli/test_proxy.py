"""`bienmap serve` behind a proxy that speaks TLS to browsers: whose word counts, and for what."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from api.actors import COOKIE
from cli.server_process import listen, trusted_proxies
from geo.errors import InputError
from geo.settings import Settings
from geo.store.database import transaction
from tests.people import MON_SON, Person, make_account

NAME = "bienmap.example.vn"
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
Serve = Callable[..., int]


@contextmanager
def _served(root: Path, database_url: str, **settings: str) -> Iterator[int]:
    """The port of `bienmap serve` in the foreground with these settings."""
    with listen("127.0.0.1", 19_000, tried=500) as door:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "serve", "--inherited-socket", str(door.fileno())],
            cwd=root,
            env=os.environ | {"DATABASE_URL": database_url} | settings,
            pass_fds=[door.fileno()],
        )
        port = door.getsockname()[1]
    try:
        # The door listens already: a request waits until the server takes it up.
        assert _ask(port, "GET", "/api/v1/health").status == 200
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _ask(port: int, method: str, path: str, body: object = None, **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=90)
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    return connection.getresponse()


@pytest.fixture
def serve(project_root: Path, module_boundaries_url: str) -> Iterator[Serve]:
    """Starts servers with given settings; all end with the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(
            _served(project_root, module_boundaries_url, **settings)
        )


@pytest.fixture
def person(module_boundaries_engine: Engine) -> Person:
    """An officer of one commune."""
    return make_account(module_boundaries_engine, "officer", MON_SON)


def cookie_of(port: int, person: Person, **headers: str) -> str:
    answer = _ask(
        port,
        "POST",
        "/api/v1/session",
        body=vars(person),
        **{"Content-Type": "application/json"} | FORWARDED | headers,
    )
    assert answer.status == 201, answer.read()
    return answer.headers["Set-Cookie"]


def addresses(engine: Engine, person: Person) -> set[str]:
    with transaction(engine) as connection:
        statement = text("SELECT address FROM sign_in_attempt WHERE username = :username")
        return set(connection.scalars(statement, {"username": person.username}))


def test_a_trusted_proxy_is_believed(
    serve: Serve, person: Person, module_boundaries_engine: Engine
) -> None:
    port = serve(BIENMAP_TRUSTED_PROXIES="10.0.0.0/8, 127.0.0.1", BIENMAP_HOST_NAMES=NAME)
    # Browsers of a time before Sec-Fetch-Site say only the origin, which the proxy's Host must fit.
    cookie = cookie_of(port, person, Host=NAME, Origin=f"https://{NAME}")
    assert cookie.startswith(f"__Host-{COOKIE}=")
    assert "Secure" in cookie.split("; ")
    assert addresses(module_boundaries_engine, person) == {"203.0.113.7"}


@pytest.mark.parametrize("proxies", ["", "10.0.0.0/8"])
def test_nobody_else_is_believed(
    serve: Serve, person: Person, module_boundaries_engine: Engine, proxies: str
) -> None:
    port = serve(BIENMAP_TRUSTED_PROXIES=proxies)
    cookie = cookie_of(port, person)
    assert cookie.startswith(f"{COOKIE}=")
    assert "Secure" not in cookie.split("; ")
    assert addresses(module_boundaries_engine, person) == {"127.0.0.1"}
    # Nor does a name open the door that no setting gives.
    assert _ask(port, "GET", "/api/v1/health", Host=NAME).status == 400


@pytest.mark.parametrize("proxies", ["*", "proxy.example.vn", "127.0.0.1/8"])
def test_what_is_no_address_is_refused(proxies: str) -> None:
    with pytest.raises(InputError) as raised:
        trusted_proxies(Settings(trusted_proxies=proxies))
    assert "BIENMAP_TRUSTED_PROXIES" in raised.value.vi
    assert proxies in raised.value.en
