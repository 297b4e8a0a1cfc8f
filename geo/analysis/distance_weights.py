"""Neighbours by distance, and along the land border, beside those of geo.analysis.weights."""

import geopandas
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from scipy import spatial

from geo.analysis.weights import METRIC_CRS, Weights, from_pairs, queen

ELLIPSOID = pyproj.Geod(ellps="WGS84")
# A unit holds the stretch of border to which it is the nearest unit, if it lies this close: the
# units and the border line come from different surveys (see geo.boundaries.border).
TOLERANCE_METRES = 1_000.0
STEP_METRES = 500.0


def nearest(units: geopandas.GeoSeries, neighbours: int) -> Weights:
    """Each unit's nearest ones, by geodesic distance on WGS 84 between centroids.

    The only neighbourhood that is not symmetric: a unit far from all others has neighbours that
    have nearer ones. Of equally far units, those earlier in order are taken. A unit without
    geometry has no neighbours and is nobody's.

    Args:
        units: polygons of n units, in any CRS.
        neighbours: how many each unit has; fewer where there are not so many others.

    Raises:
        ValueError: the polygons name no CRS, or neighbours is not positive.
    """
    if neighbours < 1:
        raise ValueError(f"{neighbours} nearest units are no neighbourhood")
    places, present = _places(units)
    wanted = min(neighbours, len(present) - 1)
    if wanted < 1:
        return from_pairs(len(units), set())
    # A chord is never longer than its geodesic, so whoever is nearer on the ellipsoid than the
    # farthest of the nearest by chord lies within a ball of that radius.
    tree = spatial.cKDTree(chords(places))
    _, by_chord = tree.query(tree.data, k=wanted + 1)
    centre = np.repeat(np.arange(len(places)), wanted + 1)
    farthest = _metres(places, centre, by_chord.ravel()).reshape(by_chord.shape).max(axis=1)
    found = tree.query_ball_point(tree.data, farthest * (1 + 1e-12))
    centre = np.repeat(np.arange(len(places)), [len(some) for some in found])
    other = np.concatenate([np.array(some, dtype=np.int64) for some in found])
    centre, other = centre[centre != other], other[centre != other]
    order = np.lexsort((other, _metres(places, centre, other).round(3), centre))
    centre, other = centre[order], other[order]
    rank = np.arange(len(centre)) - np.searchsorted(centre, centre)
    owners, links = present[centre[rank < wanted]], present[other[rank < wanted]]
    order = np.lexsort((links, owners))
    indptr = np.searchsorted(owners, np.arange(len(units) + 1))
    return Weights(indptr.astype(np.int64), links[order].astype(np.int64))


def distance_band(units: geopandas.GeoSeries, metres: float) -> Weights:
    """Units whose centroids lie at most so far apart, by geodesic distance on WGS 84.

    A unit with nobody that near has no neighbours.

    Args:
        units: polygons of n units, in any CRS.
        metres: the greatest distance, itself included.

    Raises:
        ValueError: the polygons name no CRS, or the distance is not positive.
    """
    if not metres > 0:
        raise ValueError(f"a band of {metres} metres holds nobody")
    places, present = _places(units)
    pairs = spatial.cKDTree(chords(places)).query_pairs(metres, output_type="ndarray")
    pairs = pairs[_metres(places, pairs[:, 0], pairs[:, 1]) <= metres]
    return from_pairs(len(units), {(a, b) for a, b in present[pairs].tolist()})


def border_section(
    units: geopandas.GeoSeries, border: geopandas.GeoSeries, metres: float
) -> Weights:
    """Queen neighbours, and units whose stretches of the land border lie near along the border.

    Two units along the same section of the border see the same crossings, even where a ridge, a
    lake or a third unit parts their polygons. They are neighbours when the way along the border
    from the end of one's stretch to the start of the other's is at most `metres`.

    Args:
        units: polygons of n units, in any CRS.
        border: the land-border lines, in any CRS.
        metres: the greatest gap along the border, in UTM zone 48N.

    Raises:
        ValueError: a CRS is missing, or metres is negative.
    """
    if metres < 0:
        raise ValueError(f"a gap of {metres} metres along the border is none")
    touching = queen(units)
    owner = np.repeat(np.arange(touching.size), touching.counts)
    pairs = set(zip(owner.tolist(), touching.indices.tolist(), strict=True))
    shapes = units.to_crs(METRIC_CRS).to_numpy()
    tree = shapely.STRtree(shapes)
    merged = shapely.line_merge(shapely.union_all(border.to_crs(METRIC_CRS).to_numpy()))
    for line in shapely.get_parts(merged):
        pairs |= _along(line, tree, metres)
    return from_pairs(touching.size, pairs, joined=touching.joined)


def geocentric(units: geopandas.GeoSeries) -> NDArray[np.float64]:
    """Centroids as geocentric x, y, z in metres (EPSG:4978), shape (n, 3); NaN without a shape."""
    places, present = _places(units)
    points = np.full((len(units), 3), np.nan)
    points[present] = chords(places)
    return points


def _along(line: shapely.LineString, tree: shapely.STRtree, metres: float) -> set[tuple[int, int]]:
    places = np.arange(0.0, line.length + STEP_METRES, STEP_METRES)
    points = shapely.line_interpolate_point(line, places)
    # At a point that two units share, or that lies in both, either holds it.
    place, unit = tree.query_nearest(points, max_distance=TOLERANCE_METRES)
    order = np.lexsort((place, unit))
    place, unit = place[order], unit[order]
    new = np.diff(unit, prepend=-1) != 0
    new |= np.diff(place, prepend=-9) > 1
    start, end = places[place[new]], places[place[np.roll(new, -1)]]
    holder = unit[new]
    gap = start[None, :] - end[:, None]
    first, second = np.nonzero(np.maximum(gap, gap.T) <= metres + STEP_METRES)
    return {(int(a), int(b)) for a, b in zip(holder[first], holder[second], strict=True) if a != b}


def _places(units: geopandas.GeoSeries) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Longitude and latitude of the centroids, and which of the units have one."""
    centroids = units.to_crs(METRIC_CRS).centroid.to_crs(4326)
    present = np.flatnonzero(~(centroids.is_empty | centroids.isna()))
    return shapely.get_coordinates(centroids.to_numpy()[present]), present


def chords(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Geocentric x, y, z in metres: the straight line between two is at most the geodesic."""
    to_space = pyproj.Transformer.from_crs(4979, 4978, always_xy=True)
    x, y, z = to_space.transform(places[:, 0], places[:, 1], np.zeros(len(places)))
    return np.column_stack([x, y, z])


def _metres(
    places: NDArray[np.float64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> NDArray[np.float64]:
    return np.asarray(ELLIPSOID.inv(*places[left].T, *places[right].T)[2], dtype=float)
