"""Numbers and angles in a text: decimal point or comma, degrees, minutes and seconds."""

import re
from dataclasses import dataclass, replace
from math import inf

from geo.places.labels import Axis, stated_axes, without_labels
from geo.places.signs import LETTER, six_with_signs, usual_signs

_NUMBER = r"(?>\d+(?:[.,]\d+)?)"
_DEGREE = r"(?:°|độ|do\b|d\b)"
_MINUTE = r"(?:'|phút|phut\b)"
_ANGLE = (
    rf"(?P<sign>[-+])?(?P<degrees>{_NUMBER})\s*{_DEGREE}"
    # The sign of minutes may be missing right after that of degrees: 18°53.
    rf"(?:(?:(?<=°)|\s*(?={_NUMBER}\s*{_MINUTE}))(?P<minutes>{_NUMBER})\s*{_MINUTE}?"
    # A number that is followed by a degree sign begins the next angle.
    rf"(?:\s*(?P<seconds>{_NUMBER})(?!\s*{_DEGREE})\s*(?:\"|giây|giay\b)?)?)?"
)
_PLAIN = r"(?P<sign>[-+])?(?P<number>\d+(?:[.,]\d+)*)"
_BEFORE = rf"(?:(?P<letter>{LETTER})\s*[:=]?\s*)?"
_AFTER = rf"(?:\s*(?P<letter>{LETTER})(?![^\W\d_]))?"
_LEADS = re.compile(rf"^[\W_]*{LETTER}\W*\d")
# 18,8885 - 104,848: what stands once between two numbers, and is no sign of the second.
_STROKE = re.compile(r"\s+[-x×]\s+(?=\d)|(?<=\d)[-x×](?=\d)")
_VERTICAL = set("BNS")
_BESIDE_NUMBERS = re.compile(r"[\s.,;:=/|()\[\]]*(?:m\b[\s.,;:=/|()\[\]]*)*")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_GROUPED_TWICE = re.compile(r"\d{1,3}([.,])\d{3}\1\d{3}")
# Of two kinds of marks in one number, the last is the decimal one: 510.000,55.
_GROUPED_FRACTION = re.compile(r"\d{1,3}(?:(?:\.\d{3})+,|(?:,\d{3})+\.)\d+")
SIGNED_ANGLE = re.compile(rf"(?=[-+\d.,]+\s*(?:°|độ)){_ANGLE}", re.IGNORECASE)
# 2 089 228 m: three digits and three, with one more before those of a northing.
_BLANK = "[ \u00a0\u2009\u202f]"
_LENGTH = rf"(?:[12]{_BLANK}?\d{{3}}|[1-9]\d{{2}}){_BLANK}?\d{{3}}(?:[.,]\d{{1,3}})?"
_LENGTHS = re.compile(
    rf"(?<![\d.,])(?<!\d{_BLANK})({_LENGTH})(?:\s({_LENGTH}))?(?![.,]?\d|{_BLANK}\d)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number; by its letter it lies on the axis "x" (longitudes) or "y" (latitudes).

    `step` is what its last digit counts: 0.0001 of 18.8885, one sixtieth of 18°53'.
    """

    value: float
    axis: Axis | None = None
    step: float = 0.0


def without_blanks_in_lengths(text: str) -> str:
    """The text with the digits of two lengths together: 2 089 228 m, 510 128 m."""
    lengths = [one for found in _LENGTHS.finditer(text) for one in found.groups() if one]
    if len(lengths) != 2:
        return text
    return _LENGTHS.sub(lambda found: " ".join(map(_together, filter(None, found.groups()))), text)


def _together(length: str) -> str:
    return re.sub(_BLANK, "", length)


def find_numbers(text: str) -> list[Number]:
    """The numbers of a text in their order, angles among them in degrees.

    An angle of more than 60 minutes or seconds is infinite, as are angles beside other digits: they
    are written wrongly. Just 60 is what rounding leaves.
    """
    axes = stated_axes(text)
    # Angles may get their signs only without the words between them.
    body = _unstroked(usual_signs(without_labels(text)).strip())
    numbers = _numbers(six_with_signs(body))
    if len(numbers) == 2 and sorted(axes) == ["x", "y"] and not any(one.axis for one in numbers):
        return [replace(one, axis=axis) for one, axis in zip(numbers, axes, strict=True)]
    return numbers


def _numbers(body: str) -> list[Number]:
    before, after = (_BEFORE, "") if _LEADS.match(body) else ("", _AFTER)
    angles = list(re.finditer(pattern := before + _ANGLE + after, body))
    if angles:
        numbers = _with_axes([(match, *_degrees(match)) for match in angles])
        # A digit that no angle holds was meant as a part of one.
        is_whole = not re.search(r"\d", re.sub(pattern, "", body))
        return numbers if is_whole else [replace(one, value=inf) for one in numbers]
    parted, pattern = _parted(body), before + _PLAIN + after
    # Numbers among words are those of a house, a road or a ward.
    if not _BESIDE_NUMBERS.fullmatch(re.sub(pattern, "", parted)):
        return []
    matches = list(re.finditer(pattern, parted))
    grouped = any(_GROUPED_TWICE.match(match["number"]) for match in matches)
    return _with_axes([(match, *_number(match["number"], grouped)) for match in matches])


def _unstroked(body: str) -> str:
    strokes = _STROKE.findall(body)
    return body if len(strokes) != 1 or body[:1] in "+-" else _STROKE.sub("; ", body)


def _degrees(match: re.Match[str]) -> tuple[float, float]:
    """Value and step of an angle."""
    parts = [match[name] for name in ("degrees", "minutes", "seconds")]
    degrees, minutes, seconds = (float((part or "0").replace(",", ".")) for part in parts)
    last, unit = 0, 1.0
    for place, part in enumerate(parts):
        if part:
            last, unit = place, 60.0**-place
    step = unit * _last_digit(parts[last])
    if minutes > 60 or seconds > 60:
        return inf, step
    return degrees + minutes / 60 + seconds / 3600, step


def _last_digit(number: str) -> float:
    """What one in the last place of a number without grouping counts."""
    fraction = re.split("[.,]", number, maxsplit=1)[1:]
    return float(10.0 ** -len(fraction[0])) if fraction else 1.0


def _parted(body: str) -> str:
    """The text with commas that only part two numbers as blanks."""
    if re.search(r"\d\.\d", body) and not _GROUPED_TWICE.search(body):
        # Beside "104.848; 18,8885" the comma is no longer needed to part them.
        if re.search(r"\d\s*[;\s]\D*\d", body) and not re.search(r",(?!\d)", body):
            return body
        return re.sub(r"(?<=\d),", " ", body)
    if body.count(",") == 3 and not re.search(r"[\s;]", body):
        first, second, third, fourth = body.split(",")
        return f"{first},{second} {third},{fourth}"
    if body.count(",") == 1 and not re.search(r"\d[\s;]+[-+]?\d", body):
        return body.replace(",", " ")
    return body


def _number(text: str, grouped: bool) -> tuple[float, float]:
    """Value and step; beside 2.088.497, points (or commas) group the digits of the others too.

    Infinite where its points neither group digits nor begin a fraction: 21.01.43.
    """
    if _GROUPED_FRACTION.fullmatch(text):
        whole, fraction = text[: (cut := max(text.rfind("."), text.rfind(",")))], text[cut + 1 :]
        return float(f"{re.sub('[.,]', '', whole)}.{fraction}"), 10.0 ** -len(fraction)
    if grouped and _GROUPED.fullmatch(text):
        return float(re.sub("[.,]", "", text)), 1.0
    head, *tail = re.split("[.,]", text)
    fraction = "".join(tail)
    value = float(f"{head}.{fraction}") if len(tail) < 2 else inf
    return value, 10.0 ** -len(fraction)


def _with_axes(found: list[tuple[re.Match[str], float, float]]) -> list[Number]:
    letters = [(match["letter"] or "").upper() for match, _, _ in found]
    # N is Nam (south) beside Đ, T or B, and north beside English letters or alone.
    vietnamese = bool(set(letters) & set("ĐTBD"))
    numbers = []
    for (match, value, step), letter in zip(found, letters, strict=True):
        axis: Axis | None = None
        if letter:
            axis = "y" if letter in _VERTICAL else "x"
        opposite = letter in {"S", "W", "T"} or (letter == "N" and vietnamese)
        is_negative = (match["sign"] == "-") ^ opposite
        numbers.append(Number(-value if is_negative else value, axis, step))
    return numbers
