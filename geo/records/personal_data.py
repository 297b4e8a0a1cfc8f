"""What in a free text looks as if it named a person: identity numbers, phones, accounts, names."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from geo.records.fields import Field
from geo.records.personal_patterns import PATTERNS

LABELS: Mapping[str, tuple[str, str]] = {
    "citizen_id": ("số căn cước", "an identity number"),
    "phone": ("số điện thoại", "a phone number"),
    "identity_card": ("số chứng minh nhân dân", "an identity card number"),
    "email": ("địa chỉ thư điện tử", "an e-mail address"),
    "account": ("tài khoản mạng xã hội", "an account of a social network"),
    "name": ("tên người", "a person's name"),
}
# What takes the place of a passage in texts of files; the others are numbers.
NUMBER_MASK = "[đã che số]"
MASKS = {"name": "[đã che tên]", "email": "[đã che liên hệ]", "account": "[đã che liên hệ]"}
# Kinds of fields into which somebody writes what he likes.
FREE_KINDS = frozenset({"identity", "text", "open_code", "open_codes"})


@dataclass(frozen=True, slots=True, order=True)
class PersonalData:
    """A passage of a text, from `start` up to `end` in code points, and what it looks like."""

    start: int
    end: int
    kind: str


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(one)) for kind, several in PATTERNS.items() for one in several)


def find_personal_data(text: str) -> list[PersonalData]:
    """The passages of a text that look like personal data, in order, none over another.

    Composed and decomposed letters are the same; positions are those of the text as it came.
    """
    composed, origins = _composed(text)
    found: list[PersonalData] = []
    for kind, pattern in _compiled():
        for match in pattern.finditer(composed):
            start, end = match.span(pattern.groups)
            one = PersonalData(origins[start], origins[end], kind)
            if all(one.end <= other.start or one.start >= other.end for other in found):
                found.append(one)
    return sorted(one for one in found if one.kind != "harmless")


def find_in_field(name: str, text: str) -> list[PersonalData]:
    """What looks like personal data in the field of that name.

    Nine digits alone may well be the serial number of a file, and as a card's number they hold no
    more since 2025 (Law 26/2023/QH15, article 46): an external id may have them.
    """
    found = find_personal_data(text)
    return [one for one in found if (name, one.kind) != ("external_id", "identity_card")]


def without_personal_data(text: str) -> str:
    """The text with a mask over each passage that looks like personal data."""
    for one in reversed(find_personal_data(text)):
        text = text[: one.start] + MASKS.get(one.kind, NUMBER_MASK) + text[one.end :]
    return text


def free_texts(
    values: Mapping[str, str | None], fields: Mapping[str, Field]
) -> dict[str, str | None]:
    """Those values that are free texts, in which a person may be named."""
    return {name: values.get(name) for name, one in fields.items() if one.kind in FREE_KINDS}


def personal_data_of(texts: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """A problem for each such passage in the texts, by their names; none repeats it."""
    return [
        _problem(name, one)
        for name, text in texts.items()
        if text
        for one in find_in_field(name, text)
    ]


def _problem(name: str, one: PersonalData) -> dict[str, Any]:
    vi, en = LABELS[one.kind]
    return {
        "column": name,
        "code": f"personal_{one.kind}",
        "start": one.start,
        "end": one.end,
        "vi": f"có vẻ ghi {vi} ở ký tự {one.start + 1}-{one.end}",
        "en": f"characters {one.start + 1}-{one.end} look like {en}",
    }


def _composed(text: str) -> tuple[str, list[int]]:
    """The text in NFC with spaces made plain, and where each of its letters began, with the end."""
    pieces: list[str] = []
    origins: list[int] = []
    start = 0
    for position in range(1, len(text) + 1):
        if position < len(text) and unicodedata.combining(text[position]):
            continue
        piece = unicodedata.normalize("NFC", text[start:position])
        piece = " " if piece in {"\t", "\u00a0"} else piece
        pieces.append(piece)
        origins += [start] * len(piece)
        start = position
    return "".join(pieces), [*origins, len(text)]
