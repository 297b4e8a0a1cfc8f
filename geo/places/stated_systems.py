"""What a text says of the system of its coordinates: VN-2000, zones, meridians, EPSG codes."""

import re

from geo.places.systems import (
    ALL_ZONES,
    VN2000_UTM,
    WGS84_UTM,
    utm_of_meridian,
    zone_of_meridian,
)

ANY_VN2000 = (*VN2000_UTM, *ALL_ZONES)
# A central meridian that no province uses, or a code of no system that is known here.
UNKNOWN_SYSTEM = 0

_ANGLE = r"(10[3-8]|111)(?!\d)(?:\s*(?:°|độ|-)\s*(?:(\d{2})(?!\d)\s*(?:'|phút)?)?)?"
_MERIDIAN = re.compile(
    r"(?:\bktt|kinh tuyến(?: trục)?|kinh tuyen(?: truc)?|\bl0|\bcm)\s*[:=]?\s*" + _ANGLE,
    re.IGNORECASE,
)
# Beside two lengths in metres such an angle can be nothing else.
_BARE_MERIDIAN = re.compile(r"(?<![\d.,])(10[3-8])\s*(?:°|độ)(?:\s*(\d{2})\s*(?:'|phút)?)?(?!\d)")
_METRES = re.compile(r"(?<![\d.,])(?:\d{6,7}|\d{1,3}(?:[.,]\d{3}){1,2})(?:[.,]\d+)?(?![\d.,]*\d)")
_WIDTH = re.compile(
    r"\b(?:múi|mui)(?:\s+(?:chiếu|chieu))?\s*[:=]?\s*([36])(?!\d)\s*(?:°|độ\b|do\b)?", re.IGNORECASE
)
_EPSG = re.compile(r"\bEPSG\s*:{0,2}\s*(\d{4,5})\b", re.IGNORECASE)
_UTM_ZONE = re.compile(
    r"\b(?:(?:utm|zone|múi|mui)[\s:,]*)+(4[89])\s*[NQPB]?\b|\b(4[89])[NQPB]\b", re.IGNORECASE
)
_UTM = re.compile(r"\butm\b", re.IGNORECASE)
_VN2000 = re.compile(r"(?:\bhệ\s+(?:tọa độ\s+)?)?\bVN\s*-?\s*2000\b", re.IGNORECASE)
# Words of a system that say nothing by themselves.
_IDLE = re.compile(
    r"(?<!\w)(?:ktt|utm|mgrs|zone|múi|mui|chiếu|kinh tuyến(?: trục)?|hệ(?: tọa độ)?)(?!\w)[\s:]*$"
    r"|^[\s,]*(?:ktt|utm|mgrs|zone|múi|mui|kinh tuyến(?: trục)?)(?!\w)",
    re.IGNORECASE,
)
_WGS84 = re.compile(r"\bWGS\s*-?\s*84\b", re.IGNORECASE)


def part_systems(text: str) -> tuple[str, tuple[int, ...], list[str]]:
    """The text without what it says of its system, the EPSG codes that this leaves, and that.

    Without any saying the codes are empty. Minutes and degrees have their usual signs already.
    """
    body = text
    said: list[str] = []

    def take(pattern: re.Pattern[str]) -> re.Match[str] | None:
        nonlocal body
        found = pattern.search(body)
        if found:
            said.append(found[0].strip(" ,;:"))
            body = f"{body[: found.start()]} {body[found.end() :]}"
        return found

    code = take(_EPSG)
    if code:
        return body, (int(code[1]),), said
    vn2000, wgs84 = take(_VN2000), take(_WGS84)
    utm = VN2000_UTM if vn2000 else WGS84_UTM
    meridian, width = take(_MERIDIAN), take(_WIDTH)
    if not meridian and (vn2000 or width) and len(_METRES.findall(body)) == 2:
        meridian = take(_BARE_MERIDIAN)
    if meridian:
        at = int(meridian[1]), int(meridian[2] or 0)
        # Without a name the words are those of surveyors, whose system is VN-2000.
        wide = WGS84_UTM if wgs84 and not vn2000 else VN2000_UTM
        return body, (_zone(at, wide, width[1] if width else ""),), said
    numbered = take(_UTM_ZONE)
    if numbered:
        return body, (utm[int(numbered[1] or numbered[2]) - 48],), said
    if width:
        # Zones three degrees wide are of VN-2000 alone.
        return body, ALL_ZONES if width[1] == "3" else utm, said
    if take(_UTM):
        return body, utm, said
    return body, ANY_VN2000 if vn2000 else (), said


def _zone(meridian: tuple[int, int], wide: tuple[int, int], width: str) -> int:
    """EPSG code of the zone; without a width three degrees, which are the usual ones."""
    narrow = zone_of_meridian(*meridian)
    if narrow and width != "6":
        return narrow
    number = utm_of_meridian(*meridian)
    return wide[number - 48] if number and width != "3" else UNKNOWN_SYSTEM


def without_idle_words(text: str) -> str:
    """Words beside coordinates without those that only announce a system."""
    return _IDLE.sub("", text).strip(" ,.;:()")
