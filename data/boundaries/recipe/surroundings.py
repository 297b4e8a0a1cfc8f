"""Land around Vietnam for the map's background: one shape, and the borders of countries in it.

From the same OpenStreetMap outline as the rest (outline.py), whose polygons give Hoàng Sa to
another country. So no island below SMALLEST_KM2 is taken: what remains are the continent and large
islands, none of them in the two archipelagos. It is background, drawn to about a kilometre.
"""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

# West, south, east, north in degrees: what the map can show, and what it mostly shows.
SHOWN = (25.0, -50.0, 180.0, 72.0)
NEAR = (98.0, 4.0, 121.0, 27.0)
NEAR_TOLERANCE, FAR_TOLERANCE = 0.015, 0.25
SMALLEST_KM2 = 5000.0
# The land reaches so far under Vietnam's own units, and over rivers that the source leaves out.
UNDERLAP, RIVERS, WIDEST_RIVER, SEAM = 0.15, 0.02, 0.06, 0.05
SHORTEST_BORDER = 0.3
# Countries whose borders lie wholly in what is mostly shown; China's would end somewhere inside it.
BORDERED = ("LAO", "KHM")
DIGITS = 2


def build(map_file: Path, target: Path) -> None:
    """Write land and borders as GeoJSON; EPSG:4326, two decimals."""
    countries = _read(map_file)
    vietnam = countries.pop("VNM")
    abroad = shapely.union_all(list(countries.values()), grid_size=1e-4)
    under = shapely.intersection(vietnam, abroad.simplify(0.02).buffer(UNDERLAP))
    land = shapely.union_all([abroad, under], grid_size=1e-4).buffer(RIVERS).buffer(-RIVERS)
    features = [
        {"type": "Feature", "properties": {"kind": kind}, "geometry": _written(shape)}
        for kind, shape in (("land", _large(_coarse(land))), ("border", _borders(countries)))
    ]
    content = {"type": "FeatureCollection", "features": features}
    target.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def _read(map_file: Path) -> dict[str, BaseGeometry]:
    """All countries in what is shown, without the details that nobody sees at this scale."""
    features = json.loads(map_file.read_text(encoding="utf-8"))["features"]
    found = {}
    for feature in features:
        shape = shapely.clip_by_rect(shapely.geometry.shape(feature["geometry"]), *SHOWN)
        parts = [
            shapely.polygons(part.exterior)
            for part in shapely.get_parts(shape)
            if part.geom_type == "Polygon" and part.area > 0.01
        ]
        if parts:
            coarse = shapely.simplify(shapely.multipolygons(parts), 0.002)
            found[feature["properties"]["A3"]] = shapely.make_valid(coarse)
    return found


def _coarse(land: BaseGeometry) -> BaseGeometry:
    """The land, finer near Vietnam than far from it."""
    near = shapely.clip_by_rect(land, *NEAR).simplify(NEAR_TOLERANCE)
    far = shapely.difference(land, shapely.box(*NEAR)).simplify(FAR_TOLERANCE)
    # Simplified apart, the two do not quite meet along the box.
    far = far.buffer(SEAM, join_style="mitre", mitre_limit=2)
    return shapely.union_all([near, far], grid_size=10**-DIGITS)


def _large(land: BaseGeometry) -> BaseGeometry:
    """The continent and large islands; lakes are filled."""
    parts = gpd.GeoSeries(shapely.get_parts(land), crs=4326)
    areas = parts.to_crs("EPSG:6933").area / 1e6
    return shapely.multipolygons(shapely.polygons(parts[areas > SMALLEST_KM2].exterior.to_list()))


def _borders(countries: dict[str, BaseGeometry]) -> BaseGeometry:
    """The land borders that Laos and Cambodia have with each other and with others."""
    around = shapely.box(*NEAR)
    lines = []
    for code in BORDERED:
        others = [shape for other, shape in countries.items() if other != code]
        near = shapely.intersection(shapely.union_all(others, grid_size=1e-4), around)
        # Without the bays that a river's islands and mouths cut into its bank.
        bank = max(shapely.get_parts(countries[code].buffer(RIVERS).buffer(-RIVERS)), key=_size)
        edge = shapely.intersection(bank.exterior, near.buffer(WIDEST_RIVER))
        parts = shapely.get_parts(shapely.line_merge(edge))
        lines += [part.simplify(NEAR_TOLERANCE) for part in parts if part.length > SHORTEST_BORDER]
    return shapely.multilinestrings(lines)


def _size(shape: BaseGeometry) -> float:
    return float(shape.area)


def _written(shape: BaseGeometry) -> dict[str, object]:
    rounded = shapely.set_precision(shape, 10**-DIGITS, mode="pointwise")
    written: dict[str, object] = shapely.geometry.mapping(
        shapely.transform(rounded, lambda points: points.round(DIGITS))
    )
    return written
