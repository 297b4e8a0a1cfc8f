"""How long a record that an officer enters takes until it shows on a planner's open map.

    .venv/bin/python bench/live.py

Demonstration data, one map in Chromium on a commune, an entry every three seconds and two more
right behind each other. Measured from the answer to the officer until the marker stands on the
map; one JSON line with the median and the longest.
"""

import json
import os
import statistics
import sys
import time
import uuid
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from map_pages import CHROMIUM, prepare, serving  # noqa: E402

from geo.settings import load_settings  # noqa: E402
from geo.store.accounts import NewAccount, create_account  # noqa: E402
from geo.store.actors import Jurisdiction  # noqa: E402
from geo.store.database import create_engine, transaction  # noqa: E402
from web.app import create_app  # noqa: E402

ENTRIES, APART, GOAL = 12, 3.0, 2.0
PLACE = (104.9123, 18.9512)
MAP = "/#e=2025&l=commune&t=incidents-count&p=2024-01..2026-12&o=incidents&v=14/18.9512/104.9123"
MARKS = ".leaflet-marker-pane .pin.incidents"


def main() -> None:
    """Print one JSON line."""
    settings = load_settings()
    engine = create_engine(settings.database_url)
    prepare(engine)
    password, units = uuid.uuid4().hex, (Jurisdiction("2025", "province", "40"),)
    names = {role: f"{role}-{uuid.uuid4().hex[:8]}" for role in ("officer", "planner")}
    with transaction(engine) as connection:
        for role, name in names.items():
            create_account(connection, NewAccount(name, "Bench", role, units), password)
    with serving(create_app(settings)) as address, sync_playwright() as playwright:
        own = {"Origin": address}
        officer = httpx.Client(base_url=address, headers=own, timeout=60)
        who = {"username": names["officer"], "password": password}
        officer.post("/api/v1/session", json=who).raise_for_status()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        who["username"] = names["planner"]
        page.request.post(f"{address}/api/v1/session", data=who, headers=own)
        with page.expect_response(lambda answer: answer.url.endswith("/changes")):
            page.goto(address + MAP)
        page.wait_for_selector("body[data-coloured]")
        page.wait_for_timeout(2_000)
        marks, seconds = page.locator(MARKS), []
        for number in range(ENTRIES):
            # Every sixth comes right behind another one.
            page.wait_for_timeout(0 if number % 6 == 5 else APART * 1_000)
            there = marks.count()
            enter(officer, number)
            begun = time.perf_counter()
            page.wait_for_function(
                "([marks, count]) => document.querySelectorAll(marks).length > count",
                arg=[MARKS, there],
                polling=20,
            )
            seconds.append(time.perf_counter() - begun)
        browser.close()
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
