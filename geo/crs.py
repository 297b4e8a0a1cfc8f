"""Coordinate reference systems: what may come in, what is stored, what measures in metres.

A user names a system by its EPSG code only: pyproj would also take an address and fetch it.
"""

import re
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer
from pyproj.crs import GeographicCRS, ProjectedCRS
from pyproj.crs.coordinate_operation import LambertAzimuthalEqualAreaConversion
from pyproj.exceptions import CRSError

from geo.errors import InputError

if TYPE_CHECKING:
    import geopandas

STORAGE_SRID = 4326
STORAGE_CRS = f"EPSG:{STORAGE_SRID}"
# Mainland, Hoàng Sa and Trường Sa: west, south, east, north in degrees.
VIETNAM_BOUNDS = (102.0, 6.0, 118.0, 24.0)

_EPSG = re.compile(r"(?:EPSG:{1,2})?(\d{4,6})", re.IGNORECASE)
_ELLIPSOID = Geod(ellps="WGS84")
# VN-2000 in degrees, UTM and the 3-degree zones of the provinces; then WGS 84.
_DEGREE_CANDIDATES = (4326, 4756)
_METRE_CANDIDATES = (3405, 3406, 32648, 32649, 3857, *range(9205, 9219), *range(5896, 5900))


def equal_area_crs() -> CRS:
    """Lambert's azimuthal equal-area projection (WGS 84, metres) of the country as a whole.

    Areas are true. Distances are too short away from its middle (16° N, 107° E) and too long around
    it: by at most 0.25 % on the mainland and 0.7 % at Trường Sa.
    """
    return ProjectedCRS(
        conversion=LambertAzimuthalEqualAreaConversion(16, 107),
        name="Vietnam equal area (Lambert azimuthal, 16N 107E)",
        geodetic_crs=GeographicCRS(name="WGS 84"),
    )


def parse_crs(text: str) -> CRS:
    """The system that "EPSG:3405" or "3405" names.

    Raises:
        InputError: anything but an EPSG code, or a code that does not exist.
    """
    match = _EPSG.fullmatch(text.strip())
    if match:
        try:
            return CRS.from_epsg(int(match[1]))
        except CRSError:
            pass
    raise InputError(
        "crs_unknown",
        f"Không hiểu hệ tọa độ “{text[:60]}”. Hãy ghi mã EPSG, ví dụ EPSG:4326 (WGS 84) hoặc "
        "EPSG:3405 (VN-2000 / UTM 48N).",
        f"Unknown coordinate reference system “{text[:60]}”. Give an EPSG code, such as EPSG:4326 "
        "(WGS 84) or EPSG:3405 (VN-2000 / UTM 48N).",
    )


def crs_of_file(definition: str) -> CRS:
    """The horizontal system that a file states, as an EPSG code, WKT or PROJJSON.

    Raises:
        InputError: the definition is none of these, or is not geographic or projected.
    """
    try:
        if _EPSG.fullmatch(definition.strip()):
            return parse_crs(definition)
        stated = CRS.from_json if definition.lstrip().startswith("{") else CRS.from_wkt
        crs = stated(definition).to_2d()
    except CRSError:
        crs = None
    if crs is None or not (crs.is_geographic or crs.is_projected):
        raise InputError(
            "crs_not_usable",
            "Tệp khai báo hệ tọa độ không dùng được. Hãy nêu rõ bằng --crs EPSG:… (ví dụ "
            "EPSG:4326).",
            "The file states a coordinate reference system that cannot be used. State it with "
            "--crs EPSG:… (such as EPSG:4326).",
            definition=definition[:200],
        )
    return crs


def reprojected(frame: "geopandas.GeoDataFrame", crs: CRS) -> "geopandas.GeoDataFrame":
    """The frame, whose coordinates are in `crs` (x east, y north), in EPSG:4326."""
    stated = frame.set_crs(crs, allow_override=True)
    if crs.to_epsg() == STORAGE_SRID:
        # A file's own wording of 4326 must not lead through a transformation that changes digits.
        return stated.set_crs(STORAGE_CRS, allow_override=True)
    return stated.to_crs(STORAGE_CRS)


def candidate_crs(bounds: tuple[float, float, float, float]) -> list[tuple[str, str]]:
    """Systems in which these bounds (xmin, ymin, xmax, ymax) would lie in Vietnam.

    Returns:
        EPSG code and name, the likeliest first; empty if none fits.
    """
    degrees = max(abs(value) for value in bounds) <= 180
    found = []
    for code in _DEGREE_CANDIDATES if degrees else _METRE_CANDIDATES:
        crs = CRS.from_epsg(code)
        to_storage = Transformer.from_crs(crs, STORAGE_CRS, always_xy=True)
        west, south = to_storage.transform(bounds[0], bounds[1])
        east, north = to_storage.transform(bounds[2], bounds[3])
        area = crs.area_of_use
        reaches = area is None or (area.west <= east and west <= area.east)
        if within_vietnam((west, south, east, north)) and reaches:
            found.append((f"EPSG:{code}", crs.name))
    return found


def within_vietnam(bounds: tuple[float, float, float, float]) -> bool:
    """Whether bounds in degrees lie within the box of the mainland and both archipelagos."""
    west, south, east, north = VIETNAM_BOUNDS
    return bool(west <= bounds[0] <= bounds[2] <= east and south <= bounds[1] <= bounds[3] <= north)


def metric_crs(longitude: float, latitude: float) -> CRS:
    """The UTM zone (WGS 84, metres) of a place, for work within a few hundred kilometres of it."""
    zone = int((longitude + 180) // 6) % 60 + 1
    return CRS.from_epsg((32600 if latitude >= 0 else 32700) + zone)


def geodesic_area_km2(geometries: np.ndarray) -> np.ndarray:
    """Area on the WGS 84 ellipsoid of geometries in EPSG:4326, in km2, shape (n,), never negative.

    Rings may run either way: each is measured alone, the shell adds and the holes subtract.
    """
    areas = np.zeros(len(geometries))
    parts, owners = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
    for part, owner in zip(parts, owners, strict=True):
        if isinstance(part, shapely.Polygon):
            areas[owner] += _polygon_area(part)
    return areas / 1e6


def _polygon_area(polygon: shapely.Polygon) -> float:
    return _ring_area(polygon.exterior) - sum(_ring_area(ring) for ring in polygon.interiors)


def _ring_area(ring: shapely.LinearRing) -> float:
    coordinates = shapely.get_coordinates(ring)
    return abs(float(_ELLIPSOID.polygon_area_perimeter(coordinates[:, 0], coordinates[:, 1])[0]))
