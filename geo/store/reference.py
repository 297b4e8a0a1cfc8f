"""What hangs on boundary editions: border lines, gates, crosswalk, outline."""

import geopandas
import numpy as np
import pandas
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.boundaries.shapes import multi
from geo.store.bulk import copy_rows

TABLES = ("crosswalk", "place_name", "unit_amendment")


def replace_rows(connection: Connection, target: str, rows: pandas.DataFrame) -> None:
    """Put a whole reference table in place of what it held; the columns are the table's own."""
    if target not in TABLES:
        raise ValueError(f"{target} is no reference table")
    connection.execute(text(f"DELETE FROM {target}"))  # noqa: S608  from the list above
    values = rows.astype(object).where(rows.notna(), None)
    copy_rows(connection, target, list(rows.columns), values.itertuples(index=False, name=None))


def replace_border(
    connection: Connection, lines: geopandas.GeoDataFrame, gates: pandas.DataFrame
) -> None:
    """Put the land border and its gates in place of those that are there.

    Args:
        lines: neighbour (ISO 3166-1 alpha-3), source and lines in EPSG:4326.
        gates: code, name_vi, name_en, neighbour, lon, lat (EPSG:4326), estimated, source.
    """
    connection.execute(text("DELETE FROM border_line"))
    shapes = np.array(
        [shapely.multilinestrings(shapely.get_parts(line)) for line in lines.geometry], dtype=object
    )
    copy_rows(
        connection,
        "border_line",
        ["neighbour", "source", "geom"],
        zip(lines["neighbour"], lines["source"], ewkb(shapes), strict=True),
    )
    connection.execute(text("DELETE FROM border_gate"))
    columns = ["code", "name_vi", "name_en", "neighbour", "estimated", "source"]
    points = geopandas.points_from_xy(gates["lon"], gates["lat"]).to_numpy()
    copy_rows(
        connection,
        "border_gate",
        [*columns, "point"],
        zip(*(gates[name] for name in columns), ewkb(points), strict=True),
    )


def replace_outline(connection: Connection, outline: geopandas.GeoDataFrame, source: str) -> None:
    """Put the national territory in place of the one that is there; polygons in EPSG:4326."""
    connection.execute(text("DELETE FROM country_outline"))
    whole = multi(outline.geometry.to_numpy())
    rows = ((f"{source} {number}", shape) for number, shape in enumerate(ewkb(whole), 1))
    copy_rows(connection, "country_outline", ["source", "geom"], rows)


def border_lines(connection: Connection) -> geopandas.GeoDataFrame:
    """The land border: neighbour and geometry in EPSG:4326."""
    rows = connection.execute(text("SELECT neighbour, ST_AsBinary(geom) FROM border_line")).all()
    return geopandas.GeoDataFrame(
        {"neighbour": [neighbour for neighbour, _ in rows]},
        geometry=shapely.from_wkb([line for _, line in rows]),
        crs=4326,
    )


def ewkb(shapes: NDArray[np.object_]) -> list[str]:
    """Geometries in EPSG:4326 as COPY takes them."""
    return list(shapely.to_wkb(shapely.set_srid(shapes, 4326), hex=True, include_srid=True))
