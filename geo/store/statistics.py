"""Counts by unit: the map's main question."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from sqlalchemy import Connection, text

from geo.boundaries.border_bands import chosen_bands
from geo.dates import nearest_month
from geo.records.code_lists import code_list
from geo.store.database import query
from geo.store.unit_sets import SetCounts, UnitCounts, UnitIndex

Measure = Literal["incidents", "victims", "outreach", "rate"]
# How cells name all kinds together.
ALL_KINDS = ""
# To start parallel workers takes longer than the whole statement, and they are other users' cores.
ALONE = text("SET LOCAL max_parallel_workers_per_gather = 0")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records are counted; the period is [first, last).

    `border_bands` are names of bands along the land border and `neighbours` ISO codes of the
    countries beyond it: of a point less than 20 km from it, and no other record. With
    `is_displaced` incidents with victims lie where their commune's nearest edge does.
    """

    edition: str
    level: str
    first: date
    last: date
    kinds: tuple[str, ...] = ()
    border_bands: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()
    is_displaced: bool = False

    @property
    def is_by_border(self) -> bool:
        """Whether only what lies near the land border counts."""
        return bool(self.border_bands or self.neighbours)

    @property
    def column(self) -> str:
        """The column of unit_set with the units of this level."""
        return f"{self.level}_{self.edition}"


def unit_counts(
    connection: Connection, selection: Selection, measure: Measure, index: UnitIndex | None = None
) -> UnitCounts:
    """Count incidents, victims or outreach events of a period by unit.

    Incidents found to be duplicates or no trafficking do not count.

    Args:
        index: keeps the places of sets from one question to the next.
    """
    found = set_counts(connection, selection, measure)
    places = (index or UnitIndex()).current(connection)
    return places.by_unit(selection.edition, selection.level, places.values(found))


def set_counts(connection: Connection, selection: Selection, measure: Measure) -> SetCounts:
    """True counts of a period by set of units, of those with any."""
    connection.execute(ALONE)
    if selection.is_by_border or measure == "outreach":
        found = counts_by_scan(connection, selection, measure)
        sets, counts = list(found), list(found.values())
    else:
        values = {
            "kinds": list(selection.kinds) or [ALL_KINDS],
            "days_kinds": list(selection.kinds or code_list("incident_kind")),
            "measure": measure,
            **_whole_months(selection.first, selection.last),
        }
        sets, counts = connection.execute(query("incident_counts"), values).one()
    return SetCounts(np.array(sets, np.int64), np.array(counts, np.int64))


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
        "is_displaced": selection.is_displaced,
    }
    return dict(connection.execute(query("sets_near_border"), period | near).tuples().all())


def _whole_months(first: date, last: date) -> dict[str, date | int]:
    """The whole months nearest to [first, last), and the days that are missing or too many."""
    starts, ends = nearest_month(first), nearest_month(last)
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
