"""Each unit's geometry by itself: is it a polygon, finite, in Vietnam, valid, repairable."""

import re

import numpy as np
import shapely

from geo.boundaries.report import Finding, ValidationReport, listed, with_comma
from geo.crs import VIETNAM_BOUNDS, geodesic_area_km2, within_vietnam

# A repair that changes the area by more than this moves a boundary, and needs a person.
MOST_CHANGE = 0.001
_PLACE = re.compile(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)")
_FAULTS = {
    "self-intersection": "tự cắt",
    "ring self-intersection": "vòng tự cắt",
    "too few points in geometry component": "quá ít điểm",
    "hole lies outside shell": "lỗ nằm ngoài vùng",
    "holes are nested": "lỗ lồng nhau",
    "nested shells": "các vùng lồng nhau",
    "interior is disconnected": "phần trong bị tách rời",
    "duplicate rings": "vòng trùng nhau",
}
_POLYGONAL = [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON]


def check_geometries(
    report: ValidationReport, codes: list[str], geometries: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Add what is wrong to the report.

    Args:
        codes, geometries: of the units, shape (n,); geometries in EPSG:4326 or None.

    Returns:
        The geometries, flattened, repaired and made MultiPolygon where they are polygons, and a
        boolean array of those that further checks can rely on.
    """
    names = np.array(codes, dtype=object)
    usable = _check_kind(report, names, geometries)
    flat = geometries.copy()
    raised = usable & (shapely.has_z(geometries) | shapely.has_m(geometries))
    flat[raised] = shapely.force_2d(geometries[raised])
    _add(
        report.warnings,
        "flattened",
        names[raised],
        "hình học có cao độ (3D) đã được làm phẳng",
        "have heights (3D); they were flattened",
    )
    usable &= _check_finite(report, names, flat, usable)
    usable &= _check_place(report, names, flat, usable)
    usable &= _repair(report, names, flat, usable)
    flat[usable] = [_multi(geometry) for geometry in flat[usable]]
    return flat, usable


def _add(findings: list[Finding], kind: str, codes: np.ndarray, vi: str, en: str) -> None:
    if len(codes):
        units = tuple(codes)
        findings.append(
            Finding(
                kind,
                f"{len(units)} đơn vị: {vi}: {listed(units)}.",
                f"{len(units)} units {en}: {listed(units)}.",
                units,
            )
        )


def _check_kind(report: ValidationReport, codes: np.ndarray, geometries: np.ndarray) -> np.ndarray:
    empty = shapely.is_missing(geometries) | shapely.is_empty(geometries)
    _add(report.errors, "geometry_empty", codes[empty], "không có hình học", "have no geometry")
    polygonal = np.isin(shapely.get_type_id(geometries), _POLYGONAL)
    _add(
        report.errors,
        "geometry_not_polygon",
        codes[~empty & ~polygonal],
        "hình học không phải vùng (Polygon)",
        "have a geometry that is not a polygon",
    )
    return polygonal & ~empty


def _check_finite(
    report: ValidationReport, codes: np.ndarray, geometries: np.ndarray, usable: np.ndarray
) -> np.ndarray:
    coordinates, owners = shapely.get_coordinates(geometries, return_index=True)
    finite = np.ones(len(geometries), dtype=bool)
    finite[owners[~np.isfinite(coordinates).all(axis=1)]] = False
    _add(
        report.errors,
        "coordinate_not_finite",
        codes[usable & ~finite],
        "có tọa độ NaN hoặc vô cực",
        "have NaN or infinite coordinates",
    )
    return finite


def _check_place(
    report: ValidationReport, codes: np.ndarray, geometries: np.ndarray, usable: np.ndarray
) -> np.ndarray:
    bounds = shapely.bounds(geometries)
    west, south, east, north = VIETNAM_BOUNDS
    inside = np.array([within_vietnam(tuple(box)) for box in bounds], dtype=bool)
    swapped = np.array([within_vietnam(tuple(box[[1, 0, 3, 2]])) for box in bounds], dtype=bool)
    with np.errstate(invalid="ignore"):
        metres = (np.abs(bounds) > 180).any(axis=1)
    outside = usable & ~inside & ~swapped & ~metres
    _add(
        report.errors,
        "axes_swapped",
        codes[usable & swapped],
        "kinh độ và vĩ độ bị đảo chỗ; hãy xuất lại tệp với thứ tự kinh độ, vĩ độ",
        "seem to have longitude and latitude swapped; export the file with longitude first",
    )
    _add(
        report.errors,
        "not_degrees",
        codes[usable & metres],
        "tọa độ không phải độ; hãy nêu hệ tọa độ của tệp bằng --crs EPSG:…",
        "have coordinates that are not degrees; state the file's system with --crs EPSG:…",
    )
    _add(
        report.errors,
        "outside_vietnam",
        codes[outside],
        f"nằm ngoài khung Việt Nam ({west:g}–{east:g}° Đ, {south:g}–{north:g}° B); hãy kiểm tra "
        "--crs",
        f"reach outside Vietnam's box ({west:g}–{east:g}° E, {south:g}–{north:g}° N); check --crs",
    )
    return inside


def _repair(
    report: ValidationReport, codes: np.ndarray, geometries: np.ndarray, usable: np.ndarray
) -> np.ndarray:
    """Repair in place what changes no area to speak of; say of the rest where it is broken."""
    valid = shapely.is_valid(geometries)
    for place in np.flatnonzero(usable & ~valid):
        code, broken = str(codes[place]), geometries[place]
        repaired = _polygons(shapely.make_valid(broken, method="structure", keep_collapsed=False))
        # A bow-tie's rings, taken as they are, hold no area: their halves cancel out.
        before, after = abs(shapely.area(broken)), shapely.area(repaired)
        change = abs(after - before) / after if after else np.inf
        if change <= MOST_CHANGE:
            valid[place] = True
            geometries[place] = repaired
            report.warnings.append(_repaired(code, broken, float(change)))
        else:
            report.errors.append(_invalid(code, broken))
    return valid


def _why(broken: shapely.Geometry) -> tuple[str, str, tuple[float, float] | None]:
    """What is wrong, in Vietnamese and in GEOS's own words, and where."""
    reason = str(shapely.is_valid_reason(broken))
    match = _PLACE.search(reason)
    kind = reason.partition("[")[0]
    where = (float(match[1]), float(match[2])) if match else None
    return _FAULTS.get(kind.lower(), kind), kind, where


def _repaired(code: str, broken: shapely.Geometry, change: float) -> Finding:
    kind_vi, kind, where = _why(broken)
    share = f"{change:.4%}"
    return Finding(
        "geometry_repaired",
        f"{code}: hình học sai ({kind_vi}) đã được sửa, diện tích thay đổi {with_comma(share)}.",
        f"{code}: invalid geometry ({kind}) was repaired; its area changed by {share}.",
        (code,),
        where,
    )


def _invalid(code: str, broken: shapely.Geometry) -> Finding:
    kind_vi, kind, where = _why(broken)
    return Finding(
        "geometry_invalid",
        f"{code}: hình học sai ({kind_vi}) và không tự sửa được vì diện tích sẽ thay đổi. Hãy sửa "
        "bằng tay, ví dụ trong QGIS.",
        f"{code}: invalid geometry ({kind}), and repairing it would change its area. Mend it by "
        "hand, for instance in QGIS.",
        (code,),
        where,
    )


def _polygons(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    parts = shapely.get_parts(shapely.get_parts(np.array([geometry])))
    return shapely.MultiPolygon([part for part in parts if isinstance(part, shapely.Polygon)])


def _multi(geometry: shapely.Polygon | shapely.MultiPolygon) -> shapely.MultiPolygon:
    if isinstance(geometry, shapely.MultiPolygon):
        return geometry
    return shapely.MultiPolygon([geometry])


def check_areas(
    report: ValidationReport, codes: np.ndarray, geometries: np.ndarray, official: np.ndarray
) -> None:
    """Warn of units whose area is less than half or more than twice the official figure.

    Args:
        official: km2, NaN where not known, shape (n,).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = geodesic_area_km2(geometries) / official
    _add(
        report.warnings,
        "area_differs",
        codes[(official > 0) & ((ratio < 0.5) | (ratio > 2))],
        "diện tích hình học khác diện tích chính thức trên hai lần",
        "differ from their official area by more than a factor of two",
    )
