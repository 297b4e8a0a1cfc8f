"""From the fitted diagram to polygons: exact cell edges cut by the outline, every edge shared.

The cells' straight edges and the outline are noded together on a grid of 1e-5 degrees (1 m) and
polygonised; each face goes to one unit. So neighbours share their edges vertex for vertex, there
are no stair-steps, and nothing overlaps.
"""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import ConvexHull

from .cells import Cells
from .outline import EQUAL_AREA_CRS

_GRID = 1e-5


def cell_edges(cells: Cells, bounds_km: tuple[float, float, float, float]) -> gpd.GeoSeries:
    """Return the diagram's edges within the bounds, EPSG:4326.

    A power diagram is the dual of the lower convex hull of the sites lifted to |s|^2 - weight.
    Eight far sites close the outer cells.
    """
    angles = np.arange(8) * np.pi / 4
    middle = cells.sites.mean(axis=0)
    far = middle + 4000 * np.column_stack([np.cos(angles), np.sin(angles)])
    sites = np.vstack([cells.sites, far]) - middle
    weights = np.append(cells.weights, np.zeros(len(far)))
    height = (sites**2).sum(axis=1) - weights
    hull = ConvexHull(np.column_stack([sites, height]))
    # A lower facet's plane z = a.x + b meets the paraboloid's dual at a / 2: the cells' corner.
    normal = hull.equations
    lower = normal[:, 2] < -1e-12
    corner = np.full((len(normal), 2), np.nan)
    corner[lower] = -normal[lower, :2] / normal[lower, 2:3] / 2 + middle
    first, second = np.repeat(np.arange(len(normal)), 3), hull.neighbors.ravel()
    keep = lower[first] & lower[second] & (first < second)
    ends = np.stack([corner[first[keep]], corner[second[keep]]], axis=1)
    lines = shapely.clip_by_rect(shapely.linestrings(ends), *bounds_km)
    lines = lines[~shapely.is_empty(lines) & (shapely.length(lines) > 0)]
    metres = gpd.GeoSeries(shapely.transform(lines, lambda xy: xy * 1000), crs=EQUAL_AREA_CRS)
    return metres.to_crs("EPSG:4326")


def partition(cells: Cells, parts: list[shapely.Polygon], discs: gpd.GeoSeries) -> gpd.GeoSeries:
    """Cut the land (mainland first, then islands, EPSG:4326) into one MultiPolygon per unit.

    ``discs``, by unit position, stand in the sea for units that the outline does not know. The
    result is indexed by the unit's position; units without land or disc are missing.
    """
    land = shapely.multipolygons(parts)
    bounds = gpd.GeoSeries([land], crs="EPSG:4326").to_crs(EQUAL_AREA_CRS).total_bounds / 1000
    edges = cell_edges(cells, tuple(bounds + np.array([-50, -50, 50, 50])))
    lines = np.concatenate([edges.to_numpy(), shapely.boundary([*parts, *discs])])
    noded = shapely.union_all(lines, grid_size=_GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    points = shapely.point_on_surface(faces)
    part_of_face = _containing(parts, points)
    disc_of_face = _containing(discs.to_numpy(), points)
    # Water closed in between a disc and the coast belongs to whoever's cell it lies in.
    whole = shapely.get_parts(shapely.union_all([*parts, *discs]))
    kept = _containing(shapely.polygons(shapely.get_exterior_ring(whole)), points) >= 0
    faces, points = faces[kept], points[kept]
    part_of_face, disc_of_face = part_of_face[kept], disc_of_face[kept]
    owner = cells.owner(_kilometres(points))
    owner = _whole_islands(faces, part_of_face, owner, cells, parts)
    owner = _join_fragments(faces, part_of_face == 0, owner)
    at_sea = (part_of_face < 0) & (disc_of_face >= 0)
    owner[at_sea] = discs.index.to_numpy()[disc_of_face[at_sea]]
    units = np.unique(owner)
    shapes = [shapely.coverage_union_all(faces[owner == unit]) for unit in units]
    return gpd.GeoSeries([_multi(shape) for shape in shapes], index=units, crs="EPSG:4326")


def _containing(polygons: Sequence[shapely.Polygon], points: np.ndarray) -> np.ndarray:
    """Return the index of a polygon around each point, -1 where there is none."""
    index = np.full(len(points), -1)
    point, polygon = shapely.STRtree(polygons).query(points, predicate="within")
    index[point] = polygon
    return index


def _kilometres(points: np.ndarray) -> np.ndarray:
    series = gpd.GeoSeries(points, crs="EPSG:4326").to_crs(EQUAL_AREA_CRS)
    return shapely.get_coordinates(series.to_numpy()) / 1000


def _multi(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.multipolygons(shapely.get_parts(shape))


def _whole_islands(
    faces: np.ndarray,
    part_of_face: np.ndarray,
    owner: np.ndarray,
    cells: Cells,
    parts: list[shapely.Polygon],
) -> np.ndarray:
    """Give an island whole to the one unit centred on it, else to the unit with most of it."""
    metres = gpd.GeoSeries(gpd.points_from_xy(*(cells.centres * 1000).T), crs=EQUAL_AREA_CRS)
    centres = metres.to_crs("EPSG:4326").to_numpy()
    unit, part = shapely.STRtree(parts).query(centres, predicate="within")
    result = owner.copy()
    sizes = shapely.area(faces)
    for island in range(1, len(parts)):
        here = part_of_face == island
        if not here.any():
            continue
        centred = unit[part == island]
        if len(centred) > 1:
            continue
        most = np.bincount(owner[here], sizes[here]).argmax()
        result[here] = centred[0] if len(centred) else most
    return result


def _join_fragments(faces: np.ndarray, mainland: np.ndarray, owner: np.ndarray) -> np.ndarray:
    """Hand a mainland piece cut off from its unit to the neighbour it shares most edge with."""
    result = owner.copy()
    left, right = shapely.STRtree(faces).query(faces, predicate="intersects")
    keep = (left < right) & mainland[left] & mainland[right]
    left, right = left[keep], right[keep]
    shared = shapely.length(shapely.intersection(faces[left], faces[right]))
    left, right, shared = left[shared > 0], right[shared > 0], shared[shared > 0]
    same = result[left] == result[right]
    size = len(faces)
    graph = coo_array((np.ones(same.sum()), (left[same], right[same])), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    areas = np.bincount(component, shapely.area(faces))
    largest: dict[int, int] = {}
    for piece in np.argsort(-areas[component], kind="stable"):
        if mainland[piece]:
            largest.setdefault(int(result[piece]), int(component[piece]))
    for piece in np.flatnonzero(mainland):
        if largest[int(owner[piece])] == component[piece]:
            continue
        touching = np.concatenate([right[left == piece], left[right == piece]])
        lengths = np.concatenate([shared[left == piece], shared[right == piece]])
        others = owner[touching] != owner[piece]
        if others.any():
            result[piece] = owner[touching[others][lengths[others].argmax()]]
    return result
