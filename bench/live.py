"""How long a record that an officer enters takes until it shows on a planner's open map.

    .venv/bin/python bench/live.py

Demonstration data, one map in Chromium on a commune, an entry every three seconds and two more
right behind each other. Measured from the answer to the officer until the marker stands on the
map; one JSON line with the median and the longest. Runs on a cluster of its own, which is removed
at the end.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from incident_store import own_cluster  # noqa: E402
from map_pages import CHROMIUM, EXECUTABLE, prepare  # noqa: E402
from servers import PASSWORD, serving, sign_in  # noqa: E402

from geo.store.accounts import NewAccount, create_account  # noqa: E402
from geo.store.actors import Jurisdiction, Role  # noqa: E402
from geo.store.database import create_engine, transaction  # noqa: E402
from web.app import create_app  # noqa: E402

ENTRIES, APART, GOAL = 12, 3.0, 2.0
ROLES: tuple[Role, ...] = ("officer", "planner")
PLACE = (104.9123, 18.9512)
MAP = "/#e=2025&l=commune&t=incidents-count&p=2024-01..2026-12&o=incidents&v=14/18.9512/104.9123"
MARKS = ".leaflet-marker-pane .pin.incidents"


def main() -> None:
    """Print one JSON line."""
    with own_cluster() as settings:
        engine = create_engine(settings.database_url)
        prepare(engine, settings)
        units = (Jurisdiction("2025", "province", "40"),)
        with transaction(engine) as connection:
            for role in ROLES:
                create_account(connection, NewAccount(role, "Bench", role, units), PASSWORD)
        engine.dispose()
        with serving(create_app(settings)) as address:
            seconds = measure(address)
    line = {
        "name": "a record entered shows on an open map",
        "value": round(statistics.median(seconds), 2),
        "longest": round(max(seconds), 2),
        "unit": "s",
        "peer": None,
        "ratio": None,
        "goal": f"longest <= {GOAL}",
        "met": max(seconds) <= GOAL,
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(line), flush=True)


def measure(address: str) -> list[float]:
    """Seconds of each entry until its marker stands on the map."""
    cookies = {role: sign_in(address, role) for role in ROLES}
    own = {"Origin": address, "Cookie": cookies["officer"]}
    with (
        httpx.Client(base_url=address, headers=own, timeout=60) as officer,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=EXECUTABLE, args=CHROMIUM) as browser,
    ):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        name, value = cookies["planner"].split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        with page.expect_response(lambda answer: answer.url.endswith("/changes")):
            page.goto(address + MAP)
        page.wait_for_selector("body[data-coloured]")
        page.wait_for_timeout(2_000)
        seconds = []
        for number in range(ENTRIES):
            # Every sixth comes right behind another one.
            page.wait_for_timeout(0 if number % 6 == 5 else APART * 1_000)
            seconds.append(until_shown(page, officer, number))
        return seconds


def until_shown(page: Page, officer: httpx.Client, number: int) -> float:
    """Seconds from the answer to an entry until there is a marker more; at most 30."""
    there = page.locator(MARKS).count()
    enter(officer, number)
    begun = time.perf_counter()
    page.wait_for_function(
        "([marks, count]) => document.querySelectorAll(marks).length > count",
        arg=[MARKS, there],
        polling=20,
        timeout=30_000,
    )
    return time.perf_counter() - begun


def enter(officer: httpx.Client, number: int) -> None:
    """Store an incident, so far from the others that its marker is not gathered with theirs."""
    east, north = number % 4 - 2, number // 4 - 1
    feature = {
        "type": "Feature",
        "geometry": {
            "type": "Point",
            "coordinates": [PLACE[0] + 0.01 * east, PLACE[1] + 0.008 * north],
        },
        "properties": {"kind": "rescue", "occurred_from": "2025-11-14T21:30:00+07:00"},
    }
    officer.post("/api/v1/incidents", json=feature).raise_for_status()


if __name__ == "__main__":
    main()
