"""Writing and reading boundary editions."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import geopandas
import numpy as np
import pandas
import pyarrow
import shapely
from sqlalchemy import Connection, text

from geo.boundaries.grid import unit_cells
from geo.boundaries.shapes import ZOOM_BANDS, multi, simplified
from geo.store.bulk import copy_rows, copy_table

EDITIONS = {"2024": (None, date(2025, 6, 30)), "2025": (date(2025, 7, 1), None)}
SURVEYED_TOLERANCE_M = 50.0
FINEST_FIRST = ("commune", "district", "province")


@dataclass(frozen=True, slots=True)
class LayerSource:
    """Where the units of a layer come from, and how far their edges can be trusted."""

    source: str
    licence: str
    approximate: bool
    edge_tolerance_m: float = SURVEYED_TOLERANCE_M


def replace_layer(
    connection: Connection,
    edition: str,
    level: str,
    units: geopandas.GeoDataFrame,
    source: LayerSource,
) -> str:
    """Put the units of one level of an edition in place of those that were there.

    Runs inside the caller's transaction, so that a swap is seen whole or not at all.

    Args:
        units: code, name, full_name, name_en, unit_type, parent_code, official_area_km2,
            is_land_border, neighbours, border_length_m and geometry (polygons, EPSG:4326).

    Returns:
        The fingerprint of the layer: SHA-256 of codes and geometries.
    """
    units = units.sort_values("code").reset_index(drop=True)
    geometries = multi(units.geometry.to_numpy())
    wkb = shapely.to_wkb(geometries, include_srid=False)
    fingerprint = layer_fingerprint(units["code"], wkb)
    key = {"edition": edition, "level": level}
    connection.execute(
        text("DELETE FROM boundary_layer WHERE edition = :edition AND level = :level"), key
    )
    connection.execute(
        text(
            "INSERT INTO boundary_layer (edition, level, source, licence, approximate,"
            " edge_tolerance_m, fingerprint, unit_count) VALUES (:edition, :level, :source,"
            " :licence, :approximate, :edge_tolerance_m, :fingerprint, :unit_count)"
        ),
        key
        | {name: getattr(source, name) for name in LayerSource.__slots__}
        | {"fingerprint": fingerprint, "unit_count": len(units)},
    )
    _write_units(connection, key, units, geometries)
    _write_shapes(connection, key, units)
    if level == finest_level(connection, edition):
        _write_cells(connection, edition)
    return fingerprint


def layer_fingerprint(codes: Iterable[str], wkb: Iterable[bytes]) -> str:
    """SHA-256 over codes and geometries in order, in hexadecimal."""
    digest = hashlib.sha256()
    for code, geometry in zip(codes, wkb, strict=True):
        digest.update(code.encode())
        digest.update(geometry)
    return digest.hexdigest()


def _write_units(
    connection: Connection,
    key: Mapping[str, str],
    units: geopandas.GeoDataFrame,
    geometries: np.ndarray,
) -> None:
    frame = pandas.DataFrame(
        {
            **key,
            **{
                name: units[name]
                for name in (
                    "code",
                    "name",
                    "full_name",
                    "name_en",
                    "unit_type",
                    "parent_code",
                    "official_area_km2",
                    "is_land_border",
                    "neighbours",
                    "border_length_m",
                )
            },
            "area_km2": geodesic_area_km2(units.geometry),
            "label_point": shapely.to_wkb(
                shapely.set_srid(shapely.point_on_surface(_largest_part(geometries)), 4326),
                hex=True,
                include_srid=True,
            ),
            "geom": shapely.to_wkb(shapely.set_srid(geometries, 4326), hex=True, include_srid=True),
        }
    )
    copy_rows(connection, "unit", list(frame.columns), _plain_rows(frame))
    # Each shape that follows must belong to a unit: without it by looking through them all.
    connection.execute(text("ANALYZE unit"))


def _plain_rows(frame: pandas.DataFrame) -> Iterable[tuple[object, ...]]:
    """Rows of Python values; what pandas holds as missing becomes None."""
    columns = [
        [list(value) for value in series]
        if series.name == "neighbours"
        else series.astype(object).where(series.notna(), None)
        for _, series in frame.items()
    ]
    return zip(*columns, strict=True)


def _largest_part(geometries: np.ndarray) -> np.ndarray:
    """The largest polygon of each: a label belongs on it, not between islands."""
    return np.array(
        [max(geometry.geoms, key=lambda part: part.area) for geometry in geometries], dtype=object
    )


def geodesic_area_km2(geometries: geopandas.GeoSeries) -> np.ndarray:
    """Areas on the WGS 84 ellipsoid in km², shape (units,), of polygons in EPSG:4326."""
    geod = geometries.crs.get_geod()
    polygons, unit = shapely.get_parts(geometries.to_numpy(), return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    areas = np.array(
        [
            abs(geod.polygon_area_perimeter(*positions.T)[0])
            for positions in np.split(points, np.flatnonzero(np.diff(ring)) + 1)
        ]
    )
    # The first ring of a polygon is its shell, the others are holes in it.
    is_shell = np.diff(polygon, prepend=-1) > 0
    signed = np.where(is_shell, areas, -areas)
    return np.bincount(unit[polygon], signed, len(geometries)) / 1e6


def _write_shapes(
    connection: Connection, key: Mapping[str, str], units: geopandas.GeoDataFrame
) -> None:
    for band in ZOOM_BANDS:
        shapes = shapely.set_srid(simplified(units.geometry, band), 3857)
        wkb = shapely.to_wkb(shapes, hex=True, include_srid=True)
        copy_rows(
            connection,
            "unit_shape",
            ["edition", "level", "max_zoom", "code", "geom"],
            (
                (key["edition"], key["level"], band.max_zoom, code, shape)
                for code, shape in zip(units["code"], wkb, strict=True)
            ),
        )


def _write_cells(connection: Connection, edition: str) -> None:
    """Build the grid of an edition anew over its finest level."""
    connection.execute(text("DELETE FROM unit_cell WHERE edition = :edition"), {"edition": edition})
    level = finest_level(connection, edition)
    codes, geometries = zip(
        *connection.execute(
            text(
                "SELECT code, ST_AsBinary(geom) FROM unit"
                " WHERE edition = :edition AND level = :level ORDER BY code"
            ),
            {"edition": edition, "level": level},
        ),
        strict=True,
    )
    cells = unit_cells(shapely.from_wkb(np.array(geometries, dtype=object)))
    # In the order of the key, which grows so at its end alone.
    order = np.lexsort((cells.unit, cells.cell))
    rows = pyarrow.table(
        {
            "cell": cells.cell[order],
            "edition": pyarrow.repeat(edition, len(order)),
            "code": pyarrow.array(codes).take(pyarrow.array(cells.unit[order])),
            "level": pyarrow.repeat(level, len(order)),
            "inside": cells.inside[order],
        }
    )
    copy_table(connection, "unit_cell", rows)
    connection.execute(text("ANALYZE unit_cell, unit_shape"))


def finest_level(connection: Connection, edition: str) -> str:
    """The finest level that is loaded of an edition: communes, where they are there."""
    loaded = set(
        connection.scalars(
            text("SELECT level FROM boundary_layer WHERE edition = :edition"), {"edition": edition}
        )
    )
    return next(level for level in FINEST_FIRST if level in loaded)


def ensure_editions(connection: Connection) -> None:
    """Write the two editions, if they are not there yet."""
    for name, (valid_from, valid_to) in EDITIONS.items():
        connection.execute(
            text(
                "INSERT INTO boundary_edition (name, valid_from, valid_to)"
                " VALUES (:name, :valid_from, :valid_to) ON CONFLICT DO NOTHING"
            ),
            {"name": name, "valid_from": valid_from or date(1975, 4, 30), "valid_to": valid_to},
        )


def stored_units(connection: Connection, edition: str, level: str) -> geopandas.GeoDataFrame:
    """The units of a layer as they stand, by code, with geometry in EPSG:4326."""
    rows = connection.execute(
        text(
            "SELECT code, name, full_name, name_en, unit_type, parent_code, official_area_km2,"
            " is_land_border, ST_AsBinary(geom) AS geometry FROM unit"
            " WHERE edition = :edition AND level = :level ORDER BY code"
        ),
        {"edition": edition, "level": level},
    ).all()
    frame = pandas.DataFrame(rows, columns=list(rows[0]._fields) if rows else ["code", "geometry"])
    shapes = shapely.from_wkb(frame.pop("geometry").to_numpy(object))
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs=4326)


def unit_codes(connection: Connection, edition: str, level: str) -> list[str]:
    """The codes of a layer in ascending order; empty where it is not loaded."""
    statement = "SELECT code FROM unit WHERE edition = :edition AND level = :level ORDER BY code"
    return list(connection.scalars(text(statement), {"edition": edition, "level": level}))


def layers(connection: Connection, edition: str) -> dict[str, bool]:
    """The levels that are loaded of an edition, each with whether it is approximate."""
    rows = connection.execute(
        text("SELECT level, approximate FROM boundary_layer WHERE edition = :edition"),
        {"edition": edition},
    )
    return {row.level: row.approximate for row in rows}
