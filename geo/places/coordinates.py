"""Positions as officers write them: degrees, grid references, links of maps.

What a text says is never changed in silence. Where it can mean several things, or means a place
that cannot be, each reading comes as a candidate of its own, with the slip that would explain it.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import permutations
from math import isfinite

import mgrs
import numpy as np

from geo.crs import within_vietnam
from geo.places.notation import Number, find_numbers
from geo.places.systems import (
    ALL_ZONES,
    VN2000_DEGREES,
    VN2000_UTM,
    WGS84_UTM,
    to_wgs84,
    zone_of_meridian,
    zones_of,
)

WGS84 = 4326
LONGEST = 2_000
# Two or three digits before the lost point, and three behind it: some hundred metres.
FEWEST_WITHOUT_POINT = 10_000


class Slip(StrEnum):
    """What would have to be wrong with a text for the candidate to be right."""

    SWAPPED = "swapped"
    DECIMAL_POINT = "decimal_point"
    HEMISPHERE = "hemisphere"


# What an officer is asked before such a reading is taken, Vietnamese and English.
SLIP_TEXTS = {
    Slip.SWAPPED: (
        "Có phải vĩ độ và kinh độ bị đổi chỗ? Viết vĩ độ trước, kinh độ sau.",
        "Were latitude and longitude swapped? The latitude comes first.",
    ),
    Slip.DECIMAL_POINT: (
        "Có phải thiếu dấu thập phân? Ví dụ 18,8885; 104,848.",
        "Was the decimal point lost? Write for example 18.8885, 104.848.",
    ),
    Slip.HEMISPHERE: (
        "Có phải ghi nhầm hướng? N là Nam; Việt Nam nằm ở vĩ độ Bắc (B), kinh độ Đông (Đ).",
        "Was the hemisphere mistaken? N is Nam (south) in Vietnamese; Vietnam lies north and east.",
    ),
}


@dataclass(frozen=True, slots=True)
class Position:
    """One reading of a text.

    `longitude` and `latitude` in degrees (EPSG:4326); `system` is the EPSG code of what was
    written, `accuracy_m` the stated accuracy of the shift from it. Without a `slip` the text says
    just this.
    """

    longitude: float
    latitude: float
    system: int = WGS84
    accuracy_m: float = 0.0
    slip: Slip | None = None


_LINK = re.compile(r"^(?:https?://|geo:)", re.IGNORECASE)
_PAIR = r"(-?\d{1,3}(?:\.\d+)?)"
_IN_LINK = (
    # The place that was chosen comes before the middle of the map.
    re.compile(rf"!3d{_PAIR}!4d{_PAIR}"),
    re.compile(rf"[?&](?:q|query|ll|destination|daddr)=(?:loc:)?{_PAIR}(?:,|%2C)\+?{_PAIR}", re.I),
    re.compile(rf"[?&]mlat={_PAIR}&mlon={_PAIR}"),
    re.compile(rf"#map=\d+(?:\.\d+)?/{_PAIR}/{_PAIR}"),
    re.compile(rf"@{_PAIR},{_PAIR}"),
    re.compile(rf"^geo:{_PAIR},{_PAIR}", re.I),
)
_SHORT_LINK = re.compile(
    r"^https?://(?:maps\.app\.goo\.gl|goo\.gl|g\.co|g\.page|osm\.org/go|zalo\.me|bit\.ly)/",
    re.IGNORECASE,
)
# As long as only coordinates are: metres, or degrees with three decimals.
_LONG_NUMBER = re.compile(r"(?<![\d.,])(?:\d{6,7}(?:[.,]\d+)?|\d{1,3}[.,]\d{3,})(?![\d.,]*\d)")
_OF_SYSTEMS = {"UTM", "VN", "WGS", "KTT", "ZONE", "MÚI", "MUI", "KINH", "TUYẾN", "TRỤC", "EPSG"}
_GRID_REFERENCE = re.compile(
    r"\b(4[89])\s*([N-Q])\s*([A-HJ-NP-Z]{2})\s*(\d{1,5}\s+\d{1,5}|\d{2,10})\b"
)
_MERIDIAN = re.compile(
    r"(?:ktt|kinh tuyến(?: trục)?|kinh tuyen(?: truc)?|l0|cm)\s*[:=]?\s*"
    r"(10[3-8])(?!\d)(?:\s*(?:°|độ|-)\s*(?:(\d{2})(?!\d)\s*(?:['’′]|phút)?)?)?",
    re.IGNORECASE,
)
_EPSG = re.compile(r"\bEPSG\s*:{0,2}\s*(\d{4,5})\b", re.IGNORECASE)
_UTM_ZONE = re.compile(
    r"\b(?:(?:utm|zone|múi|mui)[\s:,]*)+(4[89])\s*[NQPB]?\b|\b(4[89])[NQPB]\b", re.IGNORECASE
)
_VN2000 = re.compile(r"\bVN\s*-?\s*2000\b", re.IGNORECASE)
_WGS84_WORD = re.compile(r"\bWGS\s*-?\s*84\b", re.IGNORECASE)


def read_coordinates(text: str, provinces: frozenset[str] = frozenset()) -> list[Position]:
    """The positions that a text can mean, the likeliest first; none if it states no position.

    Args:
        provinces: codes of the 2024 edition in which the place is said to lie: their central
            meridians go before the others.
    """
    cleaned = unicodedata.normalize("NFC", text[:LONGEST]).strip()
    if _LINK.match(cleaned):
        return _read_link(cleaned)
    reference = _GRID_REFERENCE.search(cleaned.upper())
    if reference:
        return _read_grid_reference(reference)
    body, systems = _stated_systems(cleaned)
    if not _KNOWN.issuperset(systems):
        return []
    numbers = find_numbers(body)
    if len(numbers) != 2 or not all(isfinite(number.value) for number in numbers):
        return []
    if all(abs(number.value) <= 180 for number in numbers):
        return _read_degrees(numbers, _degree_system(systems))
    if systems == _ANY_VN2000 and provinces:
        possible = (*zones_of(provinces), *VN2000_UTM)
    else:
        possible = systems or _usual_systems(provinces)
    metres = _read_metres(numbers, possible)
    # Metres that were stated as such have lost no point.
    return metres if systems else metres + _lost_point(numbers)


def part_words(text: str) -> tuple[str, str] | None:
    """Coordinates and the words around them apart: "X=2088437 Y=483998 VN-2000 Nghệ An".

    None where not just two numbers look like coordinates, or no words stand before or after.
    """
    numbers = list(_LONG_NUMBER.finditer(text[:LONGEST]))
    if len(numbers) != 2 or _LINK.match(text):
        return None
    before, after = text[: numbers[0].start()].split(), text[numbers[1].end() : LONGEST].split()
    first = next((at for at, word in enumerate(before) if not _is_word(word)), len(before))
    last = next((at for at in range(len(after), 0, -1) if not _is_word(after[at - 1])), 0)
    words = " ".join(before[:first] + after[last:]).strip(" ,.;:()")
    middle = text[numbers[0].start() : numbers[1].end()]
    body = " ".join([*before[first:], middle, *after[:last]])
    return (body, words) if words else None


def _is_word(token: str) -> bool:
    """Whether it says nothing of a number: no digits, no label such as X= or KTT."""
    letters = token.strip(",.;:()")
    return len(letters) > 1 and letters.isalpha() and letters.upper() not in _OF_SYSTEMS


def is_short_link(text: str) -> bool:
    """Whether it is a link that says where only to who follows it on the internet."""
    return bool(_SHORT_LINK.match(text.strip()))


def _read_link(link: str) -> list[Position]:
    for pattern in _IN_LINK:
        found = pattern.search(link)
        if found:
            latitude, longitude = float(found[1]), float(found[2])
            return _in_degrees(latitude, longitude, WGS84)
    return []


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


_ANY_VN2000 = (*VN2000_UTM, *ALL_ZONES)
_KNOWN = {WGS84, VN2000_DEGREES, *WGS84_UTM, *_ANY_VN2000}


def _degree_system(systems: tuple[int, ...]) -> int:
    return VN2000_DEGREES if systems in (_ANY_VN2000, (VN2000_DEGREES,)) else WGS84


def _stated_systems(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without what it says of its system, and the EPSG codes that this leaves."""
    code = _EPSG.search(text)
    if code:
        return _without(text, code), (int(code[1]),)
    vn2000 = _VN2000.search(text)
    body = _WGS84_WORD.sub(" ", _without(text, vn2000))
    meridian = _MERIDIAN.search(body)
    if meridian:
        zone_code = zone_of_meridian(int(meridian[1]), int(meridian[2] or 0))
        # A meridian that no province uses is no known system.
        return _without(body, meridian), (zone_code or 0,)
    zone = _UTM_ZONE.search(body)
    if zone:
        place = int(zone[1] or zone[2]) - 48
        return _without(body, zone), ((VN2000_UTM if vn2000 else WGS84_UTM)[place],)
    return body, _ANY_VN2000 if vn2000 else ()


def _without(text: str, found: re.Match[str] | None) -> str:
    return text if found is None else f"{text[: found.start()]} {text[found.end() :]}"


def _usual_systems(provinces: frozenset[str]) -> tuple[int, ...]:
    first = zones_of(provinces)
    rest = () if first else ALL_ZONES
    return (*first, *WGS84_UTM, *VN2000_UTM, *rest)


def _read_degrees(numbers: list[Number], system: int) -> list[Position]:
    first, second = numbers
    if first.axis == "x" or second.axis == "y":
        first, second = second, first
    return _in_degrees(first.value, second.value, system)


def _in_degrees(latitude: float, longitude: float, system: int) -> list[Position]:
    """The pair as it stands, unless it cannot be; then what may have been meant goes before it."""
    found = []
    if not _inside(longitude, latitude):
        if _inside(latitude, longitude):
            found.append(Position(latitude, longitude, slip=Slip.SWAPPED))
        elif _inside(abs(longitude), abs(latitude)):
            found.append(Position(abs(longitude), abs(latitude), slip=Slip.HEMISPHERE))
    if abs(latitude) <= 90:
        found.append(Position(longitude, latitude))
    return [_shifted(position, system) for position in found]


def _shifted(position: Position, system: int) -> Position:
    if system == WGS84:
        return position
    x, y = np.array([position.longitude]), np.array([position.latitude])
    longitude, latitude, accuracy = to_wgs84(system, x, y)
    return replace(
        position,
        longitude=float(longitude[0]),
        latitude=float(latitude[0]),
        system=system,
        accuracy_m=accuracy,
    )


def _read_metres(numbers: list[Number], systems: tuple[int, ...]) -> list[Position]:
    """Easting and northing in either order: in Vietnam one is three times the other at least."""
    easting, northing = sorted(number.value for number in numbers)
    if not (100_000 <= easting <= 900_000 and 800_000 <= northing <= 2_700_000):
        return []
    found = []
    for system in systems:
        if system in (WGS84, VN2000_DEGREES):
            continue
        longitude, latitude, accuracy = to_wgs84(system, np.array([easting]), np.array([northing]))
        if _inside(float(longitude[0]), float(latitude[0])):
            found.append(Position(float(longitude[0]), float(latitude[0]), system, accuracy))
    return found


def _lost_point(numbers: list[Number]) -> list[Position]:
    """Degrees whose decimal point was lost on the way: 188885 1048480."""
    found: list[Position] = []
    if any(abs(number.value) < FEWEST_WITHOUT_POINT for number in numbers):
        return found
    for latitude, longitude in permutations(number.value for number in numbers):
        y, x = _with_point(latitude, 2), _with_point(longitude, 3)
        # Latitudes from 8 to 9.9 degrees have one digit before the point.
        for candidate in (y, y / 10):
            if _inside(x, candidate):
                found.append(Position(x, candidate, slip=Slip.DECIMAL_POINT))
    return found


def _with_point(value: float, digits: int) -> float:
    whole = str(int(abs(value)))
    return float(f"{whole[:digits]}.{whole[digits:] or 0}")


def _inside(longitude: float, latitude: float) -> bool:
    return within_vietnam((longitude, latitude, longitude, latitude))
