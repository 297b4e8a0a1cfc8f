"""Outlines small enough for a telephone: whole numbers on a grid, each corner as a step."""

from collections.abc import Iterable

import numpy as np
import shapely

# 0.0001 degrees, about 11 m: an edge that two units share is rounded alike on both sides.
STEPS_PER_DEGREE = 10_000
Ring = list[int]


def as_steps(outline: shapely.Geometry) -> list[list[Ring]]:
    """Polygons as lists of rings, the outer one first: x, y, then the step to each next corner.

    Corners that fall onto the one before are left out; so are rings of which no area is left, and
    polygons without an outer ring. The corner that closes a ring is not repeated.

    Args:
        outline: a Polygon or MultiPolygon in degrees (EPSG:4326).
    """
    polygons = [
        [_steps(ring) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shapely.get_parts(outline)
    ]
    return [_kept(rings) for rings in polygons if rings[0]]


def _kept(rings: Iterable[Ring]) -> list[Ring]:
    return [ring for ring in rings if ring]


def _steps(ring: shapely.LinearRing) -> Ring:
    corners = np.rint(shapely.get_coordinates(ring)[:-1] * STEPS_PER_DEGREE).astype(np.int64)
    moved = np.any(corners != np.roll(corners, 1, axis=0), axis=1)
    corners = corners[moved]
    if len(corners) < 3:
        return []
    steps = np.diff(corners, axis=0, prepend=np.zeros((1, 2), np.int64))
    return [int(number) for number in steps.ravel()]
