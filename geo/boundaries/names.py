"""Names of units as people write them, and which unit they mean."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_PREFIX = re.compile(
    r"^(?:thi tran|dac khu|thi xa|thanh pho|phuong|huyen|quan|tinh|xa|tp|tx|tt|commune|ward"
    r"|district|province|city|[xphqt](?=\s))\s+(?=\S)"
)
_SUFFIX = re.compile(r"\s+(?:commune|ward|district|province|city|town)$")
LEVELS = ("commune", "district", "province")
_CODE_LEVEL = {2: "province", 3: "district", 5: "commune"}


def plain(text: str) -> str:
    """The key under which spellings of the same name meet: no case, tones, đ or punctuation."""
    apart = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = (c for c in apart if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def without_type(name: str) -> str:
    """The plain name without the type of unit: "TP. Đà Nẵng" gives "da nang"."""
    key = plain(name)
    shorter = _SUFFIX.sub("", _PREFIX.sub("", key))
    # "Quận 1" and "Phường 12" are called by their number alone nowhere but in their district.
    return key if shorter.isdigit() else shorter


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

    `candidates` are the units that share an ambiguous name, or names similar to an unknown one.
    """

    unit: NamedUnit | None = None
    unknown: str | None = None
    candidates: tuple[str, ...] = ()


class UnitNames:
    """All units by name and code.

    Args:
        rows: (edition, level, code, full_name, name, parent_code).
    """

    def __init__(self, rows: Iterable[Sequence[str | None]]) -> None:
        self._by_name: dict[tuple[str, str, str], list[NamedUnit]] = {}
        self._by_code: dict[tuple[str, str, str], NamedUnit] = {}
        for row in rows:
            unit = NamedUnit(*row)  # type: ignore[arg-type]
            self._by_code[unit.edition, unit.level, unit.code] = unit
            keys = {plain(unit.full_name), without_type(unit.full_name), plain(unit.name)}
            for key in keys:
                self._by_name.setdefault((unit.edition, unit.level, key), []).append(unit)

    def by_code(self, edition: str, level: str, code: str) -> NamedUnit | None:
        """The unit of a code, whose leading zeros a spreadsheet may have taken."""
        width = {name: digits for digits, name in _CODE_LEVEL.items()}[level]
        return self._by_code.get((edition, level, code.zfill(width)))

    def find(
        self,
        province: str | None,
        district: str | None,
        commune: str | None,
        edition: str | None = None,
    ) -> Found:
        """The finest unit that the names or codes given together mean.

        Without an edition, today's units come first; a district means the units before July 2025.
        """
        if edition:
            editions: tuple[str, ...] = (edition,)
        else:
            editions = ("2024",) if district else ("2025", "2024")
        results = [self._find(name, province, district, commune) for name in editions]
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
                return Found(unknown=name, candidates=self._similar(edition, level, name, above))
            above = inside
        if above is None:
            return Found()
        if len(above) > 1:
            return Found(candidates=tuple(self.described(unit) for unit in above[:6]))
        return Found(above[0])

    def _named(self, edition: str, level: str, name: str) -> list[NamedUnit]:
        if name.strip().isdigit():
            unit = self.by_code(edition, level, name.strip())
            if unit:
                return [unit]
        whole = self._by_name.get((edition, level, plain(name)))
        return whole or self._by_name.get((edition, level, without_type(name)), [])

    def _within(self, unit: NamedUnit, above: list[NamedUnit]) -> bool:
        wanted = {(one.level, one.code) for one in above}
        return any((one.level, one.code) in wanted for one in self._ancestors(unit))

    def _ancestors(self, unit: NamedUnit) -> list[NamedUnit]:
        found = []
        current: NamedUnit | None = unit
        while current and current.parent_code:
            level = _CODE_LEVEL[len(current.parent_code)]
            current = self._by_code.get((current.edition, level, current.parent_code))
            if current:
                found.append(current)
        return found

    def described(self, unit: NamedUnit) -> str:
        """The name with those of the units above: "Xã Hòa Thắng, Tỉnh Lâm Đồng"."""
        return ", ".join(one.full_name for one in (unit, *self._ancestors(unit)))

    def _similar(
        self, edition: str, level: str, name: str, above: list[NamedUnit] | None
    ) -> tuple[str, ...]:
        pool: dict[str, str] = {}
        for (of, at, key), units in self._by_name.items():
            if (of, at) == (edition, level):
                for unit in units:
                    if above is None or self._within(unit, above):
                        pool.setdefault(key, self.described(unit))
        close = difflib.get_close_matches(without_type(name), pool, n=6, cutoff=0.6)
        return tuple(dict.fromkeys(pool[key] for key in close))[:3]
