"""Numbers and angles in a text: decimal point or comma, degrees, minutes and seconds."""

import re
from dataclasses import dataclass
from typing import Literal

Axis = Literal["x", "y"]

_NUMBER = r"(?>\d+(?:[.,]\d+)?)"
_DEGREE = r"(?:°|độ|do\b|d\b)"
_LETTER = r"[BNĐDTESWbnđdtesw]"
_ANGLE = (
    rf"(?P<sign>-)?(?P<degrees>{_NUMBER})\s*{_DEGREE}"
    rf"(?:\s*(?P<minutes>{_NUMBER})\s*(?:'|phút|phut\b)"
    # A number that is followed by a degree sign begins the next angle.
    rf"(?:\s*(?P<seconds>{_NUMBER})(?!\s*{_DEGREE})\s*(?:\"|''|giây|giay\b)?)?)?"
)
_PLAIN = r"(?P<sign>-)?(?P<number>\d+(?:[.,]\d+)*)"
_BEFORE, _AFTER = rf"(?:(?P<letter>{_LETTER})\s*)?", rf"(?:\s*(?P<letter>{_LETTER})(?![^\W\d_]))?"
_LEADS = re.compile(rf"^[\W_]*{_LETTER}\W*\d")
_SIGNS = str.maketrans(
    {"′": "'", "’": "'", "‘": "'", "`": "'", "″": '"', "”": '"', "“": '"', "º": "°", "˚": "°"}
    | {"−": "-", "–": "-"}
)
# What stands before a number to say what it is, and is no hemisphere.
_LABELS = re.compile(
    r"(?:vĩ độ|vi do|kinh độ|kinh do|tọa độ|toa do|latitude|longitude|lat|long?|lng"
    r"|[xyhe](?=\s*[:=]))\s*[:=]?",
    re.IGNORECASE,
)
_VERTICAL = set("BNS")
_BESIDE_NUMBERS = re.compile(r"[\s,;:=/|()\[\]]*(?:m\b[\s,;:=/|()\[\]]*)*")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_GROUPED_TWICE = re.compile(r"\d{1,3}([.,])\d{3}\1\d{3}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number; by its letter it lies on the axis "x" (longitudes) or "y" (latitudes)."""

    value: float
    axis: Axis | None = None


def find_numbers(text: str) -> list[Number]:
    """The numbers of a text in their order, angles among them in degrees.

    An angle of 60 minutes or more is infinite: it is written wrongly.
    """
    body = _LABELS.sub(" ", text.translate(_SIGNS)).strip()
    before, after = (_BEFORE, "") if _LEADS.match(body) else ("", _AFTER)
    angles = list(re.finditer(before + _ANGLE + after, body))
    if angles:
        return _with_axes([(match, _degrees(match)) for match in angles])
    parted, pattern = _parted(body), before + _PLAIN + after
    # Numbers among words are those of a house, a road or a ward.
    if not _BESIDE_NUMBERS.fullmatch(re.sub(pattern, "", parted)):
        return []
    matches = list(re.finditer(pattern, parted))
    grouped = any(_GROUPED_TWICE.fullmatch(match["number"]) for match in matches)
    return _with_axes([(match, _number(match["number"], grouped)) for match in matches])


def _degrees(match: re.Match[str]) -> float:
    degrees, minutes, seconds = (
        float((match[name] or "0").replace(",", ".")) for name in ("degrees", "minutes", "seconds")
    )
    if minutes >= 60 or seconds >= 60:
        return float("inf")
    return degrees + minutes / 60 + seconds / 3600


def _parted(body: str) -> str:
    """The text with commas that only part two numbers as blanks."""
    if re.search(r"\d\.\d", body) and not _GROUPED_TWICE.search(body):
        return re.sub(r"(?<=\d),", " ", body)
    if body.count(",") == 3 and not re.search(r"[\s;]", body):
        first, second, third, fourth = body.split(",")
        return f"{first},{second} {third},{fourth}"
    if body.count(",") == 1 and not re.search(r"\d[\s;]+-?\d", body):
        return body.replace(",", " ")
    return body


def _number(text: str, grouped: bool) -> float:
    """Beside a number such as 2.088.497, points (or commas) group the digits of the others too."""
    if grouped and _GROUPED.fullmatch(text):
        return float(re.sub("[.,]", "", text))
    head, *tail = re.split("[.,]", text)
    return float(head + ("." + "".join(tail) if tail else ""))


def _with_axes(found: list[tuple[re.Match[str], float]]) -> list[Number]:
    letters = [(match["letter"] or "").upper() for match, _ in found]
    # N is Nam (south) beside Đ, T or B, and north beside English letters or alone.
    vietnamese = bool(set(letters) & set("ĐTBD"))
    numbers = []
    for (match, value), letter in zip(found, letters, strict=True):
        axis: Axis | None = None
        if letter:
            axis = "y" if letter in _VERTICAL else "x"
        is_negative = bool(match["sign"]) ^ (letter in ({"N", "T"} if vietnamese else {"S", "W"}))
        numbers.append(Number(-value if is_negative else value, axis))
    return numbers
