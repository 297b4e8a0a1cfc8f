"""Which units lie on the land border, worked out from geometry alone.

Pure geometry: frames in, a frame out; no database, no files.

The rule. A unit is a land-border unit when it owns at least ``minimum_length`` metres of the
country's outer edge that lie within ``tolerance`` metres of the land-border line. The outer edge
is what is left of the units' boundaries after they are dissolved, so an edge between two units
never counts, however close to the border it runs.

CRS and units. All lengths are metres in WGS 84 / UTM zone 48N (EPSG:32648): Vietnam's land border
lies between 102.1 and 108.1 degrees east, where that zone's scale is within 0.1 % of true.

Why a tolerance. The units and the border line come from different surveys: on the real 2025
communes the two lines run up to some hundred metres apart. On that set the answer is the same,
248 communes, for every tolerance from 300 m to 2 km; 1 km is the middle of that range.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

METRIC_CRS = "EPSG:32648"
TOLERANCE_M = 1000.0
MINIMUM_LENGTH_M = 500.0
_STEP_M = 50.0


def land_border_units(
    units: gpd.GeoDataFrame,
    border_lines: gpd.GeoDataFrame,
    tolerance: float = TOLERANCE_M,
    minimum_length: float = MINIMUM_LENGTH_M,
) -> pd.DataFrame:
    """Return one row per pair of unit and neighbouring country that touch on land.

    ``units`` needs ``code`` (unique) and polygons, ``border_lines`` needs ``neighbour`` and lines;
    both need a CRS, any CRS. The result has ``code``, ``neighbour``, ``border_length_m`` (float,
    metres of the unit's own outer edge), ordered by code and neighbour; it is empty when nothing
    touches. A piece of edge near two countries' lines (a tripoint) goes to the nearer one.

    >>> from shapely.geometry import LineString, box
    >>> west, east = box(500000, 0, 501000, 1000), box(501000, 0, 502000, 1000)
    >>> units = gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[west, east], crs=32648)
    >>> line = LineString([(499900, -500), (499900, 1500)])
    >>> lines = gpd.GeoDataFrame({"neighbour": ["LAO"]}, geometry=[line], crs=32648)
    >>> land_border_units(units, lines, tolerance=150).to_dict("records")
    [{'code': 'a', 'neighbour': 'LAO', 'border_length_m': 1100.0}]
    """
    lines = border_lines.to_crs(METRIC_CRS)
    near = _units_near(units, lines, tolerance)
    if near.empty:
        return pd.DataFrame({"code": [], "neighbour": [], "border_length_m": []})
    starts, ends = _outer_edge_pieces(units.loc[near.index].geometry)
    middles = np.asarray(shapely.points((starts + ends) / 2), dtype=object)
    lengths = np.hypot(*(ends - starts).T)

    line_index, distance = _nearest(lines.geometry.to_numpy(), middles, tolerance)
    on_border = distance <= tolerance
    owner, _ = _nearest(near.geometry.boundary.to_numpy(), middles[on_border], _STEP_M)
    pieces = pd.DataFrame(
        {
            "code": near["code"].to_numpy()[owner],
            "neighbour": lines["neighbour"].to_numpy()[line_index[on_border]],
            "border_length_m": lengths[on_border],
        }
    )
    sums = pieces.groupby(["code", "neighbour"], as_index=False)["border_length_m"].sum()
    sums = sums[sums["border_length_m"] >= minimum_length]
    return sums.sort_values(["code", "neighbour"], ignore_index=True)


def _units_near(
    units: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, tolerance: float
) -> gpd.GeoDataFrame:
    """Keep the units that come within twice the tolerance of a line, in the metric CRS.

    Twice, so that whatever lies across an inner edge near the border is kept too: an edge stays
    inner when both of its owners are here.
    """
    metric = units[["code", units.geometry.name]].to_crs(METRIC_CRS)
    simple = lines.geometry.to_numpy()
    tree = shapely.STRtree(metric.geometry.to_numpy())
    _, hits = tree.query(simple, predicate="dwithin", distance=2 * tolerance)
    return metric.iloc[np.unique(hits)]


def _outer_edge_pieces(
    units: gpd.GeoSeries,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cut the dissolved polygons' outer rings into pieces of at most the step's length, metric CRS.

    Dissolved in their own CRS, where they are valid: projecting may turn slivers inside out. Holes
    are left out: a gap between units is a fault of the data, not a border. Returns the pieces'
    starts and ends, two (n, 2) arrays.
    """
    whole = shapely.union_all(units.to_numpy())
    rings = shapely.get_exterior_ring(shapely.get_parts(whole))
    metric = gpd.GeoSeries(rings, crs=units.crs).to_crs(METRIC_CRS)
    coordinates, ring_index = shapely.get_coordinates(
        shapely.segmentize(metric.to_numpy(), _STEP_M), return_index=True
    )
    same_ring = ring_index[1:] == ring_index[:-1]
    return coordinates[:-1][same_ring], coordinates[1:][same_ring]


def _nearest(
    lines: NDArray[np.object_], points: NDArray[np.object_], limit: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Give each point its nearest line's index and distance; beyond the limit: 0 and infinity.

    The tree holds single segments, not whole lines: a search in a border of 2,000 vertices would
    measure all of them for every point.
    """
    coordinates, line_of_vertex = shapely.get_coordinates(lines, return_index=True)
    same_line = line_of_vertex[1:] == line_of_vertex[:-1]
    segments = shapely.linestrings(np.stack([coordinates[:-1], coordinates[1:]], axis=1)[same_line])
    index = np.zeros(len(points), dtype=np.intp)
    distance = np.full(len(points), np.inf)
    (source, found), metres = shapely.STRtree(segments).query_nearest(
        points, max_distance=limit, return_distance=True, all_matches=False
    )
    index[source] = line_of_vertex[1:][same_line][found]
    distance[source] = metres
    return index, distance
