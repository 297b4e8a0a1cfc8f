"""Units against each other: the same shape twice, overlaps, gaps between them."""

import numpy as np
import shapely

from geo.boundaries.report import Finding, ValidationReport, with_comma
from geo.crs import geodesic_area_km2

# Smaller than a paddy field: what surveying and simplification leave on every edge.
LEAST_AREA_KM2 = 0.001
# An overlap is a fault, not a sliver, from this area or this share of the smaller unit on.
FAULTY_OVERLAP_KM2 = 1.0
FAULTY_OVERLAP_SHARE = 0.01
# Reservoirs may be cut out of communes; a larger share of the country is a missing unit.
FAULTY_GAP_SHARE = 0.01


def check_overlaps(report: ValidationReport, codes: np.ndarray, geometries: np.ndarray) -> None:
    """Add pairs that share area to the report: errors from 1 km2 or 1 % of the smaller unit on.

    Args:
        codes, geometries: of units with valid polygons in EPSG:4326, shape (n,).
    """
    first, second = shapely.STRtree(geometries).query(geometries)
    once = first < second
    first, second = first[once], second[once]
    meet = shapely.relate_pattern(geometries[first], geometries[second], "T********")
    first, second = first[meet], second[meet]
    same = shapely.equals(geometries[first], geometries[second])
    for left, right in zip(first[same], second[same], strict=True):
        report.errors.append(_duplicate(codes[left], codes[right], geometries[left]))
    first, second = first[~same], second[~same]
    shared = shapely.intersection(geometries[first], geometries[second])
    areas = geodesic_area_km2(shared)
    smaller = np.minimum(shapely.area(geometries[first]), shapely.area(geometries[second]))
    shares = shapely.area(shared) / smaller
    for place in np.flatnonzero(areas >= LEAST_AREA_KM2):
        pair = (str(codes[first[place]]), str(codes[second[place]]))
        area, share = float(areas[place]), float(shares[place])
        faulty = area >= FAULTY_OVERLAP_KM2 or share >= FAULTY_OVERLAP_SHARE
        (report.errors if faulty else report.warnings).append(
            Finding(
                "overlap",
                f"{pair[0]} và {pair[1]} chồng lên nhau {with_comma(f'{area:.3f}')} km² "
                f"({with_comma(f'{share:.2%}')} đơn vị nhỏ hơn).",
                f"{pair[0]} and {pair[1]} overlap by {area:.3f} km2 ({share:.2%} of the smaller "
                "unit).",
                pair,
                _inside(shared[place]),
            )
        )


def _duplicate(left: str, right: str, geometry: shapely.Geometry) -> Finding:
    return Finding(
        "geometry_duplicate",
        f"{left} và {right} có cùng một hình học. Hãy xóa bản thừa.",
        f"{left} and {right} have the same geometry. Remove the one too many.",
        (str(left), str(right)),
        _inside(geometry),
    )


def check_gaps(report: ValidationReport, codes: np.ndarray, geometries: np.ndarray) -> None:
    """Add holes inside the union of all units to the report, with the units around each.

    They are warnings, as reservoirs may be left out, but an error once they make up 1 % of the
    area: a point in a hole belongs to no unit.
    """
    if not len(geometries):
        return
    # Joining matching edges is twenty times faster than a general union, but needs them to match.
    clean = shapely.coverage_is_valid(geometries)
    union = shapely.coverage_union_all(geometries) if clean else shapely.union_all(geometries)
    holes = np.array(
        [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors],
        dtype=object,
    )
    # Rings of sea around an island have units inside: only what is not covered is a gap.
    gaps = shapely.difference(holes, union)
    areas = geodesic_area_km2(gaps)
    total = float(geodesic_area_km2(np.array([union]))[0])
    found = report.errors if areas.sum() > FAULTY_GAP_SHARE * total else report.warnings
    tree = shapely.STRtree(geometries)
    for place in np.flatnonzero(areas >= LEAST_AREA_KM2):
        around = sorted(codes[tree.query(holes[place], predicate="intersects")])
        names = ", ".join(around[:8])
        found.append(
            Finding(
                "gap",
                f"Khoảng trống {with_comma(f'{areas[place]:.3f}')} km² giữa các đơn vị {names}.",
                f"A gap of {areas[place]:.3f} km2 between the units {names}.",
                tuple(around),
                _inside(gaps[place]),
            )
        )


def _inside(geometry: shapely.Geometry) -> tuple[float, float]:
    point = shapely.point_on_surface(geometry)
    return float(point.x), float(point.y)
