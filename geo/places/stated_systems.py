"""What a text says of the system of its coordinates: VN-2000, zones, meridians, EPSG codes."""

import re

from geo.places.systems import (
    ALL_ZONES,
    VN2000_UTM,
    WGS84_UTM,
    zone_of_meridian,
)

ANY_VN2000 = (*VN2000_UTM, *ALL_ZONES)
# A central meridian that no province uses, or a code of no system that is known here.
UNKNOWN_SYSTEM = 0

_ANGLE = r"(10[3-8])(?!\d)(?:\s*(?:°|độ|-)\s*(?:(\d{2})(?!\d)\s*(?:'|phút)?)?)?"
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
    vn2000 = take(_VN2000)
    take(_WGS84)
    meridian, width = take(_MERIDIAN), take(_WIDTH)
    if not meridian and (vn2000 or width) and len(_METRES.findall(body)) == 2:
        meridian = take(_BARE_MERIDIAN)
    if meridian:
        zone = zone_of_meridian(int(meridian[1]), int(meridian[2] or 0))
        return body, (zone or UNKNOWN_SYSTEM,), said
    utm = VN2000_UTM if vn2000 else WGS84_UTM
    numbered = take(_UTM_ZONE)
    if numbered:
        return body, (utm[int(numbered[1] or numbered[2]) - 48],), said
    if width:
        # Zones three degrees wide are of VN-2000 alone.
        return body, ALL_ZONES if width[1] == "3" else utm, said
    return body, ANY_VN2000 if vn2000 else (), said


def without_idle_words(text: str) -> str:
    """Words beside coordinates without those that only announce a system."""
    return _IDLE.sub("", text).strip(" ,.;:()")
