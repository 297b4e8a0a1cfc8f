"""What others enter shows on a map that is open, and the reader keeps his place."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text

from geo.store.actors import COUNTRY
from tests.people import NGHE_AN, Person, make_account
from tests.web.conftest import STREAM, Watched
from tests.web.test_map_page import Opener

# From the answer to the officer until the planner sees it, in milliseconds.
SOON = 2_000
# A place in Môn Sơn without demonstration records, so near that each record is a marker.
PLACE = (104.9123, 18.9512)
VIEW = "v=14/18.9512/104.9123"
COUNTS = f"/#e=2025&l=commune&t=incidents-count&p=2024-01..2026-12&o=incidents&{VIEW}"
MARKS = ".leaflet-marker-pane .pin.incidents"
HEAD = "Mã,Loại,Ngày,Kinh độ,Vĩ độ,Nội dung\n"
UPDATED = re.compile(r"Vừa cập nhật \d\d:\d\d")
HIDDEN = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def person_at(context_of: Any, address: str, person: Person) -> None:
    """Give a browser a session."""
    answer = context_of.post(
        f"{address}/api/v1/session", data=vars(person), headers={"Origin": address}
    )
    assert answer.status == 201, answer.text()


@pytest.fixture
def planner(demo_engine: Engine) -> Person:
    """Whose map is open."""
    return make_account(demo_engine, "planner", NGHE_AN)


@pytest.fixture
def officer(address: str, demo_engine: Engine) -> Iterator[httpx.Client]:
    """Who enters records."""
    person = make_account(demo_engine, "officer", NGHE_AN)
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=60) as client:
        assert client.post("/api/v1/session", json=vars(person)).status_code == 201
        yield client


def enter(officer: httpx.Client, place: tuple[float, float] = PLACE) -> None:
    """Store an incident."""
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {"kind": "rescue", "occurred_from": "2025-11-14T21:30:00+07:00"},
    }
    answer = officer.post("/api/v1/incidents", json=feature)
    assert answer.status_code == 201, answer.text


def listening(seen: Watched, planner: Person, path: str = COUNTS) -> Page:
    """The planner's map, once it hears of changes."""
    person_at(seen.page.request, seen.address, planner)
    with seen.page.expect_response(lambda answer: answer.url.endswith(STREAM)):
        page = seen.open(path)
    # What a reload would lose.
    page.evaluate("window.stays = true")
    return page


def count_here(page: Page) -> int:
    """What the map says that the unit in its middle counts."""
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2 - 60, box["y"] + box["height"] / 2 + 61)
    page.mouse.move(box["x"] + box["width"] / 2 - 60, box["y"] + box["height"] / 2 + 60)
    tip = page.locator(".tip")
    expect(tip).to_contain_text("Môn Sơn")
    found = re.search(r"(\d+) vụ", tip.inner_text())
    assert found, tip.inner_text()
    return int(found.group(1))


def test_a_record_shows_on_the_open_map_within_two_seconds(
    open_page: Opener, planner: Person, officer: httpx.Client
) -> None:
    seen = open_page()
    page = listening(seen, planner)
    marks, before = page.locator(MARKS), count_here(page)
    there = marks.count()
    page.locator("#search-text").fill("Con Cuông")
    view = page.url
    enter(officer)
    expect(marks).to_have_count(there + 1, timeout=SOON)
    assert count_here(page) == before + 1
    expect(page.locator("#announcer")).to_have_text(UPDATED)
    expect(page.locator("#updated")).to_have_text(UPDATED)
    expect(page.locator("#search-text")).to_be_focused()
    expect(page.locator("#search-text")).to_have_value("Con Cuông")
    assert page.url == view
    assert page.evaluate("window.stays")


def test_a_popup_stays_open_and_the_record_waits_for_it(
    open_page: Opener, planner: Person, officer: httpx.Client
) -> None:
    enter(officer, (PLACE[0] + 0.01, PLACE[1]))
    seen = open_page()
    page = listening(seen, planner)
    marks = page.locator(MARKS)
    there, before = marks.count(), count_here(page)
    marks.last.click()
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_be_visible()
    with page.expect_response(lambda answer: "/statistics" in answer.url, timeout=SOON):
        enter(officer, (PLACE[0] - 0.01, PLACE[1]))
    page.wait_for_timeout(SOON)
    expect(popup).to_be_visible()
    assert marks.count() == there
    page.keyboard.press("Escape")
    expect(popup).to_be_hidden()
    page.locator("#search-text").focus()
    expect(marks).to_have_count(there + 1, timeout=SOON)
    assert count_here(page) == before + 1


def test_an_import_shows_too(open_page: Opener, planner: Person, officer: httpx.Client) -> None:
    page = listening(open_page(), planner)
    before = count_here(page)
    west, south = PLACE
    rows = "".join(f"L-{number},tip,01/08/2025,{west},{south},x\n" for number in range(40))
    files = {"file": ("a.csv", (HEAD + rows).encode())}
    with page.expect_response(lambda answer: "/statistics" in answer.url):
        answer = officer.post("/api/v1/imports", params={"record_type": "incident"}, files=files)
        assert answer.json()["rows_added"] == 40
    expect(page.locator("#updated")).to_have_text(UPDATED)
    assert count_here(page) == before + 40


NEWER = (
    "WITH shown AS (SELECT * FROM hotspot_run WHERE standard_at IS NOT NULL AND method = 'gi_star'"
    " AND edition = '2025' AND level = 'commune' AND NOT is_restricted"
    " AND NOT (parameters ->> 'border_only')::boolean ORDER BY standard_at DESC LIMIT 1)"
)


def recompute(engine: Engine) -> UUID:
    """Store what a nightly run would: the newest run again, in which no unit is hot."""
    with engine.begin() as connection:
        columns = connection.scalar(
            text(
                "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
                " WHERE table_name = 'hotspot_run' AND column_name NOT IN ('id', 'standard_at')"
                " AND is_generated = 'NEVER'"
            )
        )
        new: UUID = connection.execute(
            text(
                f"{NEWER} INSERT INTO hotspot_run ({columns}, standard_at)"
                f" SELECT {columns}, now() FROM shown RETURNING id"
            )
        ).scalar_one()
    return new


def test_a_standard_run_recolours_the_map(
    open_page: Opener, planner: Person, demo_engine: Engine
) -> None:
    seen = open_page()
    page = listening(seen, planner, "/")
    new = recompute(demo_engine)
    with page.expect_response(lambda answer: f"/hotspot-runs/{new}/results" in answer.url) as got:
        pass
    assert got.value.status == 200
    assert page.evaluate("window.stays")


def test_one_tab_listens_for_all_and_another_takes_over(
    open_page: Opener, planner: Person, officer: httpx.Client
) -> None:
    seen = open_page()
    first = listening(seen, planner)
    second = first.context.new_page()
    second.goto(seen.address + COUNTS)
    second.wait_for_selector("body[data-coloured]")
    marks = second.locator(MARKS)
    there = first.locator(MARKS).count()
    expect(marks).to_have_count(there)
    second.wait_for_timeout(1_000)
    assert len(seen.asked(STREAM)) == 1
    enter(officer, (PLACE[0], PLACE[1] + 0.005))
    expect(marks).to_have_count(there + 1, timeout=SOON)
    with second.expect_response(lambda answer: answer.url.endswith(STREAM)):
        first.close()
    enter(officer, (PLACE[0], PLACE[1] - 0.005))
    expect(marks).to_have_count(there + 2, timeout=8_000)


def test_a_hidden_tab_rests_and_catches_up(
    open_page: Opener, planner: Person, officer: httpx.Client
) -> None:
    seen = open_page()
    page = listening(seen, planner)
    marks = page.locator(MARKS)
    there = marks.count()
    page.evaluate(HIDDEN, True)
    asked = len(seen.asked("/statistics"))
    enter(officer, (PLACE[0] + 0.005, PLACE[1]))
    page.wait_for_timeout(SOON)
    assert len(seen.asked("/statistics")) == asked
    assert marks.count() == there
    page.evaluate(HIDDEN, False)
    expect(marks).to_have_count(there + 1, timeout=SOON)


def test_nobody_listens_who_has_not_signed_in(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open("/")
    page.wait_for_timeout(1_000)
    assert not seen.asked(STREAM)
    assert not seen.asked("changes.js")


def test_the_leader_hears_after_the_connection_was_lost(
    open_page: Opener, demo_engine: Engine, officer: httpx.Client
) -> None:
    """The database drops the server's ear: it listens again, and nothing is missed."""
    seen = open_page()
    page = listening(seen, make_account(demo_engine, "leader", COUNTRY))
    marks = page.locator(MARKS)
    there = marks.count()
    with demo_engine.begin() as connection:
        ended = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
                " AND pid <> pg_backend_pid()"
            )
        ).all()
    assert len(ended) == 1
    enter(officer, (PLACE[0] + 0.005, PLACE[1] + 0.005))
    expect(marks).to_have_count(there + 1, timeout=8_000)
