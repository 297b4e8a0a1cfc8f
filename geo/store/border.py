"""What follows from the land border: pieces, cells, bands, and the distances of units."""

import hashlib

import geopandas
import pandas
import pyarrow
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.boundaries.border_distance import BorderCells
from geo.boundaries.shapes import multi
from geo.store.bulk import copy_rows, copy_table
from geo.store.database import query
from geo.store.reference import ewkb

DERIVED = ("border_source", "border_piece", "border_cell", "border_band", "unit_border")


def border_fingerprint(connection: Connection) -> str:
    """SHA-256, in hexadecimal, of all that the tables of this module are made from."""
    return hashlib.sha256(connection.scalar(query("border_fingerprint")).encode()).hexdigest()


def is_current(connection: Connection, fingerprint: str) -> bool:
    """Whether what is stored was made from this border and these units."""
    return connection.scalar(text("SELECT fingerprint FROM border_source")) == fingerprint


def border_gates(connection: Connection) -> geopandas.GeoDataFrame:
    """The border gates by code: code, and a point in EPSG:4326."""
    rows = connection.execute(
        text("SELECT code, ST_AsBinary(point) FROM border_gate ORDER BY code")
    ).all()
    return geopandas.GeoDataFrame(
        {"code": [code for code, _ in rows]},
        geometry=shapely.from_wkb([point for _, point in rows]),
        crs=4326,
    )


def unit_shapes(connection: Connection) -> geopandas.GeoDataFrame:
    """All units: edition, level, code, is_land_border and polygons in EPSG:4326."""
    frame = pandas.DataFrame(
        connection.execute(
            text(
                "SELECT edition, level, code, is_land_border, ST_AsBinary(geom) AS geometry"
                " FROM unit ORDER BY edition, level, code"
            )
        ).all(),
        columns=["edition", "level", "code", "is_land_border", "geometry"],
    )
    shapes = shapely.from_wkb(frame.pop("geometry").to_numpy(object))
    return geopandas.GeoDataFrame(frame, geometry=shapes, crs=4326)


def country_cells(connection: Connection) -> NDArray:
    """The cells of the grid that meet a unit of 2025, ascending."""
    cells = connection.scalars(
        text("SELECT DISTINCT cell FROM unit_cell WHERE edition = '2025' ORDER BY cell")
    ).all()
    return pandas.array(cells, dtype="int32").to_numpy("int32")


def clear_derived(connection: Connection) -> None:
    """Empty the tables of this module."""
    for table in DERIVED:
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608  from the list above


def write_pieces(
    connection: Connection, pieces: geopandas.GeoDataFrame, cells: BorderCells, gates: list[str]
) -> None:
    """Keep the pieces of the border by their position, and the cells that name them.

    Args:
        gates: codes, at the positions that the cells name.
    """
    rows = zip(
        range(len(pieces)),
        pieces["neighbour"],
        pieces["section"],
        ewkb(pieces.geometry.to_numpy()),
        strict=True,
    )
    copy_rows(connection, "border_piece", ["id", "neighbour", "section", "geom"], rows)
    named = {
        "cell": cells.cell,
        "least_m": cells.least_m,
        "most_m": cells.most_m,
        "pieces": cells.pieces,
        "gates": [[gates[place] for place in one] for one in cells.gates],
    }
    copy_table(connection, "border_cell", pyarrow.table(named))
    connection.execute(text("ANALYZE border_piece, border_cell"))


def write_bands(connection: Connection, bands: geopandas.GeoDataFrame) -> None:
    """Keep the bands: band, neighbour and polygons in EPSG:4326."""
    shapes = ewkb(multi(bands.geometry.to_numpy()))
    rows = zip(bands["band"], bands["neighbour"], shapes, strict=True)
    copy_rows(connection, "border_band", ["band", "neighbour", "geom"], rows)


def write_unit_distances(connection: Connection, distances: pandas.DataFrame) -> None:
    """Keep how far units lie from the border; the columns are those of unit_border."""
    rows = distances.astype(object).itertuples(index=False, name=None)
    copy_rows(connection, "unit_border", list(distances.columns), rows)
    # Without it units are joined to their distances by comparing each with each.
    connection.execute(text("ANALYZE unit_border"))


def mark_current(connection: Connection, fingerprint: str) -> None:
    """Say from what the tables of this module were made."""
    connection.execute(
        text("INSERT INTO border_source (fingerprint) VALUES (:fingerprint)"),
        {"fingerprint": fingerprint},
    )
