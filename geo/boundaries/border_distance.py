"""How far places lie from the land border and its gates, made ready for one place as for a million.

Pure geometry: frames in, arrays and frames out; no database, no files.

The border is cut into short pieces, each with its neighbour and its section: the stretch that one
province of 2025 shares with one neighbour ("LAO-40" is Nghệ An's border with Laos). For each cell
of the 0.01 degree grid within reach of the border the few pieces and gates are named that can be
the nearest of any point in it. The distance itself is measured by whoever asks, on the ellipsoid,
to these alone: it is that to the whole border, at a fraction of the cost.

CRS and units. Input and output are EPSG:4326. What is near is chosen in metres of WGS 84 / UTM zone
48N, whose scale is within 0.1 % of true along the land border; every choice allows for more than
that, so that it cannot leave out the nearest.
"""

from dataclasses import dataclass
from itertools import pairwise

import geopandas
import numpy as np
import pandas
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from geo.boundaries.border import METRIC_CRS
from geo.boundaries.grid import CELLS_PER_DEGREE, CELLS_PER_ROW

REACH_M = 20_000.0
# So far abroad, and no farther, points may still be given to a commune or be a place of a network.
ABROAD_M = 5_000.0
SEGMENTS_PER_PIECE = 4
# Where two provinces meet, pieces are no longer than this.
SHORT_M = 500.0
# Between vertices the line is the great circle of a sphere, as the database measures to it.
SPHERE = Geod(ellps="sphere")
# Edges of units and the border line come from different surveys and run some hundred metres apart.
ALONG_M = 1_000.0
# No point of a cell lies farther from its middle: half the diagonal of 1,113 by 1,107 m.
CELL_RADIUS_M = 790.0
SCALE_ERROR = 0.0015
# The gates' distance may be large and lie across the country, where the scale is worse.
GATE_SCALE_ERROR = 0.005


@dataclass(frozen=True, slots=True)
class BorderCells:
    """Cells of the grid within reach of the border, ascending; all have the shape (cells,).

    Points of a cell lie between `least_m` and `most_m` from the border; `pieces` and `gates` hold
    the positions of those that may be nearest.
    """

    cell: NDArray[np.int32]
    least_m: NDArray[np.float64]
    most_m: NDArray[np.float64]
    pieces: list[list[int]]
    gates: list[list[int]]


def border_pieces(
    lines: geopandas.GeoDataFrame, provinces: geopandas.GeoDataFrame
) -> geopandas.GeoDataFrame:
    """The border in pieces of a few segments: neighbour, section and a line in EPSG:4326 each.

    A piece belongs to the province that is nearest to its middle; where two provinces meet pieces
    are short, so that a section ends no more than 250 m too late.

    Args:
        lines: neighbour (ISO 3166-1 alpha-3) and lines in EPSG:4326.
        provinces: code and polygons in EPSG:4326.
    """
    shapes = _metric(provinces)
    long = _cut(lines, SEGMENTS_PER_PIECE)
    first, last = (
        _nearest(shapes, shapely.line_interpolate_point(_metric(long), end, normalized=True))
        for end in (0, 1)
    )
    frame = geopandas.GeoDataFrame(
        pandas.concat(
            [long[first == last], _cut(_densified(long[first != last]), 1)], ignore_index=True
        )
    )
    middles = shapely.line_interpolate_point(_metric(frame), 0.5, normalized=True)
    owner = _nearest(shapes, middles)
    return frame.assign(section=frame["neighbour"] + "-" + provinces["code"].to_numpy()[owner])


def _densified(lines: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """The same lines with a vertex every 500 m at least."""
    return lines.set_geometry([_dense(line) for line in lines.geometry], crs=4326)


def _dense(line: shapely.LineString) -> shapely.LineString:
    vertices = shapely.get_coordinates(line).tolist()
    points = vertices[:1]
    for (lon, lat), (to_lon, to_lat) in pairwise(vertices):
        between = int(SPHERE.inv(lon, lat, to_lon, to_lat)[2] / SHORT_M)
        points += SPHERE.npts(lon, lat, to_lon, to_lat, between) if between else []
        points.append((to_lon, to_lat))
    return shapely.LineString(points)


def _cut(lines: geopandas.GeoDataFrame, segments: int) -> geopandas.GeoDataFrame:
    """Lines in pieces of so many segments, the last of each shorter: neighbour and a line each."""
    neighbours: list[str] = []
    pieces: list[shapely.LineString] = []
    for neighbour, whole in zip(lines["neighbour"], lines.geometry, strict=True):
        for part in shapely.get_parts(whole):
            vertices = shapely.get_coordinates(part)
            for first in range(0, len(vertices) - 1, segments):
                pieces.append(shapely.LineString(vertices[first : first + segments + 1]))
                neighbours.append(neighbour)
    return geopandas.GeoDataFrame({"neighbour": neighbours}, geometry=pieces, crs=4326)


def border_cells(
    pieces: geopandas.GeoDataFrame,
    gates: geopandas.GeoDataFrame,
    country_cells: NDArray[np.int32],
) -> BorderCells:
    """The cells within 20 km of the border inside the country, and within 5 km of it abroad.

    Args:
        pieces: as `border_pieces` makes them.
        gates: points in EPSG:4326.
        country_cells: cells that meet the country.
    """
    cells = np.union1d(country_cells, _cells_around(pieces))
    middles = _middles(cells)
    lines = _metric(pieces)
    tree = shapely.STRtree(lines)
    (near, _), distance = tree.query_nearest(
        middles, max_distance=REACH_M + 2 * CELL_RADIUS_M, return_distance=True, all_matches=False
    )
    most = distance * (1 + SCALE_ERROR) + CELL_RADIUS_M
    least = np.maximum(distance * (1 - SCALE_ERROR) - CELL_RADIUS_M, 0)
    inside = np.isin(cells[near], country_cells)
    kept = least < np.where(inside, REACH_M, ABROAD_M)
    near, distance, most, least = near[kept], distance[kept], most[kept], least[kept]
    reach = distance * (1 + 2 * SCALE_ERROR) + 2 * CELL_RADIUS_M
    pairs = tree.query(middles[near], predicate="dwithin", distance=reach)
    return BorderCells(
        cells[near], least, most, _lists(pairs, len(near)), _gate_choices(middles[near], gates)
    )


def unit_distances(
    units: geopandas.GeoDataFrame, pieces: geopandas.GeoDataFrame, gates: geopandas.GeoDataFrame
) -> pandas.DataFrame:
    """How far each unit lies from the border and the nearest gate, one row for each, in order.

    A unit that lies on the land border has the distance 0, though its edge and the border line may
    run some hundred metres apart, and is of the section of its longest stretch.

    Args:
        units: is_land_border and polygons in EPSG:4326.
        pieces: as `border_pieces` makes them.
        gates: code and points in EPSG:4326.

    Returns:
        piece (position of the nearest piece of the border, or of one in the unit's section),
        border_m, gate (its code) and gate_m,
        metres on the ellipsoid between the points that are nearest in the plane: within 0.2 %.
    """
    shapes = _metric(units)
    shapely.prepare(shapes)
    lines, points = _metric(pieces), _metric(gates)
    piece, gate = _nearest(lines, shapes), _nearest(points, shapes)
    on_border = units["is_land_border"].to_numpy(bool)
    sections = pieces["section"].to_numpy()
    piece[on_border] = _pieces_along(shapes[on_border], lines, sections, piece[on_border])
    return pandas.DataFrame(
        {
            "piece": piece,
            "border_m": np.where(on_border, 0.0, _apart(shapes, lines[piece])),
            "gate": gates["code"].to_numpy()[gate],
            "gate_m": _apart(shapes, points[gate]),
        }
    )


def point_distances(
    points: geopandas.GeoSeries, pieces: geopandas.GeoDataFrame
) -> NDArray[np.float64]:
    """How far points (EPSG:4326) lie from the border, in metres on the ellipsoid, shape (points,).

    Measured to the point of the border that is nearest in the plane: within 0.2 %.

    Args:
        pieces: as `border_pieces` makes them.
    """
    places: NDArray[np.object_] = points.to_crs(METRIC_CRS).to_numpy()
    lines = _metric(pieces)
    return _apart(places, lines[_nearest(lines, places)])


def _pieces_along(
    shapes: NDArray[np.object_],
    lines: NDArray[np.object_],
    sections: NDArray[np.object_],
    nearest: NDArray[np.intp],
) -> NDArray[np.intp]:
    """For each shape a piece of the section that runs along most of it, else the nearest piece."""
    around = shapely.buffer(shapes, ALONG_M)
    shape, piece = shapely.STRtree(lines).query(around, predicate="intersects")
    met = pandas.DataFrame(
        {
            "shape": shape,
            "piece": piece,
            "section": sections[piece],
            "metres": shapely.length(shapely.intersection(around[shape], lines[piece])),
        }
    )
    stretches = met.groupby(["shape", "section"]).agg(
        metres=("metres", "sum"), piece=("piece", "min")
    )
    longest = stretches.sort_values("metres", kind="stable").groupby("shape")["piece"].last()
    chosen = nearest.copy()
    chosen[longest.index.to_numpy(np.intp)] = longest
    return chosen


def _metric(frame: geopandas.GeoDataFrame) -> NDArray[np.object_]:
    metric: NDArray[np.object_] = frame.geometry.to_crs(METRIC_CRS).to_numpy()
    return metric


def _nearest(choices: NDArray[np.object_], asked: NDArray[np.object_]) -> NDArray[np.intp]:
    """For each shape the position of the nearest choice; of several, the first."""
    source, found = shapely.STRtree(choices).query_nearest(asked)
    order = np.lexsort((found, source))
    _, first = np.unique(source[order], return_index=True)
    nearest: NDArray[np.intp] = found[order][first]
    return nearest


def _apart(shapes: NDArray[np.object_], others: NDArray[np.object_]) -> NDArray[np.float64]:
    """Metres on the ellipsoid between the points at which two shapes in metres come nearest."""
    ends = geopandas.GeoSeries(shapely.shortest_line(shapes, others), crs=METRIC_CRS).to_crs(4326)
    lon, lat = shapely.get_coordinates(ends.to_numpy()).reshape(-1, 2, 2).transpose(2, 1, 0)
    distance: NDArray[np.float64] = Geod(ellps="WGS84").inv(lon[0], lat[0], lon[1], lat[1])[2]
    return distance


def _cells_around(pieces: geopandas.GeoDataFrame) -> NDArray[np.int32]:
    """Cells that may lie within reach abroad: those of boxes around the pieces."""
    margin = ABROAD_M / 100_000
    boxes = pieces.geometry.bounds.to_numpy() + np.array([-margin, -margin, margin, margin])
    west, south, east, north = np.floor(boxes * CELLS_PER_DEGREE).astype(np.int32).T
    found = [
        (
            np.arange(bottom, top + 1)[:, None] * CELLS_PER_ROW + np.arange(left, right + 1)[None]
        ).ravel()
        for left, bottom, right, top in zip(west, south, east, north, strict=True)
    ]
    return np.unique(np.concatenate(found)).astype(np.int32)


def _middles(cells: NDArray[np.int32]) -> NDArray[np.object_]:
    row, column = np.divmod(cells, CELLS_PER_ROW)
    points = geopandas.points_from_xy(
        (column + 0.5) / CELLS_PER_DEGREE, (row + 0.5) / CELLS_PER_DEGREE, crs=4326
    )
    middles: NDArray[np.object_] = np.asarray(points.to_crs(METRIC_CRS))
    return middles


def _lists(pairs: NDArray[np.intp], count: int) -> list[list[int]]:
    """Pairs of the position of a cell and of something else, as one list for each cell."""
    order = np.lexsort(pairs[::-1])
    ends = np.cumsum(np.bincount(pairs[0], minlength=count))[:-1]
    return [part.tolist() for part in np.split(pairs[1][order], ends)]


def _gate_choices(middles: NDArray[np.object_], gates: geopandas.GeoDataFrame) -> list[list[int]]:
    if gates.empty:
        return [[] for _ in middles]
    distance = shapely.distance(middles[:, None], _metric(gates)[None])
    least = distance.min(axis=1, keepdims=True)
    near = distance <= least * (1 + 2 * GATE_SCALE_ERROR) + 2 * CELL_RADIUS_M
    return _lists(np.array(np.nonzero(near)), len(middles))
