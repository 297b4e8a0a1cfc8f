"""Land, islands and land border from the npm package @geo-maps/countries-land-100m (OpenStreetMap).

That source's country polygons give Hoàng Sa to another country and hold only bits of Trường Sa, so
of all its shapes only two are taken: Vietnam's land west of 110 degrees east, and the line that
the mainland shares with each neighbour. Hoàng Sa and Trường Sa come from the units' own figures.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

PACKAGE = "@geo-maps/countries-land-100m"
VERSION = "0.6.0"
# Equal areas, so that a cell's size can be held against the official area; metres.
EQUAL_AREA_CRS = "+proj=laea +lat_0=16 +lon_0=106 +datum=WGS84 +units=m"
NEIGHBOURS = ("CHN", "LAO", "KHM")
_EASTERN_LIMIT = 110.0
_INLET = 700.0


def fetch_package(folder: Path) -> Path:
    """Install the package with npm into ``folder`` (kept between runs) and return its map file."""
    target = folder / "node_modules" / PACKAGE / "map.geo.json"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--no-save", "--prefix", str(folder), f"{PACKAGE}@{VERSION}"],
            check=True,
        )
    return target


def read_countries(map_file: Path) -> dict[str, shapely.Geometry]:
    """Return the polygons of Vietnam and its neighbours, EPSG:4326, as the package has them."""
    features = json.loads(map_file.read_text(encoding="utf-8"))["features"]
    wanted = {"VNM", *NEIGHBOURS}
    return {
        feature["properties"]["A3"]: shapely.geometry.shape(feature["geometry"])
        for feature in features
        if feature["properties"]["A3"] in wanted
    }


def land_parts(countries: dict[str, shapely.Geometry]) -> list[shapely.Polygon]:
    """Return the mainland, then the coastal islands by falling size, EPSG:4326, 5 decimals.

    The package leaves lakes and wide rivers out of the land, but communes own their water: holes
    are filled, and so are inlets of the mainland under 1.4 km wide, never across the land border.
    """
    vietnam = shapely.make_valid(countries["VNM"])
    parts = [_filled(part) for part in shapely.get_parts(vietnam)]
    parts = [part for part in parts if part.bounds[0] < _EASTERN_LIMIT]
    mainland = to_equal_area(max(parts, key=lambda part: part.area))
    closed = mainland.buffer(_INLET).buffer(-_INLET).simplify(50)
    closed = gpd.GeoSeries([closed], crs=EQUAL_AREA_CRS).to_crs("EPSG:4326").iloc[0]
    neighbours = [part for code in NEIGHBOURS for part in _around(countries[code], closed)]
    water = shapely.difference(closed, shapely.union_all(neighbours))
    whole = shapely.union_all([*parts, water], grid_size=1e-5)
    result = [_filled(part) for part in shapely.get_parts(whole)]
    return sorted(result, key=lambda part: -part.area)


def _filled(part: shapely.Polygon) -> shapely.Polygon:
    return shapely.polygons(part.exterior)


def _around(country: shapely.Geometry, land: shapely.Geometry) -> list[shapely.Geometry]:
    """Return the country's polygons around ``land``, clipped and filled.

    Clipped before they are mended: mending the whole of China takes minutes.
    """
    box = shapely.box(*land.bounds).buffer(0.5)
    parts = [_filled(part) for part in shapely.get_parts(country) if part.intersects(box)]
    return [shapely.make_valid(shapely.clip_by_rect(part, *box.bounds)) for part in parts]


def land_border(countries: dict[str, shapely.Geometry]) -> gpd.GeoDataFrame:
    """Return the land border, one row a neighbour: the vertices the mainland shares with it.

    Rivers that both countries' land leaves out are crossed in a straight line. Tripoints and the
    two ends at the sea are where the shared vertices end.
    """
    mainland = max(shapely.get_parts(shapely.make_valid(countries["VNM"])), key=lambda p: p.area)
    ring = shapely.get_coordinates(mainland.exterior)[:-1]
    on_edge = {code: _shared(ring, countries[code]) for code in NEIGHBOURS}
    # Start the ring on the open coast, so that no stretch of border runs across its seam.
    start = _longest_false_run(np.any(list(on_edge.values()), axis=0))
    lines = [
        shapely.linestrings(np.roll(ring, -start, axis=0)[np.roll(mask, -start)])
        for mask in on_edge.values()
    ]
    return gpd.GeoDataFrame({"neighbour": list(NEIGHBOURS)}, geometry=lines, crs="EPSG:4326")


def _shared(ring: np.ndarray, neighbour: shapely.Geometry) -> np.ndarray:
    vertices = {tuple(vertex) for vertex in shapely.get_coordinates(neighbour).round(4)}
    return np.array([tuple(vertex) in vertices for vertex in ring.round(4)])


def _longest_false_run(mask: np.ndarray) -> int:
    """Return an index in the middle of the longest circular run of False."""
    true = np.flatnonzero(mask)
    gaps = np.diff(np.append(true, true[0] + len(mask)))
    widest = int(gaps.argmax())
    return int((true[widest] + gaps[widest] // 2) % len(mask))


def to_equal_area(geometry: shapely.Geometry) -> shapely.Geometry:
    """Project one EPSG:4326 geometry to the equal-area CRS, metres."""
    return gpd.GeoSeries([geometry], crs="EPSG:4326").to_crs(EQUAL_AREA_CRS).iloc[0]
