"""Words that say of a number which coordinate it is: vĩ độ, kinh độ, lat, long, X and Y."""

import re
from typing import Literal

Axis = Literal["x", "y"]

_LATITUDE = r"v[ĩi]\s+(?:độ|do)(?:\s+b[ắa]c)?|v[ĩi]\s+b[ắa]c|latitude"
_LONGITUDE = r"kinh\s+(?:độ|do)(?:\s+[đd][ôo]ng)?|kinh\s+[đd][ôo]ng|longitude"
_SHORT = r"lat|long?|lng"
_END = r"(?![^\W\d_])"
# These are no part of a name; Hạ Long and Da Lat end with what may be short for a label.
_SURE_WORD = rf"(?<!\w)(?:{_LATITUDE}|{_LONGITUDE}|tọa\s+độ|toạ\s+độ|toa\s+do){_END}"
_SURE = re.compile(rf"{_SURE_WORD}\s*[:=]?", re.IGNORECASE)
_ANY = re.compile(
    rf"{_SURE.pattern}|(?<!\w)(?:{_SHORT}){_END}\s*[:=]?"
    r"|(?<!\w)(?:[xy](?=\s*[:=]?\s*[-+]?\d)|h(?=\s*[:=]))\s*[:=]?",
    re.IGNORECASE,
)
_AXES = re.compile(
    rf"(?<!\w)(?:(?P<y>{_LATITUDE}|lat)|(?P<x>{_LONGITUDE}|long?|lng)){_END}", re.IGNORECASE
)
_LETTER = "[XYHBNĐDTESW]"
_PARTED = r"[\s,;:=/()&-]*"
_BEFORE = re.compile(rf"(?:{_SURE_WORD}{_PARTED})+$|(?<!\w){_LETTER}\s*[:=]?\s*$", re.IGNORECASE)
_SHORT_BEFORE = re.compile(rf"(?<!\w)(?:{_SHORT})\s*[:=]?\s*$", re.IGNORECASE)
_SHORT_BETWEEN = re.compile(rf"^\s*(?:{_SHORT}){_END}|{_SHORT_BEFORE.pattern}", re.IGNORECASE)
_AFTER = re.compile(
    rf"\s*(?:[BNĐDTESWm](?!\w|\.\s*\w)|(?:{_LATITUDE}|{_LONGITUDE}){_END})", re.IGNORECASE
)
_SHORT_AFTER = re.compile(rf"\s*(?:{_SHORT}){_END}", re.IGNORECASE)


def without_labels(coordinates: str) -> str:
    """Coordinates without the words before their numbers; letters of hemispheres stay."""
    return _ANY.sub(" ", coordinates)


def without_sure_labels(words: str) -> str:
    """Words beside coordinates without those that only announce them."""
    return _SURE.sub(" ", words)


def stated_axes(coordinates: str) -> list[Axis]:
    """The axes that coordinates name in words, in their order: "y" for latitudes."""
    return ["y" if found["y"] else "x" for found in _AXES.finditer(coordinates)]


def labels_between(between: str) -> tuple[str, str]:
    """The labels between two coordinates, and the other words there."""
    labels = [found[0] for found in _SURE.finditer(between)]
    words = _SURE.sub(" ", between)
    short = _SHORT_BETWEEN.search(words)
    if short:
        labels.append(short[0])
        words = f"{words[: short.start()]} {words[short.end() :]}"
    return " ".join(label.strip() for label in labels), words


def with_labels(text: str, begin: int, end: int, between: str) -> tuple[int, int]:
    """Where coordinates at [begin, end) begin and end together with the labels around them.

    What is short for one counts only where another stands `between` the numbers.
    """
    is_short = bool(_SHORT_BETWEEN.search(between))
    before = _BEFORE.search(text, 0, begin) or (is_short and _SHORT_BEFORE.search(text, 0, begin))
    after = _AFTER.match(text, end) or (is_short and _SHORT_AFTER.match(text, end))
    return (before.start() if before else begin), (after.end() if after else end)
