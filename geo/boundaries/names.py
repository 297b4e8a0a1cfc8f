"""Names of units as people write them, and which unit they mean."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Self

_PREFIX = re.compile(
    r"^(?:thi tran|dac khu|thi xa|thanh pho|phuong|huyen|quan|tinh|xa|tp|tx|tt|commune|ward"
    r"|district|province|city|[xphqt](?=\s))\s+(?=\S)"
)
_SUFFIX = re.compile(r"\s+(?:commune|ward|district|province|city|town)$")
# What parts names in a text of several.
_BETWEEN = re.compile(r"\s*[/,;|>()\n]\s*")
_DASH = re.compile(r"\s+[-–—]\s+")
_TONES = re.compile(r"[\u0300-\u036f]+")
_NO_LETTERS = re.compile(r"[\W_]+")
# Only with its tones: "Tịnh Biên" and "Quan Sơn" are names.
_TYPE_LEVELS = {
    ("xã", "phường", "thị trấn", "tt", "đặc khu"): ("commune",),
    ("huyện", "quận", "thị xã", "tx"): ("district",),
    ("thành phố", "tp"): ("district", "province"),
    ("tỉnh",): ("province",),
}
LEVELS = ("commune", "district", "province")
# Of two words of eight letters, a slip in one letter; with less in common it is another name.
LEAST_SIMILAR = 0.8
MOST_SUGGESTED, MOST_CANDIDATES = 3, 6
# Today's units first.
EDITIONS = ("2025", "2024")
LEAST_AGREEING = 2
_CODE_LEVEL = {2: "province", 3: "district", 5: "commune"}


def plain(text: str) -> str:
    """The key under which spellings of the same name meet: no case, tones, đ or punctuation."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return _NO_LETTERS.sub(" ", _TONES.sub("", apart)).strip()


def without_type(name: str) -> str:
    """The plain name without the type of unit: "TP. Đà Nẵng" gives "da nang"."""
    key = plain(name)
    shorter = _SUFFIX.sub("", _PREFIX.sub("", key))
    # "Quận 1" and "Phường 12" are called by their number alone nowhere but in their district.
    return key if shorter.isdigit() else shorter


def _tones_fit(written: str, full_name: str) -> bool:
    """Whether what was written has the marks of a name, wherever in a word, or has none at all."""
    count = len(without_type(full_name).split())
    marks, own = _marks(written)[-count:], _marks(full_name)[-count:]
    return marks == own or not any(marks)


def _marks(text: str) -> list[str]:
    words = _NO_LETTERS.sub(" ", unicodedata.normalize("NFC", text.lower())).split()
    return [_marks_of(word) for word in words]


def _marks_of(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    return "".join(sorted(letter for letter in apart if letter == "đ" or _TONES.match(letter)))


@dataclass(frozen=True, slots=True)
class NamedUnit:
    """A unit as the store knows it."""

    edition: str
    level: str
    code: str
    full_name: str
    name: str
    parent_code: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up gave: one unit, or why not.

    `candidates` are the units that share an ambiguous name, or that an unknown one may have meant.
    `left_out` are the parts of what was said that fit no unit and were passed over. `sought` says
    where an unknown name was looked for: edition, level, and within which units.

    Words that describe a place mean a unit, or a `point` (longitude and latitude in degrees,
    EPSG:4326) that is known to `accuracy_m` metres, with a `precision` of its code list. `remarks`
    say in both languages what of the words did not fit, `reason` why none is taken.
    """

    unit: NamedUnit | None = None
    unknown: str | None = None
    candidates: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    sought: tuple[str, str, tuple[NamedUnit, ...] | None] | None = None
    point: tuple[float, float] | None = None
    accuracy_m: float | None = None
    precision: str | None = None
    remarks: tuple[tuple[str, str], ...] = ()
    reason: tuple[str, str] | None = None

    @property
    def is_known(self) -> bool:
        """Whether there is a place: a unit, or a point."""
        return self.unit is not None or self.point is not None


def parts_of(text: str) -> list[str]:
    """The names in a text that holds several: "Pù Mát / Môn Sơn / Nghệ An"."""
    parts = [part for part in _BETWEEN.split(text) if part]
    # A dash stands within names too ("Bà Rịa - Vũng Tàu"): it parts where nothing else does.
    return parts if len(parts) > 1 else [part for part in _DASH.split(text) if part]


class _Index:
    """Units by code and by name. Made when one is first asked for: measured points ask for none."""

    def __init__(self, rows: Sequence[Sequence[str | None]]) -> None:
        self._rows = rows

    @cached_property
    def by_code(self) -> dict[tuple[str, str, str], NamedUnit]:
        # A unit that was renamed has several rows; it stays one unit, of its last name.
        units = (NamedUnit(*row) for row in self._rows)  # type: ignore[arg-type]
        return {(unit.edition, unit.level, unit.code): unit for unit in units}

    @cached_property
    def by_name(self) -> dict[tuple[str, str, str], dict[str, None]]:
        found: dict[tuple[str, str, str], dict[str, None]] = {}
        for row in self._rows:
            unit = NamedUnit(*row)  # type: ignore[arg-type]
            keys = {plain(unit.full_name), without_type(unit.full_name), plain(unit.name)}
            for key in keys:
                found.setdefault((unit.edition, unit.level, key), {})[unit.code] = None
        return found


class UnitNames:
    """All units by name and code.

    Args:
        rows: (edition, level, code, full_name, name, parent_code).
        heirs: by commune of 2024 the commune of 2025 that most of it went to.
    """

    def __init__(
        self,
        rows: Sequence[Sequence[str | None]],
        heirs: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._index = _Index(rows)
        self._heirs = heirs
        self._read_words: Callable[[UnitNames, Sequence[str]], list[Found]] | None = None

    def read_by(self, read_words: Callable[["UnitNames", Sequence[str]], list[Found]]) -> Self:
        """The same names, with what finds the places that different texts describe, given these."""
        twin = copy(self)
        twin._read_words = read_words
        return twin

    @property
    def reads_words(self) -> bool:
        """Whether somebody reads descriptions."""
        return self._read_words is not None

    def __len__(self) -> int:
        return len(self._index.by_code)

    def find_described(self, texts: Sequence[str]) -> list[Found]:
        """The places that different texts describe; none if nobody reads them."""
        return self._read_words(self, texts) if self._read_words and texts else []

    def by_code(self, edition: str, level: str, code: str) -> NamedUnit | None:
        """The unit of a code, whose leading zeros a spreadsheet may have taken."""
        width = {name: digits for digits, name in _CODE_LEVEL.items()}[level]
        return self._index.by_code.get((edition, level, code.zfill(width)))

    def find(
        self,
        province: str | None,
        district: str | None,
        commune: str | None,
        edition: str | None = None,
    ) -> Found:
        """The finest unit that the names or codes given together mean.

        Without an edition, today's units come first; a district means the units before July 2025,
        and a commune without one is what its name fits best in either edition, if one place is.
        What is said to be a district and is none (a national park, a slip) is left out where
        commune and province mean one unit without it. A cell may hold several names.
        """
        found = self._find_by_level(province, district, commune, edition)
        if found.unit or not found.unknown:
            return found
        cells = [cell for cell in (commune, district, province) if cell]
        names = [name for cell in cells for name in self._names_in(cell)]
        if len(names) > len(cells):
            return self.find_among(names, edition)
        if not (province and district and commune):
            return found
        # Many communes of today go by the name of their former district: then both are known.
        is_heir = (
            found.sought is not None
            and found.sought[1] == "commune"
            and without_type(commune) == without_type(district)
        )
        if is_heir or found.unknown == district:
            without = self._find_by_level(province, None, commune, edition)
            if without.unknown in (None, commune):
                return replace(without, left_out=() if is_heir else (district,))
        return found

    def _find_by_level(
        self, province: str | None, district: str | None, commune: str | None, edition: str | None
    ) -> Found:
        if edition:
            editions: tuple[str, ...] = (edition,)
        else:
            editions = ("2024",) if district else EDITIONS
        results = [self._find(name, province, district, commune) for name in editions]
        if commune and len(editions) > 1 and any(one.unit or one.candidates for one in results):
            bearers = self._bearers(province, commune)
            if len(bearers) == 1:
                return Found(bearers[0])
            if bearers:
                return Found(candidates=tuple(map(self.described, bearers[:MOST_CANDIDATES])))
        for result in results:
            if result.unit or (result.candidates and not result.unknown):
                return result
        return results[0]

    def _find(
        self, edition: str, province: str | None, district: str | None, commune: str | None
    ) -> Found:
        above: list[NamedUnit] | None = None
        given = zip(("province", "district", "commune"), (province, district, commune), strict=True)
        for level, name in given:
            if not name:
                continue
            units = self._named(edition, level, name)
            inside = [unit for unit in units if above is None or self._within(unit, above)]
            if not inside:
                return Found(
                    unknown=name,
                    candidates=self._elsewhere(units),
                    sought=(edition, level, None if above is None else tuple(above)),
                )
            above = inside
        if above is None:
            return Found()
        if len(above) > 1:
            return Found(candidates=tuple(self.described(unit) for unit in above[:MOST_CANDIDATES]))
        return Found(above[0])

    def _bearers(self, province: str | None, commune: str) -> list[NamedUnit]:
        """The communes of both editions that a name fits best, each place once, today's first."""
        found: list[NamedUnit] = []
        for edition in EDITIONS:
            above = self._named(edition, "province", province) if province else None
            found += [
                unit
                for unit in self._named(edition, "commune", commune)
                if above is None or self._within(unit, above)
            ]
        fits = [self._fit(unit, commune) for unit in found]
        best = [unit for unit, fit in zip(found, fits, strict=True) if fit == max(fits)]
        today = {unit.code for unit in best if unit.edition == EDITIONS[0]}
        return [
            unit
            for unit in best
            if unit.edition == EDITIONS[0] or self._heirs.get(unit.code) not in today
        ]

    def _fit(self, unit: NamedUnit, written: str) -> tuple[bool, bool]:
        """How well what was written names a unit: with its tones, and with its type or none."""
        named = self._index.by_name.get((unit.edition, unit.level, plain(written)), {})
        return _tones_fit(written, unit.full_name), unit.code in named

    def _elsewhere(self, units: Sequence[NamedUnit]) -> tuple[str, ...]:
        """Units of the name that was said, in other places; of many none is more likely."""
        return tuple(map(self.described, units)) if len(units) <= MOST_SUGGESTED else ()

    def _names_in(self, cell: str) -> list[str]:
        known = any(self._meant(edition, cell) for edition in EDITIONS)
        return [cell] if known else parts_of(cell)

    def find_among(self, names: Sequence[str], edition: str | None = None) -> Found:
        """The finest unit that several names mean together, in whatever order they stand.

        At least two must agree, such as a commune and its province; the unit with which most agree
        is it. Names that fit nowhere are left out, but then only a commune is sure enough: a name
        left out beside a district may be the commune's, misspelt.
        """
        fits: dict[NamedUnit, int] = {}
        for of in (edition,) if edition else EDITIONS:
            for unit, count in self._agreeing(of, names):
                fits[unit] = max(count, fits.get(unit, 0))
        most = max(fits.values(), default=0)
        if most < LEAST_AGREEING:
            return Found(unknown=", ".join(names))
        best = [unit for unit, count in fits.items() if count == most]
        left_out = tuple(name for name in names if not self._is_part(name, best))
        newest = [unit for unit in best if unit.edition == best[0].edition]
        unsure = most < len(names) and any(unit.level != "commune" for unit in best)
        if unsure or len(newest) > 1:
            choices = dict.fromkeys(self.described(unit) for unit in (best if unsure else newest))
            return Found(candidates=tuple(choices)[:MOST_CANDIDATES], left_out=left_out)
        return Found(newest[0], left_out=left_out)

    def _agreeing(self, edition: str, names: Sequence[str]) -> Iterator[tuple[NamedUnit, int]]:
        """Units that one of the names means, with how many names mean it or what it lies in."""
        meant = [self._meant(edition, name) for name in names]
        for place, units in enumerate(meant):
            others = [set(other) for at, other in enumerate(meant) if at != place]
            for unit in units:
                above = self._ancestors(unit)
                yield unit, 1 + sum(any(one in other for one in above) for other in others)

    def _meant(self, edition: str, name: str) -> list[NamedUnit]:
        if name.strip().isdigit():  # the number of a house or hamlet, not a code
            return []
        said = unicodedata.normalize("NFC", name).lower()
        levels: tuple[str, ...] = LEVELS
        for words, meant in _TYPE_LEVELS.items():
            if said.startswith(tuple(f"{word}{end}" for word in words for end in (" ", "."))):
                levels = meant
        return [unit for level in levels for unit in self._named(edition, level, name)]

    def _is_part(self, name: str, units: Iterable[NamedUnit]) -> bool:
        return any(
            one in self._meant(unit.edition, name)
            for unit in units
            for one in (unit, *self._ancestors(unit))
        )

    def _named(self, edition: str, level: str, name: str) -> list[NamedUnit]:
        if name.strip().isdigit():
            unit = self.by_code(edition, level, name.strip())
            if unit:
                return [unit]
        whole = self._index.by_name.get((edition, level, plain(name)))
        codes = whole or self._index.by_name.get((edition, level, without_type(name)), {})
        units = [self._index.by_code[edition, level, code] for code in codes]
        # Nậm Cắn and Nậm Càn are two communes of one district; without tones either is meant.
        return [unit for unit in units if _tones_fit(name, unit.full_name)] or units

    def _within(self, unit: NamedUnit, above: Iterable[NamedUnit]) -> bool:
        wanted = {(one.level, one.code) for one in above}
        return any((one.level, one.code) in wanted for one in self._ancestors(unit))

    def _ancestors(self, unit: NamedUnit) -> list[NamedUnit]:
        found = []
        current: NamedUnit | None = unit
        while current and current.parent_code:
            level = _CODE_LEVEL[len(current.parent_code)]
            current = self._index.by_code.get((current.edition, level, current.parent_code))
            if current:
                found.append(current)
        return found

    def described(self, unit: NamedUnit) -> str:
        """The name with those of the units above: "Xã Hòa Thắng, Tỉnh Lâm Đồng"."""
        return ", ".join(one.full_name for one in (unit, *self._ancestors(unit)))

    def suggestions(self, found: Found) -> tuple[str, ...]:
        """What an unknown name may have meant; a tenth of a second for each, so ask for few."""
        if found.sought is None or found.unknown is None:
            return found.candidates
        edition, level, above = found.sought
        pool: dict[str, str] = {}
        for (of, at, key), codes in self._index.by_name.items():
            if (of, at) == (edition, level):
                for unit in (self._index.by_code[of, at, code] for code in codes):
                    if above is None or self._within(unit, above):
                        pool.setdefault(key, self.described(unit))
        name = without_type(found.unknown)
        close = difflib.get_close_matches(name, pool, n=6, cutoff=LEAST_SIMILAR)
        return tuple(dict.fromkeys([*found.candidates, *(pool[key] for key in close)]))[
            :MOST_SUGGESTED
        ]
