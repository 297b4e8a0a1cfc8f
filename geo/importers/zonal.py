"""Figures of a raster by unit."""

import json
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import shapely
from exactextract import exact_extract
from exactextract.feature import JSONFeatureSource
from exactextract.raster import NumPyRasterSource
from pyproj import Transformer
from rasterio.io import DatasetReader

from geo.crs import STORAGE_CRS

FIGURES = ["count", "mean", "min", "max", "sum"]


class ZoneFigures(NamedTuple):
    """A raster within one unit; a cell counts by the share of it that lies there.

    `mean`, `least` and `most` are in the raster's unit, `total` is the sum of its cells; `covered`
    is the share of the unit whose cells have a value.
    """

    mean: float
    least: float
    most: float
    total: float
    covered: float


def zone_figures(
    source: DatasetReader, zones: Mapping[str, shapely.Geometry]
) -> dict[str, ZoneFigures]:
    """Figures of the first band (float, NaN for no value) by zone, of those with any value.

    Zones are moved onto columns and rows, where a rotated raster lies as straight as any other.

    Args:
        zones: areas in degrees (EPSG:4326) by code.
    """
    onto = Transformer.from_crs(STORAGE_CRS, source.crs.to_wkt(), always_xy=True)
    back = ~source.transform

    def move(coordinates: np.ndarray) -> np.ndarray:
        x, y = onto.transform(coordinates[:, 0], coordinates[:, 1])
        columns, rows = back @ (np.asarray(x), np.asarray(y))
        # Rows run down, exactextract's coordinates up.
        return np.column_stack([columns, source.height - rows])

    frame = shapely.box(0, 0, source.width, source.height)
    moved = {code: shapely.transform(area, move) for code, area in zones.items()}
    inside = {code: area for code, area in moved.items() if _meets(area, frame)}
    if not inside:
        return {}
    cells = source.read(1)
    features = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": json.loads(shapely.to_geojson(area)),
        }
        for code, area in inside.items()
    ]
    found = exact_extract(
        NumPyRasterSource(cells, nodata=np.nan),
        JSONFeatureSource(features),
        FIGURES,
        include_cols=["code"],
    )
    told = (one["properties"] for one in found)
    return {
        one["code"]: _told(one, shapely.area(inside[one["code"]])) for one in told if one["count"]
    }


def _meets(area: shapely.Geometry, frame: shapely.Geometry) -> bool:
    """Whether an area, which the raster's system may not know at all, reaches into the raster."""
    bounds = shapely.bounds(area)
    return bool(np.isfinite(bounds).all() and shapely.box(*bounds).intersects(frame))


def _told(figures: Mapping[str, float], cells: float) -> ZoneFigures:
    covered = min(1.0, figures["count"] / cells) if cells else 1.0
    return ZoneFigures(figures["mean"], figures["min"], figures["max"], figures["sum"], covered)
