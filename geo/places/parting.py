"""Coordinates in a text, and the words around them."""

import re
from itertools import pairwise

from geo.crs import within_vietnam
from geo.places.labels import labels_between, with_labels, without_sure_labels
from geo.places.notation import SIGNED_ANGLE
from geo.places.spelling import PLACES, clean, words_of

# As long as only coordinates are: metres, or degrees with three decimals.
_LONG_NUMBER = re.compile(
    r"(?<![\d.,])[-+]?(?:\d{6,7}(?:[.,]\d+)?|\d{1,3}(?:([.,])\d{3}){2}(?:[.,]\d+)?"
    r"|\d{3}[.,]\d{3}[.,]\d+|\d{1,3}[.,]\d{3,})(?![\d.,]*\d)"
)
# Metres that were stated as such, with a digit too many or too few.
_ANY_LENGTH = re.compile(r"(?<![\d.,])\d{5,9}(?:[.,]\d+)?(?![\d.,]*\d)")
# Degrees with fewer decimals are coordinates only side by side: 22,85; 106,33 xã Trà Lĩnh.
_DECIMAL = re.compile(r"(?<![\d.])\d{1,3}[.,]\d+(?![.]?\d)")
_FARTHEST = 30
_SIDE_BY_SIDE = re.compile(r"\W*(?:[BNĐDTESWXY]\b\W*){0,2}(?:(?<=\s)x(?=\s))?\W*", re.IGNORECASE)
_UNIT = re.compile(
    r"\s*(?:%|(?:km|m2|m²|ha|kg|tấn|tạ|tr|triệu|nghìn|tỷ|tỉ|người|hộ)(?!\w))", re.IGNORECASE
)


def part_numbers(text: str, in_metres: bool) -> tuple[str, str] | None:
    """The coordinates in a text, and the words before, between and after them.

    None where not just two numbers look like coordinates.

    Args:
        in_metres: whether they are said to be in a system of metres.
    """
    found = _two_coordinates(text, in_metres)
    if not found:
        return None
    first, second = found
    labels, between = labels_between(text[first.end() : second.start()])
    begin, end = with_labels(text, first.start(), second.end(), text[first.end() : second.start()])
    parts = [text[:begin], text[end:]]
    coordinates = text[begin:end]
    if any(len(word) > 1 for word in re.findall(r"[^\W\d_]+", between)):
        parts.insert(1, between)
        coordinates = f"{text[begin : first.end()]}; {labels} {text[second.start() : end]}"
    words = (re.sub(r"\s+", " ", without_sure_labels(part)).strip(" ,.;:()") for part in parts)
    return coordinates, ", ".join(word for word in words if re.search(r"\w", word))


def _two_coordinates(text: str, in_metres: bool) -> tuple[re.Match[str], re.Match[str]] | None:
    for pattern in (SIGNED_ANGLE, _LONG_NUMBER, *((_ANY_LENGTH,) if in_metres else ())):
        found = list(pattern.finditer(text))
        if len(found) == 2:
            return found[0], found[1]
    decimals = list(_DECIMAL.finditer(text))
    pairs = [pair for pair in pairwise(decimals) if _are_short_degrees(text, *pair)]
    return pairs[0] if len(pairs) == 1 else None


def _are_short_degrees(text: str, first: re.Match[str], second: re.Match[str]) -> bool:
    """Whether two numbers side by side lie in Vietnam, and are none of a road or house."""
    apart = text[first.end() : second.start()]
    if len(apart) > _FARTHEST or _UNIT.match(text, second.end()):
        return False
    if not _SIDE_BY_SIDE.fullmatch(labels_between(apart)[1]):
        return False
    x, y = (float(one[0].replace(",", ".")) for one in (first, second))
    if not (within_vietnam((x, y, x, y)) or within_vietnam((y, x, y, x))):
        return False
    # Some words announce roads only before a number.
    before = words_of(clean(f"{text[max(0, first.start() - _FARTHEST) : first.start()]}1"))
    return len(before) < 2 or before[-2].label not in PLACES
