"""What others enter shows on a map that is open, and the reader keeps his place."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Page, Response, expect
from sqlalchemy import Engine, text

from geo.store.actors import COUNTRY
from geo.store.database import create_engine
from tests.people import MON_SON, NGHE_AN, Person, make_account
from tests.web.conftest import STREAM, Watched
from tests.web.test_map_page import Opener

# How long it takes is measured by bench/live.py; here it may take as long as the machine is slow.
SOON = 45_000
# A record shows within two seconds or so: after these nothing comes any more (milliseconds).
LONG_ENOUGH = 6_000
# A place in Môn Sơn without demonstration records, so near that each record is a marker.
PLACE = (104.9123, 18.9512)
VIEW = "v=14/18.9512/104.9123"
COUNTS = f"/#e=2025&l=commune&t=incidents-count&p=2024-01..2026-12&o=incidents&{VIEW}"
MARKS = ".leaflet-marker-pane .pin.incidents"
HEAD = "Mã,Loại,Ngày,Kinh độ,Vĩ độ,Nội dung\n"
UPDATED = re.compile(r"Cập nhật lúc \d\d:\d\d")
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


def beside(east: int, north: int) -> tuple[float, float]:
    """A place so far from the others that its marker is not gathered with theirs."""
    return PLACE[0] + 0.012 * east, PLACE[1] + 0.012 * north


def enter(officer: httpx.Client, place: tuple[float, float] = PLACE) -> None:
    """Store an incident."""
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {"kind": "rescue", "occurred_from": "2025-11-14T21:30:00+07:00"},
    }
    answer = officer.post("/api/v1/incidents", json=feature)
    assert answer.status_code == 201, answer.text


def listening(seen: Watched, person: Person, path: str = COUNTS) -> Page:
    """The person's map, once it hears of changes."""
    person_at(seen.page.request, seen.address, person)
    with seen.page.expect_response(lambda answer: answer.url.endswith(STREAM)):
        page = seen.open(path)
    # What a reload would lose.
    page.evaluate("window.stays = true")
    return page


def streams(seen: Watched) -> list[str]:
    """Requests that listen."""
    return [url for url in seen.requests if url.endswith(STREAM)]


def is_count(answer: Response) -> bool:
    return "/statistics" in answer.url


def count_in(answer: Response) -> int:
    """What an answer counts in Môn Sơn."""
    columns = answer.json()
    count: int = columns["values"][columns["codes"].index(MON_SON.code)]
    return count


def test_a_record_shows_on_the_open_map_within_two_seconds(
    open_page: Opener, planner: Person, officer: httpx.Client
) -> None:
    seen = open_page()
    with seen.page.expect_response(is_count) as before:
        page = listening(seen, planner)
    marks = page.locator(MARKS)
    there = marks.count()
    page.locator("#search-text").fill("Con Cuông")
    view = page.url
    with page.expect_response(is_count, timeout=SOON) as after:
        enter(officer)
    expect(marks).to_have_count(there + 1, timeout=SOON)
    assert count_in(after.value) == count_in(before.value) + 1
    expect(page.locator("#updated")).to_have_text(UPDATED)
    expect(page.locator("#announcer")).to_have_text(UPDATED)
    expect(page.locator("#search-text")).to_be_focused()
    expect(page.locator("#search-text")).to_have_value("Con Cuông")
    assert page.url == view
    assert page.evaluate("window.stays")


def test_a_popup_stays_open_and_the_record_waits_for_it(
    open_page: Opener, planner: Person, officer: httpx.Client
) -> None:
    enter(officer, beside(1, 0))
    page = listening(open_page(), planner)
    marks = page.locator(MARKS)
    there = marks.count()
    marks.last.click()
    popup = page.locator(".leaflet-popup-content")
    expect(popup).to_be_visible()
    with page.expect_response(is_count):
        enter(officer, beside(-1, 0))
    page.wait_for_timeout(LONG_ENOUGH)
    expect(popup).to_be_visible()
    assert marks.count() == there
    page.keyboard.press("Escape")
    expect(popup).to_be_hidden()
    page.locator("#search-text").focus()
    expect(marks).to_have_count(there + 1)


def test_an_import_shows_too(open_page: Opener, planner: Person, officer: httpx.Client) -> None:
    seen = open_page()
    with seen.page.expect_response(is_count) as before:
        page = listening(seen, planner)
    west, south = PLACE
    rows = "".join(f"L-{number},tip,01/08/2025,{west},{south},x\n" for number in range(40))
    files = {"file": ("a.csv", (HEAD + rows).encode())}
    with page.expect_response(is_count) as after:
        answer = officer.post("/api/v1/imports", params={"record_type": "incident"}, files=files)
        assert answer.json()["rows_added"] == 40
    assert count_in(after.value) == count_in(before.value) + 40
    expect(page.locator("#updated")).to_have_text(UPDATED)


COLUMNS = (
    "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
    " WHERE table_name = :name AND column_name NOT IN ('id', 'run_id', 'standard_at')"
    " AND is_generated = 'NEVER'"
)
SHOWN = (
    "SELECT id FROM hotspot_run WHERE standard_at IS NOT NULL AND method = 'gi_star'"
    " AND edition = '2025' AND level = 'commune' AND NOT is_restricted"
    " AND NOT (parameters ->> 'border_only')::boolean ORDER BY standard_at DESC LIMIT 1"
)


def recompute(engine: Engine) -> UUID:
    """Store what a nightly run would: the run shown once more, as a newer one."""
    with engine.begin() as connection:
        run, result = (
            connection.scalar(text(COLUMNS), {"name": name})
            for name in ("hotspot_run", "hotspot_result")
        )
        shown = {"shown": connection.scalar(text(SHOWN))}
        stored = text(
            f"INSERT INTO hotspot_run ({run}, standard_at)"
            f" SELECT {run}, now() FROM hotspot_run WHERE id = :shown RETURNING id"
        )
        new: UUID = connection.execute(stored, shown).scalar_one()
        connection.execute(
            text(
                f"INSERT INTO hotspot_result ({result}, run_id)"
                f" SELECT {result}, :new FROM hotspot_result WHERE run_id = :shown"
            ),
            shown | {"new": new},
        )
    return new


def test_a_standard_run_recolours_the_map(
    open_page: Opener, planner: Person, demo_engine: Engine
) -> None:
    seen = open_page()
    page = listening(seen, planner, "/")
    asked = re.compile(r"/hotspot-runs/([0-9a-f-]+)/results")
    with page.expect_response(asked) as answer:
        new = recompute(demo_engine)
    found = asked.search(answer.value.url)
    assert found
    assert (found.group(1), answer.value.status) == (str(new), 200)
    expect(page.locator("#updated")).to_have_text(UPDATED)
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
    assert len(streams(seen)) == 1
    enter(officer, beside(0, 1))
    expect(marks).to_have_count(there + 1, timeout=SOON)
    with second.expect_response(lambda answer: answer.url.endswith(STREAM)):
        first.close()
    enter(officer, beside(0, -1))
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
    enter(officer, beside(2, 0))
    page.wait_for_timeout(LONG_ENOUGH)
    assert len(seen.asked("/statistics")) == asked
    assert marks.count() == there
    page.evaluate(HIDDEN, False)
    expect(marks).to_have_count(there + 1, timeout=SOON)


def test_nobody_listens_who_has_not_signed_in(open_page: Opener) -> None:
    seen = open_page()
    page = seen.open("/")
    page.wait_for_timeout(1_000)
    assert not seen.asked("changes")


def test_a_lost_connection_to_the_database_is_made_anew(
    open_page: Opener, demo_engine: Engine, officer: httpx.Client, cluster_url: str
) -> None:
    page = listening(open_page(), make_account(demo_engine, "leader", COUNTRY))
    marks = page.locator(MARKS)
    there = marks.count()
    administrator = create_engine(cluster_url)
    with administrator.begin() as connection:
        ended = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = :name AND application_name = 'bienmap-changes'"
            ),
            {"name": demo_engine.url.database},
        ).all()
    administrator.dispose()
    assert len(ended) == 1
    enter(officer, beside(1, 1))
    expect(marks).to_have_count(there + 1)
