"""Counts by unit: the map's main question."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, text

from geo.boundaries.border_bands import chosen_bands
from geo.store.database import query

Measure = Literal["incidents", "victims", "outreach", "rate"]
# To start parallel workers takes longer than the whole statement, and they are other users' cores.
ALONE = text("SET LOCAL max_parallel_workers_per_gather = 0")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records are counted; the period is [first, last).

    `border_bands` are names of bands along the land border and `neighbours` ISO codes of the
    countries beyond it: of a point less than 20 km from it, and no other record.
    """

    edition: str
    level: str
    first: date
    last: date
    kinds: tuple[str, ...] = ()
    border_bands: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()

    @property
    def is_by_border(self) -> bool:
        """Whether only what lies near the land border counts."""
        return bool(self.border_bands or self.neighbours)

    @property
    def column(self) -> str:
        """The column of unit_set with the units of this level."""
        return f"{self.level}_{self.edition}"


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


def unit_counts(connection: Connection, selection: Selection, measure: Measure) -> UnitCounts:
    """Count incidents, victims or outreach events of a period by unit.

    Incidents found to be duplicates or no trafficking do not count.
    """
    connection.execute(ALONE)
    if selection.is_by_border or measure == "outreach":
        found = counts_by_scan(connection, selection, measure)
        values = {
            "edition": selection.edition,
            "level": selection.level,
            "column": selection.column,
            "sets": list(found),
            "counts": list(found.values()),
        }
        row = connection.execute(query("counts_of_sets"), values).one()
    else:
        values = period_values(selection, measure)
        row = connection.execute(query("incident_counts"), values).one()
    return UnitCounts(row.codes, row.values, row.apportioned, row.total)


def counts_by_scan(
    connection: Connection, selection: Selection, measure: Measure
) -> dict[int, int]:
    """By set of units what is not kept: the records of the period are looked at."""
    period: dict[str, object] = {"from": selection.first, "to": selection.last}
    if not selection.is_by_border:
        return dict(connection.execute(query("outreach_sets"), period).tuples().all())
    bands = chosen_bands(selection.border_bands)
    near = {
        "measure": measure,
        "kinds": list(selection.kinds),
        "least": [band.least_m for band in bands],
        "most": [band.most_m for band in bands],
        "neighbours": list(selection.neighbours),
    }
    return dict(connection.execute(query("sets_near_border"), period | near).tuples().all())


def period_values(selection: Selection, measure: Measure) -> dict[str, Any]:
    """What the statements that count a selection in cells bind."""
    return {
        "edition": selection.edition,
        "level": selection.level,
        "column": selection.column,
        "kinds": list(selection.kinds),
        "measure": measure,
        **_whole_months(selection.first, selection.last),
    }


def _whole_months(first: date, last: date) -> dict[str, date | int]:
    """The whole months nearest to [first, last), and the days that are missing or too many."""
    starts, ends = _nearest_month(first), _nearest_month(last)
    begin, end = (date(number // 12, number % 12 + 1, 1) for number in (starts, ends))
    first_year, months_before = divmod(starts, 12)
    last_year, last_month = divmod(ends - 1, 12)
    return {
        "first_year": first_year,
        "months_before": months_before,
        "last_year": last_year if starts < ends else first_year - 1,
        "last_month": last_month + 1,
        "head_from": min(first, begin),
        "head_to": max(first, begin),
        "head_sign": 1 if first < begin else -1,
        "tail_from": min(last, end),
        "tail_to": max(last, end),
        "tail_sign": 1 if end < last else -1,
    }


def _nearest_month(day: date) -> int:
    """The month (year * 12 + month - 1) whose first day lies nearest."""
    return day.year * 12 + day.month - 1 + (day.day > 15)


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Incidents of one kind in one month; `month` is year * 12 + month - 1.

    `apportioned` is the unit's part of incidents that are known only by a unit around it.
    """

    month: int
    kind: str
    incidents: int
    victims: int
    apportioned: float


def monthly_counts(connection: Connection, edition: str, level: str, code: str) -> list[MonthCount]:
    """All months of one unit with incidents, by kind."""
    rows = connection.execute(
        query("months_of_unit"), {"column": f"{level}_{edition}", "code": code}
    )
    return [MonthCount(*row) for row in rows]
