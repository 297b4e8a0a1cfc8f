"""What a text says of the system of its coordinates: VN-2000, zones, meridians, EPSG codes."""

import re
from dataclasses import dataclass

from geo.places.systems import (
    ALL_ZONES,
    UTM_OF_MERIDIAN,
    VN2000_UTM,
    WGS84_UTM,
    ZONE_OF_MERIDIAN,
    zones_near_meridian,
)

ANY_VN2000 = (*VN2000_UTM, *ALL_ZONES)
# A central meridian that no province uses, or a code of no system that is known here.
UNKNOWN_SYSTEM = 0

# 104°45', 104o45, 104-45, 104 45 and 104.75 are one; of a coordinate that follows it takes nothing.
_ANGLE = (
    r"(?P<degrees>1[01]\d)(?!\d)(?:[.,](?P<decimals>\d{1,4})(?![\d.,]*\d)"
    r"|\s*(?:°|độ|do\b|[od-]|\s)\s*(?P<minutes>\d{2})"
    r"(?!\d|[.,]\d|\s*°|\s\d{3}(?!\d)|\s?[NQPB]\b)"
    r"\s*(?:'|phút|phut\b)?(?:[\s-]*00(?!\d)\s*(?:\"|giây|giay\b)?)?"
    r"|\s*(?:°|độ|do\b))?"
)
_MERIDIAN = re.compile(
    r"(?:\bktt|kinh tuyến(?: trục)?|kinh tuyen(?: truc)?|\bl0|\bcm)\s*[:=]?\s*" + _ANGLE,
    re.IGNORECASE,
)
# Beside two lengths in metres such an angle can be nothing else.
_BARE_MERIDIAN = re.compile(
    r"(?<![\d.,])(?=10[2-8](?:\s*(?:°|độ)|\s?[od]\s?\d|[.,]\d))" + _ANGLE, re.IGNORECASE
)
_METRES = re.compile(r"(?<![\d.,])(?:\d{6,7}|\d{1,3}(?:[.,]\d{3}){1,2})(?:[.,]\d+)?(?![\d.,]*\d)")
_WIDTH = re.compile(
    r"\b(?:múi|mui)(?:\s+(?:chiếu|chieu))?\s*[:=]?\s*([36])(?!\d)\s*(?:°|độ\b|do\b)?", re.IGNORECASE
)
_EPSG = re.compile(r"\bEPSG\s*:{0,2}\s*(\d{4,5})\b", re.IGNORECASE)
_NO_MORE = r"(?!\d|[.,]\d|\s*(?:°|độ))"
# Nor is it the end of 18.48N or 18°49B.
_NO_PART = r"(?<![\w.,:°'-])(?<!°\s)"
_UTM_ZONE = re.compile(
    rf"\b(?:(?:utm|zone|múi|mui)[\s:,]*)+(0[1-9]|[1-5]\d|60){_NO_MORE}\s*(?:[NQPRB]\b)?"
    rf"|{_NO_PART}(4[89])[NQPB]\b",
    re.IGNORECASE,
)
# Zones beside those of Vietnam, which only two lengths in metres tell from the number of a house.
_BARE_ZONE = re.compile(rf"{_NO_PART}(4[67]|5[01])[NQPR]\b", re.IGNORECASE)
_UTM = re.compile(r"\butm\b", re.IGNORECASE)
_VN2000 = re.compile(r"(?:\bhệ\s+(?:tọa độ\s+)?)?\bVN\s*-?\s*2000\b", re.IGNORECASE)
# Words of a system that say nothing by themselves.
_IDLE = re.compile(
    r"(?<!\w)(?:ktt|utm|mgrs|zone|múi|mui|chiếu|kinh tuyến(?: trục)?|hệ(?: tọa độ)?)(?!\w)[\s:]*$"
    r"|^[\s,]*(?:ktt|utm|mgrs|zone|múi|mui|kinh tuyến(?: trục)?)(?!\w)",
    re.IGNORECASE,
)
_WGS84 = re.compile(r"\bWGS\s*-?\s*84\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of its system.

    `body` is the text without it, `words` that itself, `systems` the EPSG codes that it leaves
    (none without any saying); `offered` are those of Vietnam that may be meant where it says
    another.
    """

    body: str
    words: tuple[str, ...] = ()
    systems: tuple[int, ...] = ()
    offered: tuple[int, ...] = ()


def part_systems(text: str) -> Said:
    """What a text says of its system, and the rest; minutes and degrees have their usual signs."""
    body = text
    said: list[str] = []

    def take(pattern: re.Pattern[str]) -> re.Match[str] | None:
        nonlocal body
        found = pattern.search(body)
        if found:
            said.append(found[0].strip(" ,;:"))
            body = f"{body[: found.start()]} {body[found.end() :]}"
        return found

    def told(systems: tuple[int, ...], offered: tuple[int, ...] = ()) -> Said:
        return Said(body, tuple(said), systems, offered)

    if code := take(_EPSG):
        return told((int(code[1]),))
    vn2000, wgs84 = take(_VN2000), take(_WGS84)
    meridian, width = take(_MERIDIAN), take(_WIDTH)
    in_metres = len(_METRES.findall(body)) == 2
    if not meridian and (vn2000 or width) and in_metres:
        meridian = take(_BARE_MERIDIAN)
    if meridian:
        # Without a name the words are those of surveyors, whose system is VN-2000.
        wide = WGS84_UTM if wgs84 and not vn2000 else VN2000_UTM
        return told(*_by_meridian(meridian, wide, width[1] if width else ""))
    utm = VN2000_UTM if vn2000 else WGS84_UTM
    numbered = take(_UTM_ZONE) or (take(_BARE_ZONE) if in_metres else None)
    if numbered:
        return told(*_by_number(int(next(filter(None, numbered.groups()))), utm))
    if width:
        # Zones three degrees wide are of VN-2000 alone.
        return told(ALL_ZONES if width[1] == "3" else utm)
    if take(_UTM):
        return told(utm)
    return told(ANY_VN2000 if vn2000 else ())


def _by_meridian(
    found: re.Match[str], wide: tuple[int, int], width: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The system with a central meridian, or those that may be meant by one that none has.

    Without a width it is one of three degrees, which are the usual ones.
    """
    degrees, decimals = 60.0 * int(found["degrees"]), found["decimals"]
    digits = decimals or found["minutes"] or "0"
    as_decimals, as_minutes = degrees + 60 * float(f"0.{digits}"), degrees + float(digits)
    written, otherwise = (as_decimals, as_minutes) if decimals else (as_minutes, as_decimals)
    if decimals or float(digits) < 60:
        if width != "6" and (narrow := ZONE_OF_MERIDIAN.get(written)):
            return (narrow,), ()
        if width != "3" and (number := UTM_OF_MERIDIAN.get(written)):
            return (wide[number - 48],), ()
    # 104.45 was perhaps to be 104°45', and 104°75' to be 104.75.
    near = [ZONE_OF_MERIDIAN.get(otherwise), *zones_near_meridian(written)]
    return (UNKNOWN_SYSTEM,), tuple(dict.fromkeys(filter(None, near)))


def _by_number(number: int, utm: tuple[int, int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The UTM zone of a number, with those of Vietnam if it is none of them."""
    if number in (48, 49):
        return (utm[number - 48],), ()
    # VN-2000 is defined in no other.
    return (UNKNOWN_SYSTEM if utm == VN2000_UTM else 32600 + number,), utm


def without_idle_words(text: str) -> str:
    """Words beside coordinates without those that only announce a system."""
    return _IDLE.sub("", text).strip(" ,.;:()")
