"""What the map of a briefing is drawn from: a province and what lies around it, in metres."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import geopandas
import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection

from geo.boundaries.shapes import band_for
from geo.crs import STORAGE_CRS, equal_area_crs, metric_crs
from geo.store.database import query
from geo.store.packs import OUTLINE_ZOOM
from geo.store.reference import border_lines
from geo.store.units import features

# Beyond this a UTM zone no longer measures well: Khánh Hòa reaches to Trường Sa.
WIDEST_ZONE_DEGREES = 5.0
# How far around the province the map may reach, in parts of its larger side.
SURROUNDINGS = 1.0
# What the sea off a province may be called; around Cà Mau it is either.
Sea = Literal["sea_east", "sea_gulf", "sea"]
SOUTH, WEST, EAST = 11.0, 105.0, 105.6


@dataclass(frozen=True, slots=True)
class Named:
    """A shape, in metres, with what it is called in both languages."""

    name: str
    name_en: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Ground:
    """Shapes in metres of the system that `crs` names; communes by code.

    `provinces` are the other ones of the country, `borders` the land border by neighbour (ISO
    3166-1 alpha-3), `land` all land, coarse, for what is neither province nor sea.
    """

    crs: str
    communes: dict[str, BaseGeometry]
    provinces: Sequence[Named]
    borders: dict[str, BaseGeometry]
    gates: Sequence[Named]
    land: BaseGeometry
    sea: Sea


def read_ground(
    connection: Connection,
    province: str,
    bounds: Sequence[float],
    surroundings: Path,
) -> Ground:
    """Read and project them.

    Args:
        province: its code of 2025.
        bounds: west, south, east, north of the province in degrees.
        surroundings: GeoJSON of the land around Vietnam.
    """
    west, south, east, north = bounds
    crs = _system(bounds)
    reach = SURROUNDINGS * max(east - west, north - south)
    box = (west - reach, south - reach, east + reach, north + reach)
    band = band_for(OUTLINE_ZOOM)
    communes = connection.execute(query("pack_outlines"), {"province": province, "band": band})
    shapes = {row.code: shapely.from_wkb(bytes(row.outline)) for row in communes}
    edges = dict(zip(("west", "south", "east", "north"), box, strict=True))
    around = connection.execute(query("provinces_around"), {"band": band, **edges})
    others = [row for row in around if row.code != province]
    lines = border_lines(connection)
    gates = [one for one in features(connection, "border_gates")["features"] if one["geometry"]]
    return Ground(
        crs=crs.name if crs.to_epsg() is None else f"{crs.name} (EPSG:{crs.to_epsg()})",
        communes=dict(zip(shapes, _projected(shapes.values(), crs), strict=True)),
        provinces=_named(
            [(row.name, row.name_en, shapely.from_wkb(bytes(row.outline))) for row in others], crs
        ),
        borders=dict(
            zip(lines["neighbour"], _projected(_within(lines.geometry, box), crs), strict=True)
        ),
        gates=_named([_gate(one) for one in gates if _is_inside(one, box)], crs),
        land=_projected(_within([_land(surroundings)], box), crs)[0],
        sea=_sea((west + east) / 2, (south + north) / 2),
    )


def _system(bounds: Sequence[float]) -> CRS:
    west, south, east, north = bounds
    if max(east - west, north - south) > WIDEST_ZONE_DEGREES:
        return equal_area_crs()
    return metric_crs((west + east) / 2, (south + north) / 2)


def _sea(longitude: float, latitude: float) -> Sea:
    if latitude > SOUTH or longitude > EAST:
        return "sea_east"
    return "sea_gulf" if longitude < WEST else "sea"


def _projected(shapes: Iterable[BaseGeometry], crs: CRS) -> list[BaseGeometry]:
    return list(geopandas.GeoSeries(list(shapes), crs=STORAGE_CRS).to_crs(crs))


def _within(
    shapes: Iterable[BaseGeometry], box: tuple[float, float, float, float]
) -> list[BaseGeometry]:
    return [shapely.intersection(shape, shapely.box(*box)) for shape in shapes]


def _named(found: Sequence[tuple[str, str, BaseGeometry]], crs: CRS) -> tuple[Named, ...]:
    shapes = _projected((shape for _, _, shape in found), crs)
    return tuple(
        Named(name, name_en, shape) for (name, name_en, _), shape in zip(found, shapes, strict=True)
    )


def _gate(feature: dict[str, Any]) -> tuple[str, str, BaseGeometry]:
    told = feature["properties"]
    return told["name_vi"], told["name_en"], shapely.Point(feature["geometry"]["coordinates"])


def _is_inside(feature: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    return bool(shapely.box(*box).contains(shapely.Point(feature["geometry"]["coordinates"])))


def _land(surroundings: Path) -> BaseGeometry:
    found = json.loads(surroundings.read_text(encoding="utf-8"))["features"]
    parts = [
        shapely.from_geojson(json.dumps(one["geometry"]))
        for one in found
        if one["properties"]["kind"] == "land"
    ]
    return shapely.union_all(shapely.make_valid(np.array(parts, dtype=object)))
