"""Every answer, of the API and of the pages, carries the headers that keep a browser safe."""

import re
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.routing import Route
from starlette.testclient import TestClient

from geo.settings import Settings
from geo.store.actors import COUNTRY
from geo.store.database import create_engine
from tests.people import make_account, signed_in
from web.app import create_app
from web.security import EVERYWHERE

VALUES = {
    "edition": "2025",
    "level": "province",
    "code": "40",
    "province": "40",
    "key": "0",
    "record_type": "incident",
    "z": "5",
    "x": "25",
    "y": "14",
    "version": "0",
    "name": "css/map.css",
}
UNKNOWN = str(UUID(int=0xABC))
METHODS = {"get", "post", "put", "patch", "delete"}
# Answers that are the same for everybody and may be kept: boundaries, code lists, figures released.
OPEN = re.compile(
    r"^/(static/|favicon|service-worker|manifest|api/v1/(openapi|health|code-lists|outline|editions|"
    r"layers|border|packs|places|units|tiles|statistics|hotspot-runs|support-measures|"
    r"reintegration-pilots|raster-layers))"
)


@pytest.fixture(scope="module")
def engine(module_database_url: str) -> Iterator[Engine]:
    """Engine of the tables' owner on a store without records."""
    made = create_engine(module_database_url)
    yield made
    made.dispose()


def browser(app: FastAPI) -> TestClient:
    """What asks by a name that the site answers to, and sees failures as a browser does."""
    return TestClient(
        app, "http://localhost", raise_server_exceptions=False, follow_redirects=False
    )


@pytest.fixture(scope="module")
def site(engine: Engine, module_database_url: str) -> Iterator[tuple[TestClient, TestClient]]:
    """The whole site, for nobody and for a leader of the country."""
    app = create_app(Settings(database_url=module_database_url))
    with (
        browser(app) as stranger,
        browser(app) as leader,
    ):
        yield stranger, signed_in(leader, make_account(engine, "leader", COUNTRY))


def filled_in(path: str) -> str:
    """The path with a value for each of its parameters."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: VALUES.get(found.group(1), UNKNOWN), path)


def addresses(client: TestClient) -> set[tuple[str, str]]:
    """Method and path of all that is answered: the API's description, pages, static files."""
    described = client.get("/api/v1/openapi.json").json()["paths"]
    found = {
        (method, path) for path, methods in described.items() for method in METHODS & methods.keys()
    }
    # Routes of pages are not described.
    pages = [route for route in getattr(client.app, "routes", []) if isinstance(route, Route)]
    found |= {
        (method.lower(), route.path)
        for route in pages
        for method in (route.methods or ()) - {"HEAD", "OPTIONS"}
    }
    page = client.get("/").text
    found |= {("get", file) for file in re.findall(r'"(/static/[^"]+)"', page)}
    return found


def complaints(method: str, path: str, answer: httpx.Response) -> Iterator[str]:
    """What an answer lacks."""
    headers, where = answer.headers, f"{method} {path} {answer.status_code}"
    for name, value in EVERYWHERE.items():
        if headers.get(name) != value:
            yield f"{where}: {name} is {headers.get(name)}"
    policy = headers.get("content-security-policy", "")
    is_page = headers.get("content-type", "").startswith("text/html")
    wanted = ("default-src 'self'", "object-src 'none'") if is_page else ("default-src 'none'",)
    missing = [part for part in (*wanted, "frame-ancestors 'none'") if part not in policy]
    if missing or "unsafe" in policy or "*" in policy:
        yield f"{where}: the policy is {policy}"
    if "server" in headers or "x-powered-by" in headers:
        yield f"{where}: says what it runs on"
    # 503 says that the server has no key for second factors.
    if answer.status_code == 500:
        yield f"{where}: the server failed"
    is_shell = is_page and "nonce" not in policy
    if "access-control-allow-origin" in headers:
        yield f"{where}: other sites may read it"
    kept = headers.get("cache-control", "")
    may_be_kept = OPEN.match(path) or is_shell or answer.status_code == 304
    if not may_be_kept and answer.content and "no-store" not in kept:
        yield f"{where}: may be kept ({kept or 'nothing said'})"


def test_every_route_page_and_file_carries_the_headers(
    site: tuple[TestClient, TestClient],
) -> None:
    found = sorted(addresses(site[0]))
    assert len(found) > 100
    lacking = [
        complaint
        for client in site
        for method, path in found
        # Whoever signs out here is not there for the rest.
        if (method, path) != ("delete", "/api/v1/session")
        for complaint in complaints(method, path, client.request(method.upper(), filled_in(path)))
    ]
    assert lacking == [], "\n".join(lacking)
    assert site[1].get("/api/v1/session").json()["username"]


def test_refusals_carry_them_too(site: tuple[TestClient, TestClient]) -> None:
    client = site[0]
    refused = [
        ("GET", "/nothing", {}, 404),
        ("GET", "/static/0/nothing.js", {}, 404),
        ("DELETE", "/api/v1/editions", {}, 405),
        ("GET", "/", {"Host": "evil.example"}, 400),
        ("POST", "/api/v1/session", {"Content-Encoding": "gzip"}, 415),
        ("POST", "/api/v1/session", {"Content-Length": str(10**12)}, 413),
    ]
    for method, path, headers, status in refused:
        answer = client.request(method, path, headers=headers)
        assert answer.status_code == status, path
        lacking = [one for one in complaints(method, path, answer) if "may be kept" not in one]
        assert lacking == [], "\n".join(lacking)
