"""Districts and provinces of 2024 out of the communes of 2025, by the crosswalk.

A commune that grew from one district goes to it whole. One that grew from several is cut by
parallel lines across the direction in which those districts lie, into shares by the number of
old communes that came from each. The old communes' own positions are not used: no clean source
has them.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from .outline import EQUAL_AREA_CRS

_GRID = 1e-5
_SLIVER = 1e-4


def district_shares(crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Return each new commune's shares by old district: new_code, district_code, share (sum 1)."""
    sums = crosswalk.groupby(["new_code", "district_code"], as_index=False)["share_area"].sum()
    sums["share"] = sums["share_area"] / sums.groupby("new_code")["share_area"].transform("sum")
    # Slivers of under a tenth would only draw splinters, unless the district lives nowhere else.
    biggest = sums.groupby("district_code")["share"].transform("max")
    sums = sums[(sums["share"] >= 0.1) | (sums["share"] == biggest)].copy()
    sums["share"] /= sums.groupby("new_code")["share"].transform("sum")
    return sums[["new_code", "district_code", "share"]]


def build_districts(communes: gpd.GeoDataFrame, crosswalk: pd.DataFrame) -> gpd.GeoSeries:
    """Return the districts' MultiPolygons by district code; communes need code and geometry."""
    shares = district_shares(crosswalk)
    shapes = communes.set_index("code").geometry
    metric = shapes.to_crs(EQUAL_AREA_CRS)
    centre = pd.DataFrame({"x": metric.centroid.x, "y": metric.centroid.y})
    cores = _district_cores(shares, centre)
    pieces: dict[str, list[shapely.Geometry]] = {}
    for code, group in shares.groupby("new_code"):
        districts, portions = group["district_code"].tolist(), group["share"].tolist()
        for district, piece in _cut(metric[code], districts, portions, cores):
            pieces.setdefault(district, []).append(piece)
    codes = sorted(pieces)
    lists = gpd.GeoSeries(
        [shapely.geometrycollections(pieces[code]) for code in codes],
        index=codes,
        crs=EQUAL_AREA_CRS,
    ).to_crs("EPSG:4326")
    return _clean(lists)


def _district_cores(shares: pd.DataFrame, centre: pd.DataFrame) -> pd.DataFrame:
    """Return each district's mean centre, weighted by the square of its share in each commune."""
    table = shares.join(centre, on="new_code")
    weight = table["share"] ** 2
    sums = table[["x", "y"]].mul(weight, axis=0).groupby(table["district_code"]).sum()
    return sums.div(weight.groupby(table["district_code"]).sum(), axis=0)


def _cut(
    shape: shapely.Geometry, districts: list[str], portions: list[float], cores: pd.DataFrame
) -> list[tuple[str, shapely.Geometry]]:
    """Cut one commune into (district, piece), the smallest share first, metric CRS."""
    order = np.argsort(portions, kind="stable")
    result, rest, left = [], shape, 1.0
    for position in order[:-1]:
        others = [districts[other] for other in order if districts[other] != districts[position]]
        away = cores.loc[districts[position]] - cores.loc[others].mean()
        fraction = portions[position] / left
        piece, rest = _slice(rest, away.to_numpy(), fraction)
        left -= portions[position]
        result.append((districts[position], piece))
    result.append((districts[order[-1]], rest))
    return result


def _slice(
    shape: shapely.Geometry, direction: np.ndarray, fraction: float
) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Split off the given fraction of the area on the side that ``direction`` points to."""
    unit = direction / max(float(np.hypot(*direction)), 1e-9)
    if not unit.any():
        unit = np.array([1.0, 0.0])
    along = shapely.get_coordinates(shape) @ unit
    low, high = along.min(), along.max()
    for _ in range(40):
        middle = (low + high) / 2
        piece = shapely.intersection(shape, _half_plane(shape, unit, middle))
        if piece.area > fraction * shape.area:
            low = middle
        else:
            high = middle
    half = _half_plane(shape, unit, high)
    return shapely.intersection(shape, half), shapely.difference(shape, half)


def _half_plane(shape: shapely.Geometry, unit: np.ndarray, offset: float) -> shapely.Polygon:
    """Return a large square whose near side crosses ``unit`` at ``offset``."""
    middle = np.array(shapely.get_coordinates(shapely.centroid(shape))[0])
    side = np.array([-unit[1], unit[0]])
    start = middle + unit * (offset - middle @ unit)
    reach = 1e6
    corners = [
        start - side * reach,
        start + side * reach,
        start + side * reach + unit * reach,
        start - side * reach + unit * reach,
    ]
    return shapely.polygons(corners)


def _clean(lists: gpd.GeoSeries) -> gpd.GeoSeries:
    """Node all pieces together again, so that districts share their edges vertex for vertex."""
    parts, owner = shapely.get_parts(lists.to_numpy(), return_index=True)
    polygons, inner = shapely.get_parts(parts, return_index=True)
    area = shapely.get_dimensions(polygons) == 2
    polygons, owner = polygons[area], owner[inner][area]
    noded = shapely.union_all(shapely.boundary(polygons), grid_size=_GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    points = shapely.point_on_surface(faces)
    face, hit = shapely.STRtree(polygons).query(points, predicate="intersects")
    face, first = np.unique(face, return_index=True)
    faces, unit = faces[face], _absorb_slivers(faces[face], owner[hit[first]])
    result = [
        shapely.multipolygons(
            shapely.get_parts(shapely.coverage_union_all(faces[unit == position]))
        )
        for position in range(len(lists))
    ]
    return gpd.GeoSeries(result, index=lists.index, crs="EPSG:4326")


def _absorb_slivers(faces: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Give faces a few metres wide to the neighbour they share most edge with.

    A cut that grazes a corner leaves such splinters; projected, they can turn inside out.
    """
    result = unit.copy()
    width = 2 * shapely.area(faces) / shapely.length(faces)
    tree = shapely.STRtree(faces)
    for sliver in np.flatnonzero(width < _SLIVER):
        near = tree.query(faces[sliver], predicate="touches")
        shared = shapely.length(shapely.intersection(faces[sliver], faces[near]))
        if len(near) and shared.max() > 0:
            result[sliver] = unit[near[shared.argmax()]]
    return result
