"""What may have gone wrong when a position was written, and what is asked of who wrote it."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import permutations
from math import isfinite

from geo.crs import VIETNAM_BOUNDS
from geo.places.notation import Number
from geo.places.systems import system_texts


class Slip(StrEnum):
    """What would have to be wrong with a text for the candidate to be right."""

    SWAPPED = "swapped"
    DECIMAL_POINT = "decimal_point"
    LOST_ZERO = "lost_zero"
    HEMISPHERE = "hemisphere"
    ZONE = "zone"
    NO_ZONE = "no_zone"


_TEXTS = {
    Slip.SWAPPED: (
        "Có phải vĩ độ và kinh độ bị đổi chỗ? Viết vĩ độ trước, kinh độ sau.",
        "Were latitude and longitude swapped? The latitude comes first.",
    ),
    Slip.DECIMAL_POINT: (
        "Có phải thiếu hoặc đặt sai dấu thập phân? Ví dụ 18,8885; 104,848.",
        "Was the decimal point lost or misplaced? Write for example 18.8885, 104.848.",
    ),
    Slip.LOST_ZERO: (
        "Có phải kinh độ thiếu số 0? Ở Việt Nam kinh độ bắt đầu bằng 10, ví dụ 104,848.",
        "Did the longitude lose its 0? In Vietnam longitudes begin with 10, as in 104.848.",
    ),
    Slip.HEMISPHERE: (
        "Có phải ghi nhầm hướng? N là Nam; Việt Nam nằm ở vĩ độ Bắc (B), kinh độ Đông (Đ).",
        "Was the hemisphere mistaken? N is Nam (south) in Vietnamese; Vietnam lies north and east.",
    ),
    Slip.ZONE: (
        "Có phải múi hoặc kinh tuyến trục khác? Vị trí này theo {system}.",
        "Is it another zone or central meridian? This is in {system}.",
    ),
    Slip.NO_ZONE: (
        "Việt Nam không dùng múi hoặc kinh tuyến trục đã ghi. Có phải là {system}?",
        "Vietnam does not use the zone or central meridian that is written. Was it {system}?",
    ),
}

# Fewer digits than these say too little to tell where the point was.
FEWEST_DIGITS = 4
# 1897 and 10483 can have been 18.97 and 104.83: two decimals, as in whole hundredths of a degree.
COARSEST_STEP = 0.01
LARGEST = 1e9
# 102 to 109 without their 0.
_FIRST_TEEN, _LAST_TEEN = 12, 19


def slip_texts(slip: Slip, system: int) -> tuple[str, str]:
    """What an officer is asked before such a reading is taken, Vietnamese and English.

    Args:
        system: EPSG code of the system in which the coordinates are read.
    """
    vi, en = _TEXTS[slip]
    if slip not in (Slip.ZONE, Slip.NO_ZONE):
        return vi, en
    system_vi, system_en = system_texts(system)
    return vi.format(system=system_vi), en.format(system=system_en)


def with_the_point_moved(numbers: list[Number]) -> Iterator[tuple[Number, Number]]:
    """Latitude and longitude of pairs whose decimal point was lost or misplaced.

    188885 1048480, or 18.8885 10.4848; not of pairs that lie in Vietnam as they stand.
    """
    if not all(isfinite(one.value) and _has_digits(one) for one in numbers):
        return
    west, south, east, north = VIETNAM_BOUNDS
    for latitude, longitude in permutations(numbers):
        y, x = _between(latitude, south, north), _between(longitude, west, east)
        if not (y and x) or (y, x) in ((latitude, longitude), (longitude, latitude)):
            continue
        if max(y.step, x.step) < 2 * COARSEST_STEP:
            yield y, x


def with_the_zero_found(latitude: Number, longitude: Number) -> Number | None:
    """The longitude of a pair beside Vietnam's latitudes that lost the 0 of its hundred.

    14.848, meant as 104.848; None where this would not explain the pair.
    """
    _, south, _, north = VIETNAM_BOUNDS
    whole = int(longitude.value) if isfinite(longitude.value) else 0
    if not (south <= latitude.value <= north and _FIRST_TEEN <= whole <= _LAST_TEEN):
        return None
    if not (_has_digits(latitude) and _has_digits(longitude)):
        return None
    # Out of its digits, as above: 14.848 + 90 would not be 104.848.
    return replace(longitude, value=float(f"10{repr(longitude.value)[1:]}"))


def _has_digits(number: Number) -> bool:
    if not 0 < number.value <= LARGEST or number.step <= 0:
        return False
    return len(str(round(number.value / number.step)).rstrip("0")) >= FEWEST_DIGITS


def _between(number: Number, least: float, most: float) -> Number | None:
    """The number times the power of ten that brings it between the bounds, if one does."""
    written = repr(number.value)
    for power in range(-9, 4) if "e" not in written else ():
        # Out of its digits: multiplied, they would not stay those that were written.
        moved = float(f"{written}e{power}")
        if least <= moved <= most:
            return replace(number, value=moved, step=number.step * 10.0**power)
    return None
