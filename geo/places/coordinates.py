"""Positions as officers write them: degrees, grid references, links of maps.

What a text says is never changed in silence. Where it can mean several things, or means a place
that cannot be, each reading comes as a candidate of its own, with the slip that would explain it.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import permutations
from math import cos, isfinite, radians

import mgrs
import numpy as np

from geo.crs import within_vietnam
from geo.places.faults import Fault
from geo.places.links import is_link, pair_of_link
from geo.places.notation import Number, find_numbers, usual_signs, without_blanks_in_lengths
from geo.places.parting import part_numbers
from geo.places.slips import Slip, with_the_point_moved, with_the_zero_found
from geo.places.stated_systems import ANY_VN2000, part_systems, without_idle_words
from geo.places.systems import (
    ALL_ZONES,
    VN2000_DEGREES,
    VN2000_UTM,
    WGS84_UTM,
    to_wgs84,
    zones_of,
)

WGS84 = 4326
LONGEST = 2_000
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Position:
    """One reading of a text.

    `longitude` and `latitude` in degrees (EPSG:4326); `system` is the EPSG code of what was
    written. `accuracy_m` is the stated accuracy of the shift from it, or half of what the last
    digit counts where that is more. Without a `slip` the text says just this.
    """

    longitude: float
    latitude: float
    system: int = WGS84
    accuracy_m: float = 0.0
    slip: Slip | None = None


_GRID_REFERENCE = re.compile(
    r"\b(4[89])\s*([N-Q])\s*([A-HJ-NP-Z]{2})\s*(\d{1,5}\s+\d{1,5}|\d{2,10})\b"
)
_KNOWN = {WGS84, VN2000_DEGREES, *WGS84_UTM, *ANY_VN2000}


def read_coordinates(text: str, provinces: frozenset[str] = frozenset()) -> list[Position]:
    """The positions that a text can mean, the likeliest first; none if it states no position.

    Args:
        provinces: codes of the 2024 edition in which the place is said to lie: their central
            meridians go before the others.
    """
    cleaned = _cleaned(text)
    if is_link(cleaned):
        pair = pair_of_link(cleaned)
        if not pair:
            return []
        return _in_degrees(_number_of_link(pair[0]), _number_of_link(pair[1]), WGS84)
    reference = _GRID_REFERENCE.search(cleaned.upper())
    if reference:
        return _read_grid_reference(reference)
    body, systems, _ = part_systems(cleaned)
    numbers = _pair(body) if _KNOWN.issuperset(systems) else []
    if not numbers:
        return []
    if all(abs(number.value) <= 180 for number in numbers):
        return _read_degrees(numbers, _degree_system(systems))
    possible = _narrowed(systems, provinces) if systems else _usual_systems(provinces)
    metres = _read_metres(numbers, possible)
    # Metres that were stated as such have lost no point.
    return metres if systems else metres + _moved(numbers, WGS84)


def read_in_other_zones(text: str) -> list[Position]:
    """What metres would mean in the zones of the same kind that the text does not state."""
    body, systems, _ = part_systems(_cleaned(text))
    numbers = _pair(body) if systems and _KNOWN.issuperset(systems) else []
    if not numbers or all(abs(number.value) <= 180 for number in numbers):
        return []
    kinds = (ALL_ZONES, VN2000_UTM, WGS84_UTM)
    others = [one for kind in kinds if set(kind) & set(systems) for one in kind]
    others = [one for one in others if one not in systems]
    return [replace(one, slip=Slip.ZONE) for one in _read_metres(numbers, tuple(others))]


def fault_of(text: str) -> Fault | None:
    """Why two coordinates state no position; None where they do, or the text has not just two."""
    if read_coordinates(text) or is_link(_cleaned(text)):
        return None
    parts = part_words(text)
    cleaned = _cleaned(parts[0] if parts else text)
    if _GRID_REFERENCE.search(cleaned.upper()):
        return Fault.GRID
    body, systems, _ = part_systems(cleaned)
    numbers = find_numbers(body)
    return _fault_of_pair(numbers, systems) if len(numbers) == 2 else None


def _fault_of_pair(numbers: list[Number], systems: tuple[int, ...]) -> Fault:
    if not _KNOWN.issuperset(systems):
        return Fault.SYSTEM
    if not all(isfinite(number.value) for number in numbers):
        return Fault.ANGLE
    if any(abs(number.value) > 180 for number in numbers):
        return Fault.STATED_METRES if systems else Fault.NUMBERS
    if numbers[0].axis and numbers[0].axis == numbers[1].axis:
        return Fault.ONE_AXIS
    return Fault.LATITUDE


def part_words(text: str) -> tuple[str, str] | None:
    """Coordinates and the words around them apart: "X=2088437 Y=483998 VN-2000 Nghệ An".

    None where not just two numbers look like coordinates, or no words stand before or after.
    """
    cleaned = _cleaned(text)
    if is_link(cleaned):
        return None
    reference = _GRID_REFERENCE.search(cleaned.upper())
    if reference:
        around = f"{cleaned[: reference.start()]} {cleaned[reference.end() :]}"
        words = without_idle_words(part_systems(around)[0])
        return (reference[0], words) if re.search(r"[^\W\d_]{2}", words) else None
    body, _, said = part_systems(cleaned)
    parts = part_numbers(body)
    words = without_idle_words(parts[1]) if parts else ""
    return (" ".join([*said, parts[0]]), words) if parts and words else None


def _cleaned(text: str) -> str:
    signed = usual_signs(unicodedata.normalize("NFC", text[:LONGEST]))
    return without_blanks_in_lengths(signed).strip()


def _pair(body: str) -> list[Number]:
    """Both numbers of a text that has just two."""
    numbers = find_numbers(body)
    return numbers if len(numbers) == 2 and all(isfinite(one.value) for one in numbers) else []


def _number_of_link(text: str) -> Number:
    return Number(float(text), step=10.0 ** -len(text.partition(".")[2]))


def _read_grid_reference(found: re.Match[str]) -> list[Position]:
    digits = re.sub(r"\s+", "", found[4])
    if len(digits) % 2:
        return []
    try:
        latitude, longitude = mgrs.MGRS().toLatLon(f"{found[1]}{found[2]}{found[3]}{digits}")
    except mgrs.core.MGRSError:
        return []
    # A reference names a square; its accuracy is the square's half side.
    half = 10 ** (5 - len(digits) // 2) / 2
    return [Position(longitude, latitude, accuracy_m=half)]


def _degree_system(systems: tuple[int, ...]) -> int:
    is_vn2000 = systems and {VN2000_DEGREES, *ANY_VN2000}.issuperset(systems)
    return VN2000_DEGREES if is_vn2000 else WGS84


def _narrowed(systems: tuple[int, ...], provinces: frozenset[str]) -> tuple[int, ...]:
    """Of several zones of three degrees those of the provinces, where they are known."""
    zones = zones_of(provinces)
    if not zones or not set(ALL_ZONES).issubset(systems):
        return systems
    return (*zones, *(system for system in systems if system not in ALL_ZONES))


def _usual_systems(provinces: frozenset[str]) -> tuple[int, ...]:
    first = zones_of(provinces)
    rest = () if first else ALL_ZONES
    return (*first, *WGS84_UTM, *VN2000_UTM, *rest)


def _read_degrees(numbers: list[Number], system: int) -> list[Position]:
    first, second = numbers
    if first.axis and first.axis == second.axis:
        return _with_a_letter_mended(numbers, system)
    if first.axis == "x" or second.axis == "y":
        first, second = second, first
    return _in_degrees(first, second, system)


def _with_a_letter_mended(numbers: list[Number], system: int) -> list[Position]:
    """Two latitudes or two longitudes, which say no position, as the pair they can be."""
    return [
        _upright(latitude, longitude, system)
        for latitude, longitude in permutations(numbers)
        if _inside(abs(longitude.value), abs(latitude.value))
    ]


def _upright(latitude: Number, longitude: Number, system: int) -> Position:
    """The pair north and east, whatever its letters and signs say."""
    north = replace(latitude, value=abs(latitude.value))
    east = replace(longitude, value=abs(longitude.value))
    return _position(north, east, system, Slip.HEMISPHERE)


def _in_degrees(latitude: Number, longitude: Number, system: int) -> list[Position]:
    """The pair as it stands, unless it cannot be; then what may have been meant goes before it."""
    y, x = latitude.value, longitude.value
    found = []
    if not _inside(x, y):
        if _inside(y, x):
            found.append(_position(longitude, latitude, system, Slip.SWAPPED))
        elif _inside(abs(x), abs(y)):
            found.append(_upright(latitude, longitude, system))
        else:
            found += _moved([latitude, longitude], system)
            if whole := with_the_zero_found(latitude, longitude):
                found.append(_position(latitude, whole, system, Slip.LOST_ZERO))
    if abs(y) <= 90 and abs(x) <= 180:
        found.append(_position(latitude, longitude, system))
    return found


def _moved(numbers: list[Number], system: int) -> list[Position]:
    moved = with_the_point_moved(numbers)
    return [_position(y, x, system, Slip.DECIMAL_POINT) for y, x in moved]


def _position(y: Number, x: Number, system: int, slip: Slip | None = None) -> Position:
    coarseness = max(y.step, x.step * cos(radians(y.value))) / 2 * METRES_PER_DEGREE
    if system == WGS84:
        return Position(x.value, y.value, system, coarseness, slip)
    longitude, latitude, accuracy = to_wgs84(system, np.array([x.value]), np.array([y.value]))
    accuracy = max(accuracy, coarseness)
    return Position(float(longitude[0]), float(latitude[0]), system, accuracy, slip)


def _read_metres(numbers: list[Number], systems: tuple[int, ...]) -> list[Position]:
    """Easting and northing in either order: in Vietnam one is three times the other at least."""
    easting, northing = sorted(number.value for number in numbers)
    if not (100_000 <= easting <= 900_000 and 800_000 <= northing <= 2_700_000):
        return []
    coarseness = max(number.step for number in numbers) / 2
    found = []
    for system in systems:
        if system in (WGS84, VN2000_DEGREES):
            continue
        longitude, latitude, accuracy = to_wgs84(system, np.array([easting]), np.array([northing]))
        x, y = float(longitude[0]), float(latitude[0])
        if _inside(x, y):
            found.append(Position(x, y, system, max(accuracy, coarseness)))
    return found


def _inside(longitude: float, latitude: float) -> bool:
    return within_vietnam((longitude, latitude, longitude, latitude))
