"""Units simplified for drawing, with shared edges still shared."""

from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

WEB_MERCATOR = 3857


@dataclass(frozen=True, slots=True)
class ZoomBand:
    """Tiles up to `max_zoom` are cut from shapes simplified by `tolerance_m`.

    The tolerance is in EPSG:3857 metres, about half a pixel of a 512-pixel tile at that zoom: what
    is left out could not be seen.
    """

    max_zoom: int
    tolerance_m: float


ZOOM_BANDS = (
    ZoomBand(4, 2400),
    ZoomBand(5, 1200),
    ZoomBand(7, 300),
    ZoomBand(9, 75),
    ZoomBand(22, 0),
)


def band_for(zoom: int) -> int:
    """The `max_zoom` of the band that serves tiles of a zoom."""
    return next(band.max_zoom for band in ZOOM_BANDS if zoom <= band.max_zoom)


def simplified(units: geopandas.GeoSeries, band: ZoomBand) -> NDArray[np.object_]:
    """MultiPolygons in EPSG:3857, shape (units,), simplified as a coverage (Visvalingam).

    Units so small that nothing is left of them keep their shape, so that none vanishes.

    Args:
        units: polygons in EPSG:4326 that share edges with their neighbours.
    """
    projected = units.to_crs(WEB_MERCATOR).to_numpy()
    if band.tolerance_m == 0:
        return multi(projected)
    reduced = shapely.coverage_simplify(projected, band.tolerance_m)
    lost = shapely.is_empty(reduced) | ~shapely.is_valid(reduced)
    reduced[lost] = projected[lost]
    return multi(reduced)


def multi(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Every polygon as a MultiPolygon, the one type that the store keeps."""
    single = shapely.get_type_id(geometries) == shapely.GeometryType.POLYGON
    result = geometries.copy()
    result[single] = [shapely.multipolygons([geometry]) for geometry in geometries[single]]
    return result
