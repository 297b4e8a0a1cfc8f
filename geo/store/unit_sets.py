"""Sets of units, the finest areas that records are counted by, and counts of them by unit."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

SET_COLUMNS = ("commune_2025", "province_2025", "commune_2024", "district_2024", "province_2024")


@dataclass(frozen=True, slots=True)
class UnitSets:
    """The finest areas, by number: codes of the units of each, '' where it lies in none.

    `codes` has an array for each of SET_COLUMNS. `shares` has by column (set, code, share) of what
    falls in part on units of that level.
    """

    identifiers: NDArray[np.int64]
    codes: Mapping[str, NDArray[np.str_]]
    shares: Mapping[str, tuple[NDArray[np.int64], Sequence[str], NDArray[np.float64]]]

    @property
    def names(self) -> list[str]:
        """A lasting name for each set: the codes of its units."""
        rows = zip(*(self.codes[column].tolist() for column in SET_COLUMNS), strict=True)
        return ["/".join(row) for row in rows]


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """Counts for all units of a level in the order of their codes, those with none included.

    `values` are records that lie in one unit of the level. What is known only by a unit that lies
    in several of them falls on each of these in part: `apportioned`, by code, in proportion to
    their inhabitants (docs/methods/apportioning.md). sum(values) + sum(apportioned) + unassigned =
    total, at every level of every edition.
    """

    codes: Sequence[str]
    values: Sequence[int]
    apportioned: Mapping[str, float]
    total: int

    @property
    def unassigned(self) -> float:
        """Records that no unit of the level can be said to have a part in."""
        rest = self.total - sum(self.values) - math.fsum(self.apportioned.values())
        return round(rest, 6) + 0.0


@dataclass(frozen=True, slots=True)
class SetCounts:
    """Counts of the sets that have any; both of shape (n,)."""

    identifiers: NDArray[np.int64]
    values: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SetsState:
    """What tells one state of sets and units from another: sets are added and never changed.

    Their shares follow the inhabitants, which were last changed at `inhabitants`.
    """

    boundaries: str
    last_set: int
    inhabitants: datetime | None


@dataclass(frozen=True)
class UnitPlaces:
    """Where each set of units lies among the units of every level.

    `units` has by edition and level the codes of all units, in order, each with that of the unit
    above it.
    """

    state: SetsState
    sets: UnitSets
    units: Mapping[tuple[str, str], Sequence[tuple[str, str | None]]]

    @cached_property
    def _numbered(self) -> NDArray[np.int64]:
        numbered = np.zeros(int(self.sets.identifiers.max(initial=0)) + 1, np.int64)
        numbered[self.sets.identifiers] = np.arange(len(self.sets.identifiers))
        return numbered

    @cached_property
    def _places(self) -> dict[tuple[str, str], tuple[list[str], NDArray[np.int64]]]:
        """By edition and level the codes of units, and each set's number among them or -1."""
        known = {}
        for (edition, level), units in self.units.items():
            column = f"{level}_{edition}"
            if column in self.sets.codes:
                codes = [code for code, _ in units]
                numbers = {code: number for number, code in enumerate(codes)}
                of_sets = self.sets.codes[column].tolist()
                places = np.array([numbers.get(code, -1) for code in of_sets], np.int64)
                known[edition, level] = codes, places
        return known

    @cached_property
    def _parts(self) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
        """By column the sets that fall in part on units, the number of the unit, and the share."""
        known = {}
        for (edition, level), (codes, _) in self._places.items():
            numbers = {code: number for number, code in enumerate(codes)}
            sets, of_codes, shares = self.sets.shares[f"{level}_{edition}"]
            units = np.array([numbers.get(code, -1) for code in of_codes], np.int64)
            known[f"{level}_{edition}"] = sets[units >= 0], units[units >= 0], shares[units >= 0]
        return known

    def numbers(self, identifiers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of each set in `sets`, shape (n,)."""
        return self._numbered[identifiers]

    def values(self, found: "SetCounts") -> NDArray[np.float64]:
        """Counts of some sets as an array of all, shape (sets,)."""
        values = np.zeros(len(self.sets.identifiers))
        values[self.numbers(found.identifiers)] = found.values
        return values

    def by_unit(self, edition: str, level: str, values: NDArray[np.float64]) -> UnitCounts:
        """Counts by set, shape (sets,), as counts by unit."""
        codes, places = self._places.get((edition, level), ([], np.array([], np.int64)))
        # One place more takes what lies in no unit of the level.
        counted = np.bincount(places + 1, values[: len(places)], minlength=len(codes) + 1)[1:]
        sets, units, shares = self._parts.get(f"{level}_{edition}", (places[:0],) * 3)
        parts = np.bincount(units, values[sets] * shares, minlength=len(codes))
        apportioned = {codes[number]: float(parts[number]) for number in np.flatnonzero(parts)}
        whole = np.rint(counted).astype(np.int64).tolist()
        return UnitCounts(codes, whole, apportioned, round(float(values.sum())))

    def sets_of_units(self, edition: str, level: str) -> NDArray[np.int64]:
        """How many sets each unit of a level is made of, shape (units,)."""
        codes, places = self._places[edition, level]
        return np.bincount(places + 1, minlength=len(codes) + 1)[1:]


class UnitIndex:
    """The places of sets, kept in memory until boundaries or sets are others."""

    def __init__(self) -> None:
        """Nothing is read until the first question."""
        self._known: UnitPlaces | None = None

    def current(self, connection: Connection) -> UnitPlaces:
        """The places of all sets that are stored now, those of counts read before among them."""
        state = SetsState(
            *connection.execute(
                text(
                    "SELECT (SELECT coalesce(string_agg(fingerprint, ',' ORDER BY edition, level),"
                    " '') FROM boundary_layer), (SELECT coalesce(max(id), 0) FROM unit_set),"
                    " (SELECT max(updated_at) FROM population)"
                )
            ).one()
        )
        known = self._known
        if known is None or known.state != state:
            known = UnitPlaces(state, _read_unit_sets(connection), _read_units(connection))
            self._known = known
        return known


def _read_unit_sets(connection: Connection) -> UnitSets:
    """All sets of units with their shares, numbered in the order of their names."""
    names = ", ".join(f"coalesce({column}, '')" for column in SET_COLUMNS)
    rows: Any = connection.execute(text(f"SELECT {names}, id FROM unit_set")).all()  # noqa: S608
    *codes, identifiers = zip(*sorted(rows), strict=True) if rows else ([] for _ in range(6))
    number = {identifier: place for place, identifier in enumerate(identifiers)}
    shares: dict[str, tuple[list[int], list[str], list[float]]] = {
        column: ([], [], []) for column in SET_COLUMNS
    }
    for row in connection.execute(
        text("SELECT target, unit_set_id, code, share FROM unit_set_share ORDER BY 1, 2, 3")
    ):
        if row.unit_set_id in number:
            places, of_codes, parts = shares[row.target]
            places.append(number[row.unit_set_id])
            of_codes.append(row.code)
            parts.append(row.share)
    return UnitSets(
        np.array(identifiers, np.int64),
        {column: np.array(of, np.str_) for column, of in zip(SET_COLUMNS, codes, strict=True)},
        {
            column: (np.array(places, np.int64), of_codes, np.array(parts, np.float64))
            for column, (places, of_codes, parts) in shares.items()
        },
    )


def _read_units(connection: Connection) -> dict[tuple[str, str], list[tuple[str, str | None]]]:
    """By edition and level the codes of all units, in order, each with that of the unit above."""
    units: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
    for edition, level, code, parent in connection.execute(
        text(
            "SELECT edition, level, code, parent_code FROM unit ORDER BY edition, level,"
            ' code COLLATE "C"'
        )
    ):
        units.setdefault((edition, level), []).append((code, parent))
    return units
