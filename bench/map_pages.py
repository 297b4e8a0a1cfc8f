"""What the national map of ours shows, and a stock Folium page of the same communes.

For benchmarks; nothing to run by itself. The stock page is spared what would slow it: its polygons
are simplified to 200 m (ours grow finer as one zooms in) and have 5 decimals, its outside files
come from this host, and all of them but Leaflet are empty. Real boundaries are taken from beside
the checkout.
"""

import re
import sys
from pathlib import Path

import folium
import geopandas
import numpy as np
import pandas
import shapely
from numpy.typing import NDArray
from sqlalchemy import Engine, text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from geo.demo.loading import load_demo  # noqa: E402
from geo.pipeline import (  # noqa: E402
    BoundaryFile,
    import_boundaries,
    load_embedded_boundaries,
    run_standard,
)
from geo.settings import Settings  # noqa: E402
from geo.store.database import migrate  # noqa: E402

COMMUNES = ROOT.parent / "shared" / "boundaries" / "vn-communes-2025.fgb"
WIDTH, HEIGHT, SAMPLES = 1440, 900, 200
PEER_TOLERANCE_DEGREES = 0.002
LEAFLET = {"leaflet.js", "leaflet.css"}
CENTRE, ZOOM = (15.41, 109.49), 6
EXECUTABLE = "/usr/bin/chromium"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def prepare(engine: Engine, settings: Settings) -> None:
    """Real communes where they are at hand, demo records, hotspots."""
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
