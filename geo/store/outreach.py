"""Outreach events summed for reach, and the units that reach is asked for."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from geo.store.database import query


@dataclass(frozen=True, slots=True)
class Held:
    """Outreach events of one set of units, kind, audiences and day, summed.

    `uncounted` are events of which nobody wrote down how many people came.
    """

    unit_set_id: int
    kind: str
    audiences: list[str]
    day: date
    events: int
    sessions: int
    participants: int
    uncounted: int


@dataclass(frozen=True, slots=True)
class CoverageUnit:
    """A unit of a level with the province that it lies in (itself, of provinces) and its point."""

    code: str
    full_name: str
    name_en: str
    province_code: str
    province_name: str
    is_land_border: bool
    lon: float
    lat: float


def outreach_held(connection: Connection, since: date, until: date) -> list[Held]:
    """All events before the day `until`; those of before `since` bear the last day of their sum."""
    rows = connection.execute(query("outreach_held"), {"since": since, "until": until})
    return [Held(*row) for row in rows]


def coverage_units(connection: Connection, edition: str, level: str) -> list[CoverageUnit]:
    """The units of a level in the order of their codes; none where it is not loaded."""
    rows = connection.execute(query("coverage_units"), {"edition": edition, "level": level})
    return [CoverageUnit(*row) for row in rows]
