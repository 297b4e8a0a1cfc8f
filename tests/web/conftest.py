"""A real server on a real PostGIS with demo data, and a browser that may talk to nothing else."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)
from sqlalchemy import Engine

from api.actors import COOKIE
from cli.server_process import listen
from cli.web_server import WebServer
from geo.demo.accounts import make_demo_accounts
from geo.settings import Settings
from geo.store.actors import COUNTRY
from geo.store.database import create_engine
from geo.store.sessions import Attempt
from geo.store.sessions import sign_in as start_session
from tests.people import NGHE_AN, Person, make_account
from tests.web.browsers import BROWSER_ARGUMENTS
from tests.web.killable import Killable
from tests.web.telephone import SLOW, Device

# Pages that a service worker controls escape what watches their requests, so it is kept out here;
# tests/web/test_offline.py has browsers of its own.
WORKER_KEPT_OUT = "Service Worker registration blocked by Playwright"
# How long to wait for what is expected of a page, in milliseconds; a busy machine is slow.
USUAL = 45_000
COLOURED = "body[data-coloured]"
# What a page of somebody who has signed in never stops asking for.
STREAM = "/changes"
QUIET = 0.5


@contextmanager
def serving(database_url: str) -> Iterator[str]:
    """The product's server in a thread; yields its address."""
    door = listen("127.0.0.1", 18_000, tried=500)
    server = WebServer(Settings(database_url=database_url), log_level="warning")
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=120)


@pytest.fixture(scope="module")
def demo_people(demo_url: str) -> dict[str, str]:
    """Passwords of the demonstration accounts, made for this database, by username."""
    engine = create_engine(demo_url)
    made = make_demo_accounts(engine)
    engine.dispose()
    return {one.username: one.password for one in made}


def sign_in(page: Page, address: str, username: str, people: dict[str, str]) -> None:
    """Give the page's browser a session, as the sign-in page would."""
    answer = page.context.request.post(
        f"{address}/api/v1/session",
        data={"username": username, "password": people[username]},
        headers={"Origin": address},
    )
    assert answer.status == 201, answer.text()


def fill_in(page: Page, username: str, password: str) -> None:
    """Type into the form of the sign-in page and send it by keyboard."""
    page.locator("#sign-in button:enabled").wait_for()
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(password)
    page.keyboard.press("Enter")


@pytest.fixture(scope="module")
def address(demo_url: str) -> Iterator[str]:
    """Where the server answers."""
    with serving(demo_url) as found:
        yield found


@pytest.fixture(scope="session")
def drivers() -> Iterator[Playwright]:
    """What drives browsers; a process can have only one."""
    expect.set_options(timeout=USUAL)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(drivers: Playwright, chromium: str) -> Iterator[Browser]:
    """The system's Chromium."""
    started = drivers.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
    yield started
    started.close()


@dataclass
class Watched:
    """A page and what it did that a page of ours must never do."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    waiting: set[Request] = field(default_factory=set)
    moved: float = 0.0

    def open(self, path: str = "/") -> Page:
        """Go there and wait until the units are coloured."""
        self.page.goto(self.address + path)
        return self.entered()

    def entered(self) -> Page:
        """The page, once the map is there."""
        self.page.wait_for_selector(COLOURED)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until half a second has passed in which the page waited for no answer."""
        deadline = time.monotonic() + USUAL / 1000
        while self.waiting or time.monotonic() - self.moved < QUIET:
            assert time.monotonic() < deadline, [request.url for request in self.waiting]
            self.page.wait_for_timeout(50)

    def asks(self, request: Request) -> None:
        """Note a request."""
        inside = request.url.startswith((self.address, "data:", "blob:"))
        (self.requests if inside else self.outside).append(request.url)
        self.moved = time.monotonic()
        if request.is_navigation_request():
            # What the page before waited for goes with it, not always with a word.
            self.waiting.clear()
        if not request.url.endswith(STREAM):
            self.waiting.add(request)

    def has_answer(self, request: Request) -> None:
        """Note that a request is over."""
        self.moved = time.monotonic()
        self.waiting.discard(request)

    def asked(self, part: str) -> list[str]:
        """Addresses asked for so far that contain this."""
        return [url for url in self.requests if part in url]


@pytest.fixture(scope="module")
def leaders_cookie(demo_url: str) -> dict[str, str]:
    """The cookie of a leader of the country who has signed in."""
    engine = create_engine(demo_url)
    person = make_account(engine, "leader", COUNTRY)
    token = start_session(engine, Attempt(person.username, person.password, "127.0.0.1"))
    engine.dispose()
    return {"name": COOKIE, "value": token}


@pytest.fixture
def open_page(
    browser: Browser, address: str, leaders_cookie: dict[str, str]
) -> Iterator[Callable[..., Watched]]:
    """Opens pages of a given size; at the end none may have complained or asked outside.

    Nobody is signed in there, or with `as_leader` a leader of the country.
    """
    contexts: list[BrowserContext] = []
    pages: list[Watched] = []

    def watched(
        width: int = 1440, height: int = 900, *, as_leader: bool = False, **options: object
    ) -> Watched:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            service_workers="block",
            **options,
        )
        if as_leader:
            context.add_cookies([{**leaders_cookie, "url": address}])
        context.set_default_timeout(USUAL)
        contexts.append(context)
        seen = Watched(context.new_page(), address)
        pages.append(seen)

        # Noted and not intercepted: that would keep the browser from its cache. No other host has
        # an address for these browsers.
        context.on("request", seen.asks)
        context.on("requestfinished", seen.has_answer)
        context.on("requestfailed", seen.has_answer)
        seen.page.on(
            "console",
            lambda message: (
                seen.complaints.append(message.text)
                if message.type in {"error", "warning"} and message.text != WORKER_KEPT_OUT
                else None
            ),
        )
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on(
            "dialog", lambda dialog: (seen.dialogs.append(dialog.message), dialog.dismiss())
        )
        return seen

    yield watched
    for seen in pages:
        assert not seen.outside, f"asked outside this host: {seen.outside}"
        assert not seen.complaints, seen.complaints
        assert not seen.dialogs, "a script from the data was executed"
    for context in contexts:
        context.close()


@pytest.fixture
def patience() -> Iterator[None]:
    """Wait longer than usual for what is expected of a page."""
    expect.set_options(timeout=SLOW)
    yield
    expect.set_options(timeout=USUAL)


@pytest.fixture(scope="module")
def server(module_boundaries_url: str) -> Iterator[Killable]:
    """The server behind a proxy."""
    with Killable(module_boundaries_url) as killable:
        yield killable


@pytest.fixture
def calm(server: Killable) -> Killable:
    """The server, running, with nothing in between."""
    server.on_write = lambda _moment, _path: None
    server.writes.clear()
    server.is_cut = False
    server.start()
    return server


@pytest.fixture
def person(module_boundaries_engine: Engine) -> Person:
    """An officer of Nghệ An of this test's own."""
    return make_account(module_boundaries_engine, "officer", NGHE_AN)


@pytest.fixture
def device(
    drivers: Playwright, chromium: str, calm: Killable, tmp_path: Path, patience: None
) -> Iterator[Device]:
    """A telephone with nothing on it."""
    found = Device(drivers, chromium, calm, tmp_path / "profile")
    yield found
    found.context.close()
    assert found.complaints == []
