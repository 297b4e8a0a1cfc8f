"""The land border's bands: what of the country lies so many kilometres from it, for drawing.

Pure geometry. A filter by band measures each point on the ellipsoid; the shapes here follow that
measure to within some 100 m, the step to which they are simplified.
"""

from collections.abc import Collection
from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Proj

from geo.boundaries.border import METRIC_CRS

SIMPLIFIED_M = 100.0
_STEP_M = 500.0
# Sixteen edges for a quarter of a circle: 20 km out an arc is cut by less than 25 m.
_QUADRANT = 16


@dataclass(frozen=True, slots=True)
class Band:
    """Distances from the land border in metres, the first included and the last not."""

    name: str
    least_m: float
    most_m: float


BANDS = (
    Band("0-5", 0, 5_000),
    Band("5-10", 5_000, 10_000),
    Band("10-20", 10_000, 20_000),
)


def chosen_bands(names: Collection[str]) -> list[Band]:
    """The bands of these names; all of them if none is named."""
    return [band for band in BANDS if not names or band.name in names]


def border_bands(
    pieces: geopandas.GeoDataFrame, country: geopandas.GeoDataFrame
) -> geopandas.GeoDataFrame:
    """The part of each band that is nearest to each neighbour: band, neighbour, polygons.

    Args:
        pieces: neighbour and lines of a few kilometres in EPSG:4326.
        country: polygons in EPSG:4326, such as its provinces.
    """
    lines = pieces.geometry.to_crs(METRIC_CRS).to_numpy()
    near = country.geometry.to_crs(METRIC_CRS)
    land = shapely.make_valid(shapely.union_all(near.to_numpy()))
    nearest = _nearest_areas(lines, pieces["neighbour"].to_numpy())
    scale = _scales(pieces)
    rows: list[tuple[str, str, shapely.MultiPolygon]] = []
    inner: shapely.Geometry = shapely.MultiPolygon()
    for band in BANDS:
        buffers = shapely.buffer(lines, band.most_m * scale, quad_segs=_QUADRANT)
        outer = shapely.union_all(buffers)
        ring = shapely.intersection(shapely.difference(outer, inner), land)
        rows += [
            (band.name, neighbour, _polygons(shapely.intersection(ring, area)))
            for neighbour, area in nearest.items()
        ]
        inner = outer
    names, neighbours, shapes = zip(*rows, strict=True)
    frame = geopandas.GeoDataFrame(
        {"band": names, "neighbour": neighbours}, geometry=list(shapes), crs=METRIC_CRS
    )
    return frame[~frame.geometry.is_empty].to_crs(4326).reset_index(drop=True)


def _scales(pieces: geopandas.GeoDataFrame) -> NDArray[np.float64]:
    """How many metres of the plane a metre on the ellipsoid is, at the middle of each piece."""
    middles = shapely.get_coordinates(
        shapely.line_interpolate_point(pieces.geometry.to_numpy(), 0.5, normalized=True)
    )
    factors = Proj(METRIC_CRS).get_factors(middles[:, 0], middles[:, 1])
    return np.asarray(factors.meridional_scale)


def _nearest_areas(
    lines: NDArray[np.object_], neighbours: NDArray[np.object_]
) -> dict[str, shapely.Geometry]:
    """For each neighbour the area that is nearer to its border than to another's, to some 100 m."""
    points, line = shapely.get_coordinates(shapely.segmentize(lines, _STEP_M), return_index=True)
    # Ends of pieces come twice, and belong to two neighbours where three countries meet.
    points, first = np.unique(points, axis=0, return_index=True)
    owner = neighbours[line[first]]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(points), extend_to=shapely.box(*_frame(points)), ordered=True
        )
    )
    return {
        str(neighbour): shapely.union_all(cells[owner == neighbour])
        for neighbour in np.unique(owner)
    }


def _frame(points: NDArray[np.float64]) -> NDArray[np.float64]:
    far = BANDS[-1].most_m * 2
    return np.concatenate([points.min(axis=0) - far, points.max(axis=0) + far])


def _polygons(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of a shape, simplified; slivers go."""
    simple = shapely.make_valid(shapely.simplify(shape, SIMPLIFIED_M))
    parts = shapely.get_parts(shapely.get_parts(simple))
    polygons = parts[shapely.get_type_id(parts) == 3]
    return shapely.multipolygons(polygons[shapely.area(polygons) > SIMPLIFIED_M**2])
