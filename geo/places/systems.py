"""The plane systems in which Vietnamese maps state positions, and the way from them to WGS 84.

Central meridians of the provinces: the EPSG registry's "Vietnam TM-3" systems, which name the
provinces of before July 2025; the surveys of that time stay in them.
"""

from collections.abc import Set
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from pyproj.transformer import TransformerGroup

from geo.crs import STORAGE_CRS

VN2000_DEGREES = 4756
VN2000_UTM = (3405, 3406)
WGS84_UTM = (32648, 32649)
# VN-2000, 3-degree zones by central meridian in minutes of arc, and the provinces (GSO codes of the
# 2024 edition) that use them; scale 0.9999, false easting 500 km.
PROVINCES_OF_ZONE: dict[int, tuple[int, frozenset[str]]] = {
    103 * 60: (9205, frozenset({"11", "12"})),
    104 * 60: (9206, frozenset({"14"})),
    104 * 60 + 30: (9207, frozenset({"91", "96"})),
    104 * 60 + 45: (9208, frozenset({"10", "15", "25", "40", "89"})),
    105 * 60: (5897, frozenset({"01", "26", "35", "37", "38", "87", "92", "93", "95"})),
    105 * 60 + 30: (
        9209,
        frozenset({"02", "27", "30", "33", "34", "36", "42", "72", "84", "86", "94"}),
    ),
    105 * 60 + 45: (9210, frozenset({"04", "31", "74", "79", "80", "82", "83"})),
    106 * 60: (9211, frozenset({"08", "17", "44"})),
    106 * 60 + 15: (9212, frozenset({"45", "70"})),
    106 * 60 + 30: (9213, frozenset({"06", "19"})),
    107 * 60: (9214, frozenset({"24", "46"})),
    107 * 60 + 15: (9215, frozenset({"20"})),
    107 * 60 + 30: (9216, frozenset({"62"})),
    107 * 60 + 45: (5899, frozenset({"22", "48", "49", "68", "75", "77"})),
    108 * 60: (5898, frozenset({"51"})),
    108 * 60 + 15: (9217, frozenset({"52", "56", "58"})),
    108 * 60 + 30: (9218, frozenset({"54", "60", "64", "66", "67"})),
}
ALL_ZONES = tuple(epsg for epsg, _ in PROVINCES_OF_ZONE.values())
# By central meridian in minutes of arc; that of 102° is no province's own, but of the national row.
ZONE_OF_MERIDIAN: dict[float, int] = {102 * 60: 5896} | {
    float(minutes): epsg for minutes, (epsg, _) in PROVINCES_OF_ZONE.items()
}
UTM_OF_MERIDIAN: dict[float, int] = {105 * 60: 48, 111 * 60: 49}
# WGS 84 / UTM, north of the equator, without the zones of Vietnam.
FOREIGN_UTM = frozenset(range(32601, 32661)) - set(WGS84_UTM)


def zones_of(provinces: frozenset[str]) -> tuple[int, ...]:
    """EPSG codes of the 3-degree zones of provinces (codes of the 2024 edition), west to east."""
    return tuple(epsg for epsg, users in PROVINCES_OF_ZONE.values() if users & provinces)


def meridian_of(province: str) -> str | None:
    """Central meridian of a province's zone (code of the 2024 edition), as in 105°30'."""
    for minutes, (_, users) in PROVINCES_OF_ZONE.items():
        if province in users:
            return _angle(minutes)
    return None


def _angle(minutes: int) -> str:
    return f"{minutes // 60}°{minutes % 60:02d}'"


def system_texts(epsg: int) -> tuple[str, str]:
    """What a system is called, Vietnamese and English: by its meridian or zone."""
    if epsg == VN2000_DEGREES:
        return "VN-2000 kinh độ, vĩ độ", "VN-2000 longitude, latitude"
    for minutes, zone in ZONE_OF_MERIDIAN.items():
        if zone == epsg:
            meridian = _angle(int(minutes))
            return f"VN-2000 KTT {meridian}", f"VN-2000, central meridian {meridian}"
    if epsg in FOREIGN_UTM:
        return f"WGS 84 UTM múi {epsg - 32600}", f"WGS 84 UTM zone {epsg - 32600}"
    if epsg not in (*VN2000_UTM, *WGS84_UTM):
        return "WGS 84", "WGS 84"
    name, systems = ("VN-2000", VN2000_UTM) if epsg in VN2000_UTM else ("WGS 84", WGS84_UTM)
    number = 48 + systems.index(epsg)
    return f"{name} UTM múi {number}", f"{name} UTM zone {number}"


def uses_zone(epsg: int, provinces: Set[str], longitude: float) -> bool:
    """Whether a system is the usual one there: of the 3-degree zones that of the province.

    UTM zones are six degrees wide, and meet at 108° E.
    """
    if epsg in (*VN2000_UTM, *WGS84_UTM):
        return epsg in (
            (VN2000_UTM[0], WGS84_UTM[0]) if longitude < 108 else (VN2000_UTM[1], WGS84_UTM[1])
        )
    return epsg not in ALL_ZONES or epsg in zones_of(frozenset(provinces))


def zones_near_meridian(minutes: float, count: int = 2) -> list[int]:
    """EPSG codes of the provinces' zones nearest to a meridian in minutes of arc."""
    nearest = sorted(PROVINCES_OF_ZONE, key=lambda one: abs(one - minutes))
    return [PROVINCES_OF_ZONE[one][0] for one in nearest[:count]]


def to_wgs84(
    epsg: int, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Positions in a system of this module as WGS 84.

    Args:
        epsg: code of the system.
        x: eastings (metres) or longitudes (degrees), shape (n,).
        y: northings or latitudes, shape (n,).

    Returns:
        Longitudes and latitudes (degrees, EPSG:4326), and the stated accuracy of the datum shift in
        metres: that of the operation which the EPSG registry, as pyproj reads it, puts first.
    """
    transformer = _best(epsg)
    longitude, latitude = transformer.transform(x, y)
    return longitude, latitude, max(transformer.accuracy, 0.0)


@cache
def _best(epsg: int) -> Transformer:
    # Not Transformer.from_crs: it chooses anew for every position and cannot say its accuracy.
    group = TransformerGroup(f"EPSG:{epsg}", STORAGE_CRS, always_xy=True, allow_ballpark=False)
    best: Transformer = group.transformers[0]
    return best
