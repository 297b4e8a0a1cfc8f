"""Counts by unit: the map's main question."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from geo.store.boundaries import unit_codes
from geo.store.database import query

Measure = Literal["incidents", "victims", "outreach", "rate"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records are counted; the period is [first, last)."""

    edition: str
    level: str
    first: date
    last: date
    kinds: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The column of unit_set with the units of this level."""
        return f"{self.level}_{self.edition}"


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """Counts for all units of a level in the order of their codes, those with none included.

    `unassigned` are records that belong to no unit of the level: sum(values) + unassigned = total.
    """

    codes: Sequence[str]
    values: Sequence[int]
    unassigned: int

    @property
    def total(self) -> int:
        """All records of the selection, assigned or not."""
        return sum(self.values) + self.unassigned


def unit_counts(connection: Connection, selection: Selection, measure: Measure) -> UnitCounts:
    """Count incidents, victims or outreach events of a period by unit.

    Incidents found to be duplicates or no trafficking do not count.
    """
    statement = "outreach_by_unit" if measure == "outreach" else "incidents_by_unit"
    rows = connection.execute(
        query(statement),
        {
            "column": selection.column,
            "from": selection.first,
            "to": selection.last,
            "kinds": list(selection.kinds),
        },
    )
    found: dict[str | None, int] = {row.code: getattr(row, measure) for row in rows}
    codes = unit_codes(connection, selection.edition, selection.level)
    values = [found.pop(code, 0) for code in codes]
    return UnitCounts(codes, values, sum(found.values()))


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Incidents of one kind in one month; `month` is year * 12 + month - 1."""

    month: int
    kind: str
    incidents: int
    victims: int


def monthly_counts(connection: Connection, edition: str, level: str, code: str) -> list[MonthCount]:
    """All months of one unit with incidents, by kind."""
    rows = connection.execute(
        query("months_of_unit"), {"column": f"{level}_{edition}", "code": code}
    )
    return [MonthCount(*row) for row in rows]
