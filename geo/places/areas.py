"""What names of places stand for: units of both editions, gates, posts, hamlets."""

from dataclasses import dataclass, field
from typing import NamedTuple

from geo.places.spelling import PLACES, ROMAN, clean, words_of

# Kinds of units by what their full names begin with; "city" is of either level.
KINDS = {
    "Tỉnh": "province",
    "Thành phố": "city",
    "Huyện": "huyện",
    "Quận": "quận",
    "Thị xã": "thị xã",
    "Xã": "xã",
    "Phường": "phường",
    "Thị trấn": "thị trấn",
    "Đặc khu": "đặc khu",
}


class UnitRow(NamedTuple):
    """A unit as the store has it; the point in degrees (EPSG:4326), the area in km²."""

    edition: str
    level: str
    code: str
    full_name: str
    former_name: str
    parent_code: str | None
    longitude: float
    latitude: float
    area_km2: float


class Succession(NamedTuple):
    """A commune of 2024 and one of 2025 that took `share` of it."""

    old_code: str
    new_code: str
    old_name: str
    old_district_code: str
    old_province_code: str
    share: float


class NameRow(NamedTuple):
    """Another name: of a unit (`alternative`), of a `protected_area`, or of what lies in a unit.

    These others are a `gate`, or of a kind that people add. `district_code` is of 2024, where it is
    known better than by the unit.
    """

    kind: str
    name: str
    name_en: str
    edition: str
    level: str
    code: str
    longitude: float | None
    latitude: float | None
    district_code: str | None


@dataclass(slots=True, eq=False)
class Area:
    """A unit of either edition or a place in one, with all that it lies in and became.

    `successors`: codes of the communes of 2025 that took it, with their shares; for a commune of
    2025 itself. Codes of `districts` and `old_provinces` are of 2024, of `provinces` of 2025.
    `role` is its level, or "place": of what lies in a commune, with its own point where `area_km2`
    is 0. `kind` is what announces its name. `above` are edition, level and code of all around it.
    `gate_en` is the English name of a border gate, and empty of all else.
    """

    edition: str
    role: str
    code: str
    full_name: str
    kind: str
    name: str
    longitude: float = 0.0
    latitude: float = 0.0
    area_km2: float = 0.0
    districts: set[str] = field(default_factory=set)
    old_provinces: set[str] = field(default_factory=set)
    provinces: set[str] = field(default_factory=set)
    successors: dict[str, float] = field(default_factory=dict)
    above: tuple[tuple[str, str, str], ...] = ()
    gate_en: str = ""


class Name(NamedTuple):
    """A spelling under which an area goes."""

    area: Area
    marked: str
    cost: float


class Match(NamedTuple):
    """A name that was found for some words, and what its differences cost."""

    name: Name
    cost: float
    exact: bool


@dataclass(frozen=True, slots=True)
class ProtectedArea:
    """A national park or reserve that is taken for a unit, and the units that it lies in."""

    name: str
    name_en: str
    units: tuple[Area, ...]


def split_name(full_name: str) -> tuple[str, str]:
    """Kind and name of a full name; what goes by a number alone keeps its kind: "Quận 1"."""
    for prefix, kind in KINDS.items():
        if full_name.startswith(prefix + " "):
            name = full_name[len(prefix) + 1 :].strip()
            return kind, full_name if name.isdigit() or name in ROMAN else name
    return "", full_name


def split_place(name: str) -> tuple[str, str]:
    """What announces the name of a place, and the name; a number alone keeps it: "Thôn 3"."""
    words = words_of(clean(name))
    if len(words) < 2 or words[0].label not in PLACES:
        return "", name
    rest = clean(name)[words[1].begin :]
    has_letters = any(not word.plain.isdigit() for word in words[1:])
    return words[0].label, rest if has_letters else name
