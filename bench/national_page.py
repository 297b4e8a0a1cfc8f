"""The national hotspot page against a stock folium.Choropleth page of the same 3,321 communes.

    make bench

Both in the same Chromium with the CPU slowed four times, caches cold, in turn, medians of three
visits: bytes over the wire (gzip on both sides) and time from the start of the visit to the first
frame in which 95 % of 200 sample communes have the colour that they keep. Frames are those that
Chromium's screencast delivers. On our page that frame shows the server's drawing of the map; when
the live map has taken its place is printed beside it. The stock page is spared what would slow it:
its polygons are simplified to 200 m (ours grow finer as one zooms in) and have 5 decimals, its
outside files come from this host, and all of them but Leaflet are empty. Real boundaries are taken
from beside the checkout.
"""

import base64
import io
import json
import re
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import geopandas
import numpy as np
import pandas
import rasterio
import shapely
import uvicorn
from numpy.typing import NDArray
from playwright.sync_api import Browser, sync_playwright
from rasterio.io import MemoryFile
from sqlalchemy import Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cli.server_process import listen  # noqa: E402
from geo.demo.loading import load_demo  # noqa: E402
from geo.pipeline import (  # noqa: E402
    BoundaryFile,
    import_boundaries,
    load_embedded_boundaries,
    run_standard,
)
from geo.settings import load_settings  # noqa: E402
from geo.store.database import create_engine, migrate  # noqa: E402
from layers.themes import HOTSPOT_CLASSES  # noqa: E402
from web.app import create_app  # noqa: E402

COMMUNES = ROOT.parent / "shared" / "boundaries" / "vn-communes-2025.fgb"
WIDTH, HEIGHT, VISITS, SAMPLES = 1440, 900, 3, 200
PEER_TOLERANCE_DEGREES = 0.002
# Largest difference of a channel between two frames in which a place has the same colour: frames
# are PNG, and the neutral class of the stock page is 8 from the white of an empty one.
TOLERANCE = 3
LEAFLET = {"leaflet.js", "leaflet.css"}
CENTRE, ZOOM = (15.41, 109.49), 6
BYTES_GOAL, TIME_GOAL = 1 / 4, 1 / 3
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit cost."""

    kilobytes: float
    seconds: float
    live: float = 0.0


def main() -> None:
    """Print two JSON lines."""
    settings = load_settings()
    engine = create_engine(settings.database_url)
    prepare(engine)
    codes, points, html = communes_and_peer_page(engine)
    with (
        serving(create_app(settings)) as ours,
        serving(peer_application(html)) as theirs,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        visits = [
            (visit(browser, ours, points, is_ours=True), visit(browser, theirs, points))
            for _ in range(VISITS + 1)
        ][1:]
        browser.close()
    units = len(codes)
    report("bytes of the national hotspot page", "kB", units, visits, "kilobytes", BYTES_GOAL)
    report("time to the coloured national map, CPU / 4", "s", units, visits, "seconds", TIME_GOAL)


def prepare(engine: Engine) -> None:
    """Real communes where they are at hand, demo records, hotspots."""
    settings = load_settings()
    migrate(settings.database_url)
    load_embedded_boundaries(engine, settings)
    with engine.connect() as connection:
        approximate = connection.scalar(
            text(
                "SELECT approximate FROM boundary_layer"
                " WHERE edition = '2025' AND level = 'commune'"
            )
        )
    if approximate and COMMUNES.exists():
        import_boundaries(engine, BoundaryFile([COMMUNES], "2025", "commune", "code", "name"))
    load_demo(engine)
    run_standard(engine)


def communes_and_peer_page(engine: Engine) -> tuple[list[str], NDArray[np.float64], str]:
    """Codes, points deep inside communes (degrees), and the stock page as HTML."""
    shapes = geopandas.read_postgis(
        text(
            "SELECT code, unit.full_name AS name, coalesce(class, 0) AS class,"
            " ST_X(label_point) AS lon, ST_Y(label_point) AS lat,"
            " geom FROM unit"
            " LEFT JOIN hotspot_result AS result USING (code)"
            " WHERE edition = '2025' AND level = 'commune'"
            " AND run_id = (SELECT id FROM hotspot_run WHERE edition = '2025'"
            "  AND level = 'commune' AND NOT (parameters ->> 'border_only')::boolean"
            "  AND standard_at IS NOT NULL ORDER BY standard_at DESC LIMIT 1)"
            # Far from every edge, where a line drawn on it cannot hide the commune's colour.
            " ORDER BY ST_Distance("
            "  ST_Transform(label_point, 3857), ST_Transform(ST_Boundary(geom), 3857)) DESC"
        ),
        engine,
    )
    points = shapes[["lon", "lat"]].to_numpy()[:SAMPLES]
    shapes = shapes[["code", "name", "class", "geom"]]
    simple = shapely.coverage_simplify(shapes.geometry.to_numpy(), PEER_TOLERANCE_DEGREES)
    shapes["geom"] = shapely.set_precision(simple, 1e-5)
    return list(shapes["code"]), points, stock_page(shapes)


def stock_page(shapes: geopandas.GeoDataFrame) -> str:
    """What folium's documentation shows: GeoJSON in the page, coloured by a table."""
    page = folium.Map(location=CENTRE, zoom_start=ZOOM, tiles=None)
    choropleth = folium.Choropleth(
        geo_data=shapes.to_json(),
        data=pandas.DataFrame(shapes[["code", "class"]]),
        columns=["code", "class"],
        key_on="feature.properties.code",
        fill_color="RdBu",
        fill_opacity=1,
        line_weight=0.3,
        bins=[-3, -2, -1, 0, 1, 2, 3, 4],
    )
    # The colour bar needs one more outside library.
    for name, child in list(choropleth._children.items()):
        if "color_map" in name:
            del choropleth._children[child.get_name()]
    choropleth.add_to(page)
    html: str = page.get_root().render()
    return html


def peer_application(html: str) -> Starlette:
    """Serves the stock page with its outside files from here: Leaflet, and empty ones."""
    leaflet = ROOT / "node_modules" / "leaflet" / "dist"
    outside = re.findall(r'(?:src|href)="(https?://[^"]+)"', html)
    for url in outside:
        html = html.replace(url, "/asset/" + url.rsplit("/", 1)[1])

    def page(_: Request) -> Response:
        return Response(html, media_type="text/html")

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        content = (leaflet / name).read_bytes() if name in LEAFLET else b""
        return Response(content, media_type=kind)

    routes = [Route("/", page), Route("/asset/{name}", asset)]
    return Starlette(routes=routes, middleware=[Middleware(GZipMiddleware, compresslevel=6)])


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """A server in a thread; yields its address."""
    door = listen("127.0.0.1", 19_000, tried=500)
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{door.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


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
    centre = mercator(np.array([[longitude, latitude]])) * world
    offset = mercator(points) * world - centre
    middle = np.array([box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
    pixels = offset + middle
    inside = (pixels > [box["x"], box["y"]]).all(axis=1)
    inside &= (pixels < [box["x"] + box["width"], box["y"] + box["height"]]).all(axis=1)
    chosen: NDArray[np.int64] = pixels[inside].astype(int)
    if len(chosen) < SAMPLES * 0.9:
        raise RuntimeError(f"only {len(chosen)} of {SAMPLES} sample communes are in view")
    return chosen


def mercator(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Web Mercator in a square of side 1, y downwards; points are longitude, latitude."""
    latitude = np.radians(points[:, 1])
    y = 0.5 - np.log(np.tan(np.pi / 4 + latitude / 2)) / (2 * np.pi)
    return np.column_stack([points[:, 0] / 360 + 0.5, y])


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
