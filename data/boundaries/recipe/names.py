"""English names: the Vietnamese name without marks, and the kind of unit in English."""

from __future__ import annotations

import unicodedata

_KINDS = {
    "Xã": "Commune",
    "Phường": "Ward",
    "Thị trấn": "Township",
    "Đặc khu": "Special Zone",
    "Tỉnh": "Province",
    "Thành phố": "City",
    "Quận": "District",
    "Huyện": "District",
    "Thị xã": "Town",
}


def without_marks(text: str) -> str:
    """Strip tone and vowel marks; đ has no decomposition and is mapped apart."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def unit_type(full_name: str) -> str:
    """Return the kind that a full name starts with, ``Thành phố Huế`` -> ``Thành phố``."""
    return next(kind for kind in _KINDS if full_name.startswith(kind + " "))


def short_name(full_name: str) -> str:
    """Return the full name without its kind; numbered units (``Quận 1``) keep it."""
    rest = full_name.removeprefix(unit_type(full_name)).strip()
    return full_name if rest.isdigit() else rest


def english_name(full_name: str) -> str:
    """Return for example ``Mon Son Commune``, ``Nghe An Province``, ``District 1``."""
    kind = unit_type(full_name)
    rest = without_marks(full_name.removeprefix(kind).strip())
    return f"{_KINDS[kind]} {rest}" if rest.isdigit() else f"{rest} {_KINDS[kind]}"
