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
from geo.places.links import shown_by_link
from geo.places.notation import Number, find_numbers, without_blanks_in_lengths
from geo.places.parting import part_numbers
from geo.places.signs import usual_signs
from geo.places.slips import Slip, with_the_point_moved, with_the_zero_found
from geo.places.stated_systems import ANY_VN2000, part_systems, without_idle_words
from geo.places.systems import (
    ALL_ZONES,
    FOREIGN_UTM,
    VN2000_DEGREES,
    VN2000_UTM,
    WGS84_UTM,
    ZONE_OF_MERIDIAN,
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
_X_AND_Y = re.compile(r"(?<!\w)[xy]\s*[:=].*(?<!\w)[xy]\s*[:=]", re.IGNORECASE)
_PLANES = {*VN2000_UTM, *WGS84_UTM, *FOREIGN_UTM, *ZONE_OF_MERIDIAN.values()}
_KNOWN = {WGS84, VN2000_DEGREES, *_PLANES}


def read_coordinates(text: str, provinces: frozenset[str] = frozenset()) -> list[Position]:
    """The positions that a text can mean, the likeliest first; none if it states no position.

    Args:
        provinces: codes of the 2024 edition in which the place is said to lie: their central
            meridians go before the others.
    """
    cleaned = _cleaned(text)
    reference = _GRID_REFERENCE.search(cleaned.upper())
    if reference:
        return _read_grid_reference(reference)
    said = part_systems(cleaned)
    numbers, is_known = _pair(said.body), _KNOWN.issuperset(said.systems)
    if not numbers or not (is_known or said.offered):
        return []
    if all(abs(number.value) <= 180 for number in numbers):
        return _read_degrees(numbers, _degree_system(said.systems)) if is_known else []
    metres = _read_metres(numbers, _possible(said.systems, provinces))
    metres += [replace(one, slip=Slip.NO_ZONE) for one in _read_metres(numbers, said.offered)]
    # Metres that were stated as such have lost no point.
    return metres if said.systems else metres + _moved(numbers, WGS84)


def read_in_other_zones(text: str, provinces: frozenset[str] = frozenset()) -> list[Position]:
    """What metres would mean in zones of the same kind that neither text nor provinces state."""
    said = part_systems(_cleaned(text))
    numbers = _pair(said.body)
    if not numbers or all(abs(number.value) <= 180 for number in numbers):
        return []
    stated = {*_possible(said.systems, provinces), *said.offered}
    kinds = [kind for kind in (ALL_ZONES, VN2000_UTM, WGS84_UTM) if stated.intersection(kind)]
    others = tuple(one for kind in kinds for one in kind if one not in stated)
    slip = Slip.NO_ZONE if said.offered else Slip.ZONE
    return [replace(one, slip=slip) for one in _read_metres(numbers, others)]


def fault_of(text: str) -> Fault | None:
    """Why two coordinates state no position; None where they do, or the text has not just two."""
    parts = part_words(text)
    written = parts[0] if parts else text
    if read_coordinates(text) or read_coordinates(written):
        return None
    cleaned = _cleaned(written)
    if _GRID_REFERENCE.search(cleaned.upper()):
        return Fault.GRID
    said = part_systems(cleaned)
    numbers = find_numbers(said.body)
    return _fault_of_pair(numbers, said.systems) if len(numbers) == 2 else None


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
    reference = _GRID_REFERENCE.search(cleaned.upper())
    if reference:
        around = f"{cleaned[: reference.start()]} {cleaned[reference.end() :]}"
        words = without_idle_words(part_systems(around).body)
        return (reference[0], words) if re.search(r"[^\W\d_]{2}", words) else None
    said = part_systems(cleaned)
    in_metres = bool(said.systems) or bool(_X_AND_Y.search(said.body))
    parts = part_numbers(said.body, in_metres)
    words = without_idle_words(parts[1]) if parts else ""
    return (" ".join([*said.words, parts[0]]), words) if parts and words else None


def _cleaned(text: str) -> str:
    """The text, or what a link in it shows, with the usual signs."""
    shown = shown_by_link(text[:LONGEST])
    written = (shown.meant or shown.middle) if shown else text[:LONGEST]
    signed = usual_signs(unicodedata.normalize("NFC", written))
    return without_blanks_in_lengths(signed).strip()


def _pair(body: str) -> list[Number]:
    """Both numbers of a text that has just two."""
    numbers = find_numbers(body)
    return numbers if len(numbers) == 2 and all(isfinite(one.value) for one in numbers) else []


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


def _possible(systems: tuple[int, ...], provinces: frozenset[str]) -> tuple[int, ...]:
    """The systems that metres can be in: of several zones of three degrees those of provinces."""
    zones = zones_of(provinces)
    if not systems:
        return (*zones, *WGS84_UTM, *VN2000_UTM, *(() if zones else ALL_ZONES))
    if not zones or not set(ALL_ZONES).issubset(systems):
        return systems
    return (*zones, *(system for system in systems if system not in ALL_ZONES))


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
        if system not in _PLANES:
            continue
        longitude, latitude, accuracy = to_wgs84(system, np.array([easting]), np.array([northing]))
        x, y = float(longitude[0]), float(latitude[0])
        # A zone that is none of Vietnam's is read as it is written.
        if _inside(x, y) or system in FOREIGN_UTM:
            found.append(Position(x, y, system, max(accuracy, coarseness)))
    return found


def _inside(longitude: float, latitude: float) -> bool:
    return within_vietnam((longitude, latitude, longitude, latitude))
