"""How the national map moves and changes colour on an old PC, over few incidents and 1,000,000.

    make bench
    .venv/bin/python bench/map_motion.py [--rows 1000000]

The pages of map_pages.py in one Chromium with the CPU slowed four times, in turn: ours over the
demonstration data, ours over a million incidents, and the stock Folium page. The same communes are
in all three; the two stores are databases of one cluster.

Pan and zoom: the map is dragged to and fro for four seconds; the wheel goes in two levels and out
again. Frames are calls of requestAnimationFrame; the figure is how many there are in the
poorest second, beside it the longest time between two. Change of colours: from the click on a kind,
or the movement of the slider of months, to the first frame from which on sample points of the map
have the colour that they keep: it is watched for three seconds, and on until `#map` is no longer
busy and nothing changed for a second. After twenty it is an error. The stock page cannot do that.
First colours are those of national_page.py.
"""

import argparse
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from incident_store import fill, load_boundaries, make_places, own_cluster  # noqa: E402
from map_pages import (  # noqa: E402
    CHROMIUM,
    EXECUTABLE,
    HEIGHT,
    WIDTH,
    communes_and_peer_page,
    peer_application,
)
from national_page import visit  # noqa: E402
from servers import serving  # noqa: E402

from geo.demo.loading import load_demo  # noqa: E402
from geo.pipeline import run_standard  # noqa: E402
from geo.settings import Settings  # noqa: E402
from geo.store.database import create_engine, migrate  # noqa: E402
from web.app import create_app  # noqa: E402

FEW, MANY, STOCK = "few incidents", "many incidents", "stock page"
ROUNDS, SLOWED = 3, 4
LEAST_POINTS = 30
# How long a choice is watched at least, without a change at its end, and at most.
WATCHED_MS = 3_000, 1_000, 20_000
MIDDLE = WIDTH / 2 - 150, HEIGHT / 2
LOWEST_FRAMES, LONGEST_MS, FIRST_SECONDS, GROWTH = 30, 200, 1.5, 1.3
COUNTS = "/#e=2025&l=commune&t=incidents-count&p=2024-01..2025-06"
RECORD = """() => {
  const times = window.benchFrames = [];
  const tick = (time) => { times.push(time); if (!window.benchEnds) requestAnimationFrame(tick); };
  window.benchEnds = false;
  requestAnimationFrame(tick);
}"""
END = "() => { window.benchEnds = true; return window.benchFrames; }"
# Colours of a grid of points on the tiles, frame by frame: milliseconds from the choice to the
# first frame from which on they look as at the end, whether that is otherwise than before, and how
# many points there are.
RECOLOUR = """([choice, argument, least, settled, longest]) => new Promise((resolve, reject) => {
  const map = document.getElementById("map");
  const { left: west, right: east } = map.getBoundingClientRect();
  const isSeen = (x, y) => x >= west && x <= east && y >= 0 && y <= innerHeight;
  const points = [];
  // Found once: to look must cost next to nothing.
  for (const canvas of document.querySelectorAll("canvas.leaflet-tile")) {
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = canvas.width / width;
    const context = canvas.getContext("2d");
    for (let x = 48; x < width; x += 96) for (let y = 48; y < width; y += 96) {
      const place = [Math.round(x * scale), Math.round(y * scale)];
      if (isSeen(left + x, top + y)) points.push([context, ...place]);
    }
  }
  const look = () => points.map(([context, x, y]) => {
    const [red, green, blue] = context.getImageData(x, y, 1, 1).data;
    return red * 65536 + green * 256 + blue;
  }).join();
  const first = look();
  let last = first;
  let [changed, stirred] = [0, 0];
  const begun = performance.now();
  if (choice === "kind") {
    document.querySelector(`input[name="kind"][value="${argument}"]`).click();
  } else {
    const slider = document.getElementById("period-to");
    slider.value = Number(slider.value) + argument;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const tick = () => {
    const passed = performance.now() - begun;
    const seen = look();
    if (seen !== last) changed = stirred = passed;
    if (map.hasAttribute("aria-busy")) stirred = passed;
    last = seen;
    if (passed >= least && passed - stirred >= settled) {
      resolve([changed, last !== first, points.length]);
    } else if (passed >= longest) {
      reject(new Error(`the ${choice} ${argument} is not shown after ${longest} ms`));
    } else {
      requestAnimationFrame(tick);
    }
  };
  requestAnimationFrame(tick);
})"""


def main() -> None:
    """Print the figures as JSON lines."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    with own_cluster() as many, sync_playwright() as playwright:
        few = make_stores(many, rows)
        _, points, html = communes_and_peer_page(create_engine(few.database_url))
        with (
            playwright.chromium.launch(executable_path=EXECUTABLE, args=CHROMIUM) as browser,
            serving(create_app(few)) as of_few,
            serving(create_app(many)) as of_many,
            serving(peer_application(html)) as stock,
        ):
            pages = {FEW: of_few, MANY: of_many, STOCK: stock}
            # The first round warms the servers up.
            for number in range(ROUNDS + 1):
                for name, address in pages.items():
                    for figure, value in watch(browser, name, address, points):
                        if number:
                            found[figure, name].append(value)
    report(found, rows)


def make_stores(many: Settings, rows: int) -> Settings:
    """Fill both stores; the settings of the one with the demonstration data."""
    migrate(many.database_url)
    engine = create_engine(many.database_url)
    load_boundaries(engine, many)
    engine.dispose()
    server = create_engine(engine.url.set(username="postgres", database="postgres"))
    with server.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE few TEMPLATE bienmap OWNER bienmap"))
    server.dispose()
    address = engine.url.set(database="few").render_as_string(hide_password=False)
    few = many.model_copy(update={"database_url": address})
    other = create_engine(few.database_url)
    load_demo(other)
    run_standard(other)
    make_places(engine)
    fill(engine, rows)
    run_standard(engine)
    return few


def watch(
    browser: Browser, name: str, address: str, points: NDArray[np.float64]
) -> Iterator[tuple[str, float]]:
    """All figures of one page."""
    if name != STOCK:
        yield "first colours", visit(browser, address, points, is_ours=True).seconds
    with slow_page(browser, address) as page:
        settle(page, name)
        for how, motion in (("pan", drag), ("zoom", turn_wheel)):
            times = frames_of(page, motion)
            yield f"{how}: poorest second", poorest_second(times)
            yield f"{how}: longest gap", float(np.diff(times).max())
    if name == STOCK:
        return
    with slow_page(browser, address + COUNTS) as page:
        settle(page, name)
        kinds = page.locator('input[name="kind"]').evaluate_all("all => all.map(one => one.value)")
        for kind, months in zip(kinds[:4], (-9, 6, -12, 9), strict=True):
            # What looks the same afterwards, as where few records are of the kind, has no time.
            for choice, argument in (("kind", kind), ("period", months)):
                if (taken := recolour(page, choice, argument)) is not None:
                    yield f"change of {choice}", taken


@contextmanager
def slow_page(browser: Browser, address: str) -> Iterator[Page]:
    """A page with cold caches on a slow CPU."""
    with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}) as context:
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
        page.goto(address, wait_until="load")
        yield page


def settle(page: Page, name: str) -> None:
    """Wait until the page is drawn and idle."""
    if name != STOCK:
        page.wait_for_selector("body[data-coloured]")
        page.wait_for_selector("#picture", state="detached")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(3_000)


def frames_of(page: Page, motion: Callable[[Page], None]) -> NDArray[np.float64]:
    """The milliseconds of each frame while the map moves."""
    page.mouse.move(*MIDDLE)
    page.evaluate(RECORD)
    motion(page)
    return np.array(page.evaluate(END))


def drag(page: Page) -> None:
    """To and fro for four seconds, by 200 pixels at most."""
    x, y = MIDDLE
    page.mouse.down()
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < 4:
        page.mouse.move(x + 200 * np.sin(np.pi * passed / 2), y + 100 * np.sin(np.pi * passed))
    page.mouse.up()
    page.wait_for_timeout(500)


def turn_wheel(page: Page) -> None:
    """Two levels in and two out, with a second after each for what is painted anew."""
    for turn in (-120, -120, 120, 120):
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(1_000)


def poorest_second(times: NDArray[np.float64]) -> float:
    """The fewest frames in any second that begins with a frame."""
    begins = times[times <= times[-1] - 1_000]
    ends = np.searchsorted(times, begins + 1_000)
    return float((ends - np.arange(len(begins))).min())


def recolour(page: Page, choice: str, argument: str | int) -> float | None:
    """Milliseconds from a choice to the colours that stay; None where they are the same.

    Raises playwright's Error where the map is busy, or changes, for longer than it is watched.
    """
    taken, is_changed, points = page.evaluate(RECOLOUR, [choice, argument, *WATCHED_MS])
    if points < LEAST_POINTS:
        raise RuntimeError(f"only {points} points of the map are in view")
    return float(taken) if is_changed else None


def report(found: dict[tuple[str, str], list[float]], rows: int) -> None:
    """Each figure: beside the stock page, and over many incidents beside few."""

    def middle(figure: str, name: str) -> float:
        return statistics.median(found[figure, name])

    for name in (FEW, MANY):
        for how in ("pan", "zoom"):
            frames, gap = f"{how}: poorest second", f"{how}: longest gap"
            ours, peer = min(found[frames, name]), min(found[frames, STOCK])
            line(
                f"{how}, frames in the poorest second, {name}",
                (ours, "frames/s", peer),
                (f">= {LOWEST_FRAMES}", ours >= LOWEST_FRAMES),
                longest_gap_ms=round(max(found[gap, name])),
                longest_gap_of_peer_ms=round(max(found[gap, STOCK])),
            )
        for figure in ("change of kind", "change of period"):
            value = middle(figure, name)
            goal = f"<= {LONGEST_MS} ms", value <= LONGEST_MS
            worst = round(max(found[figure, name]))
            line(f"{figure} to recoloured map, {name}", (value, "ms", None), goal, longest=worst)
    seconds = middle("first colours", MANY)
    goal = f"<= {FIRST_SECONDS} s", seconds <= FIRST_SECONDS
    line(f"first coloured map, {rows:,} incidents", (seconds, "s", None), goal)
    for figure, unit in (
        ("first colours", "s"),
        ("change of kind", "ms"),
        ("change of period", "ms"),
        ("pan: poorest second", "frames/s"),
        ("zoom: poorest second", "frames/s"),
    ):
        many, few = middle(figure, MANY), middle(figure, FEW)
        growth = few / many if unit == "frames/s" else many / few
        goal = f"{GROWTH} times at most", growth <= GROWTH
        line(f"{figure}, {rows:,} incidents beside few", (many, unit, few), goal)


def line(
    name: str, figures: tuple[float, str, float | None], goal: tuple[str, bool], **more: Any
) -> None:
    """One figure as JSON: value, unit and peer."""
    value, unit, peer = figures
    content = {
        "name": name,
        "value": round(value, 2),
        "unit": unit,
        "peer": None if peer is None else round(peer, 2),
        "ratio": round(value / peer, 3) if peer else None,
        "goal": goal[0],
        "met": goal[1],
    }
    print(json.dumps(content | more), flush=True)


if __name__ == "__main__":
    main()
