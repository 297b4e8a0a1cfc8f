"""The national hotspot page against a stock folium.Choropleth page of the same 3,321 communes.

    make bench

Both in the same Chromium with the CPU slowed four times, caches cold, in turn, medians of three
visits: bytes over the wire (gzip on both sides) and time from the start of the visit to the first
frame in which 95 % of 200 sample communes have the colour that they keep, less those over which our
page writes a name. Frames are those that Chromium's screencast delivers. On our page that frame
shows the server's drawing of the map; when the live map has taken its place is printed beside it.
The pages are those of map_pages.py, on a cluster of its own, which is removed at the end.
"""

import base64
import io
import json
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from playwright.sync_api import Browser, sync_playwright
from rasterio.io import MemoryFile

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from incident_store import own_cluster  # noqa: E402
from map_pages import (  # noqa: E402
    CENTRE,
    CHROMIUM,
    EXECUTABLE,
    HEIGHT,
    SAMPLES,
    WIDTH,
    ZOOM,
    communes_and_peer_page,
    peer_application,
    prepare,
)
from servers import serving  # noqa: E402
from web_mercator import on_square  # noqa: E402

from geo.store.database import create_engine  # noqa: E402
from layers.themes import HOTSPOT_CLASSES  # noqa: E402
from web.app import create_app  # noqa: E402

VISITS = 3
# Largest difference of a channel between two frames in which a place has the same colour: frames
# are PNG, and the neutral class of the stock page is 8 from the white of an empty one.
TOLERANCE = 3
# Of the samples so many must be in view, and not under a name.
LEAST_SHARE = 0.5
BYTES_GOAL, TIME_GOAL = 1 / 4, 1 / 3


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit cost."""

    kilobytes: float
    seconds: float
    live: float = 0.0


def main() -> None:
    """Print two JSON lines."""
    with own_cluster() as settings:
        engine = create_engine(settings.database_url)
        prepare(engine, settings)
        codes, points, html = communes_and_peer_page(engine)
        engine.dispose()
        with (
            serving(create_app(settings)) as ours,
            serving(peer_application(html)) as theirs,
            sync_playwright() as playwright,
            playwright.chromium.launch(executable_path=EXECUTABLE, args=CHROMIUM) as browser,
        ):
            visits = [
                (visit(browser, ours, points, is_ours=True), visit(browser, theirs, points))
                for _ in range(VISITS + 1)
            ][1:]
    units = len(codes)
    report("bytes of the national hotspot page", "kB", units, visits, "kilobytes", BYTES_GOAL)
    report("time to the coloured national map, CPU / 4", "s", units, visits, "seconds", TIME_GOAL)


def visit(
    browser: Browser, address: str, points: NDArray[np.float64], *, is_ours: bool = False
) -> Visit:
    """Open the page with cold caches and watch it until nothing changes any more."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    page = context.new_page()
    session = context.new_cdp_session(page)
    sent: list[float] = []
    frames: list[tuple[float, bytes]] = []

    def keep(frame: dict[str, Any]) -> None:
        frames.append((frame["metadata"]["timestamp"], base64.b64decode(frame["data"])))
        session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    session.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    session.on("Page.screencastFrame", keep)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    session.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
    page.goto(address, wait_until="load")
    begun = page.evaluate("performance.timeOrigin") / 1000
    live = 0.0
    if is_ours:
        # Not by a function of the page's: its policy forbids eval.
        page.wait_for_selector("#picture", state="detached")
        live = page.evaluate("performance.now()") / 1000
    page.wait_for_load_state("networkidle")
    settle(page, frames)
    places = sample_pixels(page, points, is_ours)
    context.close()
    return Visit(sum(sent) / 1000, coloured_at(frames, places) - begun, live)


def settle(page: Any, frames: list[Any]) -> None:
    """Wait until no frame came for two seconds, with at least one frame seen."""
    seen, deadline = -1, time.monotonic() + 60
    while (len(frames) != seen or not frames) and time.monotonic() < deadline:
        seen = len(frames)
        page.wait_for_timeout(2000)


def sample_pixels(page: Any, points: NDArray[np.float64], is_ours: bool) -> NDArray[np.int64]:
    """Where the sample communes lie on the screen: column, row."""
    zoom, (latitude, longitude) = ZOOM, CENTRE
    box = {"x": 0.0, "y": 0.0, "width": float(WIDTH), "height": float(HEIGHT)}
    if is_ours:
        view = page.evaluate("new URLSearchParams(location.hash.slice(1)).get('v')")
        zoom, latitude, longitude = (float(part) for part in view.split("/"))
        box = page.locator("#map").bounding_box()
    world = 256 * 2**zoom
    centre = np.array(on_square(longitude, latitude))
    offset = (np.column_stack(on_square(*points.T)) - centre) * world
    middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    pixels = offset + middle
    inside = (pixels > [box["x"], box["y"]]).all(axis=1)
    inside &= (pixels < [box["x"] + box["width"], box["y"] + box["height"]]).all(axis=1)
    if is_ours:
        inside &= ~under_names(page, pixels)
    chosen: NDArray[np.int64] = pixels[inside].astype(int)
    if len(chosen) < SAMPLES * LEAST_SHARE:
        raise RuntimeError(f"only {len(chosen)} of {SAMPLES} sample communes are in view")
    return chosen


def under_names(page: Any, pixels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which pixels a name on the map covers, by a margin of two; shape (pixels,)."""
    covered = np.zeros(len(pixels), np.bool_)
    for name in page.locator(".place > div").all():
        box = name.bounding_box() if name.is_visible() else None
        if box:
            least = np.array([box["x"], box["y"]]) - 2
            most = least + np.array([box["width"], box["height"]]) + 4
            covered |= ((pixels >= least) & (pixels <= most)).all(axis=1)
    return covered


def coloured_at(frames: list[tuple[float, bytes]], places: NDArray[np.int64]) -> float:
    """Time of the first frame in which nearly all samples have their last colour, and keep it."""
    colours = [(moment, pixels(frame, places)) for moment, frame in frames]
    final = colours[-1][1]
    classes = {tuple(bytes.fromhex(entry.colour[1:])) for entry in HOTSPOT_CLASSES}
    if len({tuple(colour) for colour in final}) < 2 or not classes:
        raise RuntimeError("the samples have one colour only: nothing to see")
    first = colours[-1][0]
    for moment, seen in reversed(colours):
        if (np.abs(seen.astype(int) - final.astype(int)).max(axis=1) <= TOLERANCE).mean() < 0.95:
            return first
        first = moment
    return first


def pixels(frame: bytes, places: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Colours of a frame at places, shape (places, 3)."""
    with MemoryFile(io.BytesIO(frame)) as memory, memory.open() as image:
        bands = image.read([1, 2, 3])
    colours: NDArray[np.uint8] = bands[:, places[:, 1], places[:, 0]].T
    return colours


def report(
    name: str, unit: str, units: int, visits: list[tuple[Visit, Visit]], part: str, goal: float
) -> None:
    """One figure as a JSON line."""
    value = statistics.median(getattr(ours, part) for ours, _ in visits)
    peer = statistics.median(getattr(theirs, part) for _, theirs in visits)
    line = {
        "name": f"{name}, {units:,} communes",
        "value": round(value, 2),
        "unit": unit,
        "peer": round(peer, 2),
        "ratio": round(value / peer, 3),
        "goal": f"ours / folium.Choropleth <= {goal:.3f}",
        "met": value / peer <= goal,
    }
    if part == "seconds":
        line["live"] = round(statistics.median(ours.live for ours, _ in visits), 2)
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    rasterio.env.set_gdal_config("GDAL_PAM_ENABLED", "NO")
    main()
