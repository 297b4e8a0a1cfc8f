"""The stream that tells pages what changed: to whom, how soon, how many, and until when."""

import socket
import time
from collections.abc import Iterator
from queue import Empty, Queue
from threading import Thread

import httpx
import pytest
from sqlalchemy import Engine, text

from tests.people import NGHE_AN, Person, make_account
from tests.web.conftest import serving
from web import changes

BORDER_POINT = [104.83, 18.97]
HEAD = "Mã,Loại,Ngày,Kinh độ,Vĩ độ,Nội dung\n"


class Ear:
    """An open stream; its lines are read aside."""

    def __init__(self, client: httpx.Client) -> None:
        self._answer = client.send(client.build_request("GET", "/changes"), stream=True)
        self.status, self.headers = self._answer.status_code, self._answer.headers
        self._lines: Queue[str] = Queue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for line in self._answer.iter_lines():
                if line:
                    self._lines.put(line)
        except (httpx.HTTPError, httpx.StreamError):
            pass
        self._lines.put("END")

    def next(self, seconds: float = 2.0) -> str:
        """The next line, or nothing."""
        try:
            return self._lines.get(timeout=seconds)
        except Empty:
            return ""

    def close(self) -> None:
        """Hang up, which to close the file would not do while the other thread reads from it."""
        stream = self._answer.extensions["network_stream"]
        stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def site(module_boundaries_url: str) -> Iterator[str]:
    """Address of a server on a store without records."""
    with serving(module_boundaries_url) as address:
        yield address


def entering(address: str, person: Person) -> httpx.Client:
    """A browser in which the person has signed in."""
    client = httpx.Client(base_url=address, headers={"Origin": address}, timeout=60)
    answer = client.post("/api/v1/session", json=vars(person))
    assert answer.status_code == 201
    return client


@pytest.fixture
def officer(site: str, module_boundaries_engine: Engine) -> Iterator[httpx.Client]:
    """Who enters records in Nghệ An."""
    client = entering(site, make_account(module_boundaries_engine, "officer", NGHE_AN))
    yield client
    client.close()


@pytest.fixture
def planner(site: str, module_boundaries_engine: Engine) -> Iterator[httpx.Client]:
    """Whose map is open."""
    client = entering(site, make_account(module_boundaries_engine, "planner", NGHE_AN))
    yield client
    client.close()


def enter(client: httpx.Client) -> None:
    """Store an incident."""
    properties = {"kind": "rescue", "occurred_from": "2025-08-14T21:30:00+07:00"}
    geometry = {"type": "Point", "coordinates": BORDER_POINT}
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    answer = client.post("/api/v1/incidents", json=feature)
    assert answer.status_code == 201, answer.text


def test_a_record_and_an_import_are_told_at_once_and_nothing_of_them(
    officer: httpx.Client, planner: httpx.Client
) -> None:
    ear = Ear(planner)
    assert ear.next() == ": listening"
    assert ear.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in ear.headers
    assert ear.headers["x-accel-buffering"] == "no"
    assert "no-store" in ear.headers["cache-control"]
    enter(officer)
    assert ear.next() == 'data: ["incident"]'
    time.sleep(changes.PAUSE)
    rows = "".join(f"A-{number},tip,01/08/2025,104.83,18.97,x\n" for number in range(300))
    files = {"file": ("a.csv", (HEAD + rows).encode())}
    answer = officer.post("/api/v1/imports", params={"record_type": "incident"}, files=files)
    assert answer.json()["rows_added"] == 300
    assert ear.next() == 'data: ["incident"]'
    assert ear.next(1.5) == ""
    ear.close()


def test_many_records_are_told_once_a_second(officer: httpx.Client, planner: httpx.Client) -> None:
    ear = Ear(planner)
    assert ear.next() == ": listening"
    begun = time.monotonic()
    for _ in range(12):
        enter(officer)
    most = (time.monotonic() - begun) / changes.PAUSE + 2
    lines = []
    while line := ear.next(1.5):
        lines.append(line)
    assert 1 <= len(lines) <= most
    assert set(lines) == {'data: ["incident"]'}
    ear.close()


def test_nobody_listens_without_a_sign_in_or_with_a_token(site: str, planner: httpx.Client) -> None:
    assert httpx.get(f"{site}/changes").status_code == 401
    made = planner.post("/api/v1/tokens", json={"name": "máy", "scopes": ["read"], "days": 1})
    assert made.status_code == 201, made.text
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}
    assert httpx.get(f"{site}/changes", headers=bearer).status_code == 403


def test_so_many_listen_and_no_more(planner: httpx.Client) -> None:
    ears = [Ear(planner) for _ in range(changes.MOST_OF_ACCOUNT)]
    assert {ear.status for ear in ears} == {200}
    refused = planner.get("/changes")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    assert refused.json()["code"] == "changes.full"
    ears.pop().close()
    deadline = time.monotonic() + 10
    while (ear := Ear(planner)).status != 200:
        ear.close()
        assert time.monotonic() < deadline, "a place that was left is not given away"
    for one in [*ears, ear]:
        one.close()


def test_it_ends_with_the_session_and_does_not_keep_it_alive(
    planner: httpx.Client, module_boundaries_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LOOK", 0.2)
    monkeypatch.setattr(changes, "PAUSE", 0.1)
    ear = Ear(planner)
    assert ear.next() == ": listening"
    latest = "SELECT max(last_seen_at) FROM session"
    with module_boundaries_engine.begin() as connection:
        connection.execute(
            text("UPDATE session SET last_seen_at = last_seen_at - interval '90 minutes'")
        )
        seen = connection.scalar(text(latest))
    assert ear.next(1.0) == ""
    with module_boundaries_engine.begin() as connection:
        assert connection.scalar(text(latest)) == seen
        connection.execute(
            text("UPDATE session SET last_seen_at = last_seen_at - interval '31 minutes'")
        )
    assert [ear.next(), ear.next(), ear.next()] == ["event: ended", "data: true", "END"]


def test_the_server_stops_at_once_though_somebody_listens(
    module_boundaries_url: str, module_boundaries_engine: Engine
) -> None:
    person = make_account(module_boundaries_engine, "planner", NGHE_AN)
    with serving(module_boundaries_url) as address:
        ears = [Ear(entering(address, person)) for _ in range(3)]
        assert {ear.next() for ear in ears} == {": listening"}
        begun = time.monotonic()
    # The server by itself would wait for ten seconds.
    assert time.monotonic() - begun < 9
    assert {ear.next() for ear in ears} == {"END"}
