"""All names of places, those of before and after July 2025 together, and how they hang together."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from rapidfuzz.distance import OSA

from geo.places.areas import (
    Area,
    Match,
    Name,
    NameRow,
    ProtectedArea,
    Succession,
    UnitRow,
    split_name,
    split_place,
)
from geo.places.spelling import has_marks, name_key

# What it costs, in natural logarithms of odds, that a name was meant which is not quite there.
EDIT_COST = 3.0
# A short name has so many neighbours that a slip in it tells little.
SHORT_NAME_COST = 1.0
WRONG_MARK_COST = 2.0
LOST_MARK_COST = 0.4
UNFINISHED_COST = 1.2
MISSING_LETTER_COST = 0.25
_TWO_SLIPS_FROM = 8
_ONE_SLIP_FROM = 4
_SHORT = 6
_OTHER = 26
_LONGEST_SLIPPED = 24
_FEWEST_TYPED = 2
_MOST_UNFINISHED = 40


class Gazetteer:
    """Finds areas by name. Built once for a state of the boundaries; never changed afterwards."""

    def __init__(
        self,
        units: Iterable[UnitRow],
        successions: Sequence[Succession],
        names: Iterable[NameRow] = (),
    ) -> None:
        self.areas: dict[tuple[str, str, str], Area] = {}
        # Codes of the communes of 2025 that took something of a district of 2024.
        self.communes_of_district: dict[str, set[str]] = defaultdict(set)
        self.protected: dict[str, ProtectedArea] = {}
        self._names: dict[str, list[Name]] = defaultdict(list)
        parents = self._add_units(units)
        self._connect(successions)
        self._connect_rest(parents)
        self._add_names(names)
        self._keys = sorted(self._names)
        self._slippable = sorted(filter(_may_slip, self._keys), key=len)
        self._folded = [_folded(key) for key in self._slippable]
        self._letters = np.array([_letters(key) for key in self._folded], np.uint64)
        for area in {
            id(name.area): name.area for names in self._names.values() for name in names
        }.values():
            area.above = tuple(_above(area))

    def find(self, plain: str, marked: str) -> list[Match]:
        """Names whose plain key is just this one."""
        return [
            Match(name, name.cost + _mark_cost(marked, name.marked), exact=True)
            for name in self._names.get(plain, ())
        ]

    def find_unfinished(self, plain: str) -> list[Match]:
        """Names that begin with what was typed so far."""
        if len(plain) < _FEWEST_TYPED:
            return []
        first = bisect_left(self._keys, plain)
        found = []
        for key in self._keys[first : first + _MOST_UNFINISHED]:
            if not key.startswith(plain):
                break
            missing = len(key) - len(plain)
            if missing:
                cost = UNFINISHED_COST + MISSING_LETTER_COST * missing
                found += [Match(name, name.cost + cost, exact=False) for name in self._names[key]]
        return found

    def find_misspelt(self, spans: Sequence[tuple[str, str]]) -> list[list[Match]]:
        """For each (plain, marked) key the names within one slip, or two where it is long."""
        found: list[list[Match]] = [[] for _ in spans]
        for place, (plain, marked) in enumerate(spans):
            for key, slips in self._near(plain) if _may_slip(plain) else ():
                cost = slips * EDIT_COST + (SHORT_NAME_COST if len(key) < _SHORT else 0.0)
                found[place] += [
                    Match(
                        name, name.cost + cost + _slip_mark_cost(marked, name.marked, slips), False
                    )
                    for name in self._names[key]
                ]
        return found

    def _near(self, plain: str) -> Iterator[tuple[str, int]]:
        """Keys of names near it, and the number of slips."""
        most = 2 if len(plain) >= _TWO_SLIPS_FROM else 1
        folded = _folded(plain)
        # Only names of about that length are within reach, and of about the same letters: a slip
        # takes one away and brings one in at most.
        first = bisect_left(self._slippable, len(plain) - most, key=len)
        last = bisect_right(self._slippable, len(plain) + most, key=len)
        others = np.bitwise_count(self._letters[first:last] ^ np.uint64(_letters(folded)))
        for at in np.flatnonzero(others <= 2 * most).tolist():
            key = self._slippable[first + at]
            slips = OSA.distance(folded, self._folded[first + at], score_cutoff=most)
            if slips == 0 and key != plain:
                # They differ in y and i alone.
                slips = 1
            if slips == 1 or (slips == most and len(key) >= _TWO_SLIPS_FROM):
                yield key, slips

    def _add_units(self, units: Iterable[UnitRow]) -> dict[int, str | None]:
        parents: dict[int, str | None] = {}
        for row in units:
            kind, name = split_name(row.full_name)
            area = Area(
                row.edition, row.level, row.code, row.full_name, kind, name,
                row.longitude, row.latitude, row.area_km2,
            )  # fmt: skip
            self.areas[row.edition, row.level, row.code] = area
            parents[id(area)] = row.parent_code
            self._name(area, name)
            if " - " in name and row.level == "commune":
                # Phường Xuân Hương - Đà Lạt: the second half is where it lies.
                self._name(area, name.split(" - ")[0], 0.4)
            if split_name(row.former_name)[1] != name:
                self._name(area, split_name(row.former_name)[1])
        return parents

    def _connect(self, successions: Sequence[Succession]) -> None:
        for row in successions:
            new = self.areas.get(("2025", "commune", row.new_code))
            if new is None:
                continue
            old = self._old_commune(row, new)
            old.successors[row.new_code] = row.share
            for area in (new, old):
                area.districts.add(row.old_district_code)
                area.old_provinces.add(row.old_province_code)
            self.communes_of_district[row.old_district_code].add(row.new_code)

    def _old_commune(self, row: Succession, new: Area) -> Area:
        """The commune of 2024, from its own layer where one is loaded, else at its successor."""
        key = ("2024", "commune", row.old_code)
        if key not in self.areas:
            kind, name = split_name(row.old_name)
            self.areas[key] = Area(
                "2024", "commune", row.old_code, row.old_name, kind, name,
                new.longitude, new.latitude, new.area_km2,
            )  # fmt: skip
            self._name(self.areas[key], name)
        return self.areas[key]

    def _connect_rest(self, parents: Mapping[int, str | None]) -> None:
        """Relations of units that follow from their parents and from their communes."""
        areas = list(self.areas.values())
        for area in areas:
            parent = parents.get(id(area))
            if area.role == "province":
                (area.provinces if area.edition == "2025" else area.old_provinces).add(area.code)
            elif area.edition == "2025":
                area.successors[area.code] = 1.0
                if parent:
                    area.provinces.add(parent)
            elif area.role == "district":
                area.districts.add(area.code)
                if parent:
                    area.old_provinces.add(parent)
        self._connect_islands(areas)
        for area in areas:
            if area.role == "commune":
                self._hand_up(area)

    def _connect_islands(self, areas: list[Area]) -> None:
        """Islands of which the whole district became the special zone; five had no commune."""
        districts = {area.name: area for area in areas if area.role == "district"}
        for area in areas:
            district = districts.get(area.name)
            if area.kind == "đặc khu" and district and area.districts <= {district.code}:
                area.districts.add(district.code)
                area.old_provinces |= district.old_provinces
                district.successors[area.code] = 1.0

    def _hand_up(self, commune: Area) -> None:
        for code in commune.successors:
            successor = self.areas.get(("2025", "commune", code))
            if successor:
                commune.provinces |= successor.provinces
        for level, codes in (("district", commune.districts), ("province", commune.old_provinces)):
            for code in codes:
                above = self.areas.get(("2024", level, code))
                if above:
                    above.provinces |= commune.provinces
        for code in commune.provinces:
            province = self.areas.get(("2025", "province", code))
            if province:
                province.old_provinces |= commune.old_provinces

    def _add_names(self, rows: Iterable[NameRow]) -> None:
        for row in rows:
            unit = self.areas.get((row.edition, row.level, row.code))
            if unit is None:
                continue
            if row.kind == "alternative":
                self._name(unit, row.name)
            elif row.kind == "protected_area":
                key = name_key(row.name)[0]
                known = self.protected.get(key)
                units = (*known.units, unit) if known else (unit,)
                self.protected[key] = ProtectedArea(row.name, row.name_en, units)
            else:
                self._add_place(row, unit)

    def _add_place(self, row: NameRow, unit: Area) -> None:
        kind, name = split_place(row.name)
        # Without a point of its own it is somewhere in its unit.
        here = (row.longitude, row.latitude, 0.0)
        there = (unit.longitude, unit.latitude, unit.area_km2)
        longitude, latitude, area_km2 = there if row.longitude is None else here
        place = Area(
            row.edition, "place", row.code, row.name, kind, name,
            longitude or 0.0, latitude or 0.0, area_km2,
            {row.district_code} if row.district_code else unit.districts,
            unit.old_provinces, unit.provinces, unit.successors,
            gate_en=row.name_en if row.kind == "gate" else "",
        )  # fmt: skip
        self._name(place, name)

    def _name(self, area: Area, name: str, cost: float = 0.0) -> None:
        plain, marked = name_key(name)
        self._names[plain].append(Name(area, marked, cost))


def _above(area: Area) -> Iterator[tuple[str, str, str]]:
    for code in sorted(area.districts):
        yield "2024", "district", code
    for code in sorted(area.old_provinces):
        yield "2024", "province", code
    for code in sorted(area.provinces):
        yield "2025", "province", code


def _may_slip(key: str) -> bool:
    # Of numbers and numbered names each is the neighbour of another.
    return _ONE_SLIP_FROM <= len(key) <= _LONGEST_SLIPPED and key.isalpha()


def _folded(key: str) -> str:
    """The key with i for every y: a slip beside one decides which of them a key has.

    Duy is written with y and Lý, as a key, with i; "Dy" is one slip from either.
    """
    return key.replace("y", "i")


def _letters(key: str) -> int:
    """Its letters, one bit for each of a to z and one for all others; as many again for those that
    it has more than once.
    """
    once = more = 0
    for letter in key:
        place = ord(letter) - ord("a")
        bit = 1 << (place if 0 <= place < _OTHER else _OTHER)
        more |= once & bit
        once |= bit
    return once | more << (_OTHER + 1)


def _mark_cost(typed: str, name: str) -> float:
    """What differing marks cost; who writes none is not held to any."""
    if typed == name or not has_marks(typed):
        return 0.0
    mine, theirs = typed.split(), name.split()
    if len(mine) != len(theirs):
        return 0.0 if "".join(mine) == "".join(theirs) else WRONG_MARK_COST
    return sum(
        WRONG_MARK_COST if has_marks(one) else LOST_MARK_COST
        for one, other in zip(mine, theirs, strict=True)
        if one != other
    )


def _slip_mark_cost(typed: str, name: str, slips: int) -> float:
    """Marks that differ beyond the slips themselves."""
    if not has_marks(typed):
        return 0.0
    return 0.7 * max(0, OSA.distance(typed.replace(" ", ""), name.replace(" ", "")) - slips)
