"""Raster layers that are made of the boundaries themselves."""

import tempfile
from pathlib import Path

import geopandas
import numpy as np
import rasterio
from sqlalchemy import Connection, Engine

from geo.analysis.density_grid import coverage_of, grid_over, projected
from geo.boundaries.border_distance import border_pieces, point_distances
from geo.crs import STORAGE_CRS, equal_area_crs
from geo.errors import InputError
from geo.pipeline.rasters import NewRaster, put_raster
from geo.places.seas import ARCHIPELAGOS
from geo.store.border import border_fingerprint, unit_shapes
from geo.store.database import transaction
from geo.store.rasters import BORDER_DISTANCE, KEPT, list_rasters
from geo.store.reference import border_lines

CELL_M = 1_000
NO_DATA = -9999.0
KILOMETRE = 1_000


def derive_border_distance(engine: Engine, folder: Path, *, only_again: bool = False) -> bool:
    """Put the distance from the land border on the map, if that of these boundaries is not there.

    Its file is named after the boundaries that it was made of. That of others stays on the map
    until the new one takes its place.

    Args:
        only_again: make it only where there is one of other boundaries.

    Returns:
        Whether it was made.

    Raises:
        InputError: no boundaries of 2025 are loaded.
        ResourceError: there is no room, or no right to write.
    """
    with tempfile.TemporaryDirectory(prefix="bienmap-raster-") as directory:
        with transaction(engine) as connection:
            name = f"border-distance-{border_fingerprint(connection)[:16]}.tif"
            there = {one["name"]: one for one in list_rasters(connection, KEPT)}
            before = there.get(BORDER_DISTANCE)
            if before["file_name"] == name if before else only_again:
                return False
            path = Path(directory) / name
            _write_distance(connection, path)
        titles = ("Khoảng cách đến biên giới đất liền", "Distance from the land border")
        new = NewRaster(path, name, BORDER_DISTANCE, *titles, unit="km", audience="everyone")
        put_raster(engine, folder, new, replaced=before["id"] if before else None)
    return True


def _write_distance(connection: Connection, path: Path) -> None:
    """A GeoTIFF of kilometres from the middles of cells to the border.

    There is none in Hoàng Sa and Trường Sa, as units there have none.
    """
    lines, units = border_lines(connection), unit_shapes(connection)
    units = units[units["edition"] == "2025"]
    provinces, communes = (units[units["level"] == level] for level in ("province", "commune"))
    if lines.empty or provinces.empty or communes.empty:
        raise InputError(
            "raster.no_boundaries",
            "Chưa nạp địa giới 2025 hoặc đường biên giới. Hãy chạy"
            " `bienmap boundaries load-embedded`.",
            "Boundaries of 2025 or the border are not loaded. Run"
            " `bienmap boundaries load-embedded`.",
        )
    at_sea = [unit for waters in ARCHIPELAGOS for unit in waters.islands]
    keys = communes.set_index(["edition", "level", "code"]).index
    region = projected(communes.geometry[~keys.isin(at_sea)])
    grid = grid_over(region, CELL_M)
    row, column = np.nonzero(coverage_of(grid, region) > 0)
    middles = geopandas.points_from_xy(
        grid.west + (column + 0.5) * CELL_M,
        grid.north - (row + 0.5) * CELL_M,
        crs=equal_area_crs(),
    )
    places = geopandas.GeoSeries(middles).to_crs(STORAGE_CRS)
    values = np.full(grid.shape, NO_DATA, np.float32)
    values[row, column] = point_distances(places, border_pieces(lines, provinces)) / KILOMETRE
    profile = {
        "driver": "GTiff", "height": grid.shape[0], "width": grid.shape[1], "count": 1,
        "dtype": "float32", "nodata": NO_DATA, "transform": grid.transform,
        "crs": rasterio.CRS.from_wkt(equal_area_crs().to_wkt()), "compress": "deflate",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as made:
        made.write(values, 1)
