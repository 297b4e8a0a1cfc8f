"""What is kept around a unit: neighbours, the other edition, runs, outreach, channels, a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from geo.boundaries.shapes import band_for
from geo.store.database import query

# Half a pixel of the widest drawing of a commune; those of provinces are simplified once more.
DRAWN_ZOOM = {"commune": 12, "district": 9, "province": 7}
# Units of the drawing along each side of its square.
DRAWING_SIZE = 480

NETWORKS = text(
    "SELECT id, case_code, scope, dismantled_on FROM network"
    " WHERE id = ANY (CAST(:identifiers AS uuid[])) AND deleted_at IS NULL"
    " ORDER BY dismantled_on DESC NULLS LAST, case_code"
)

Unit = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """Incidents by channel of recruitment; one with several channels counts in each.

    `unstated` are those of `incidents` of which no channel is written.
    """

    incidents: int
    unstated: int
    by_channel: dict[str, int]


@dataclass(frozen=True, slots=True)
class DrawnPart:
    """A part of a drawing: "self", "area" (a unit), "province" or "border" (lines), as SVG path.

    `x` and `y` lie in it, from the upper left corner, in the units of the path, as does `area`.
    """

    kind: str
    code: str
    hot_class: int | None
    path: str
    x: float
    y: float
    area: float


def country_run(
    connection: Connection, edition: str, level: str, *, also_restricted: bool
) -> UUID | None:
    """The newest standard run of Gi* of a whole level, if any speaks of the boundaries of now."""
    values = {"edition": edition, "level": level, "also_restricted": also_restricted}
    found: UUID | None = connection.scalar(query("country_run"), values)
    return found


def neighbours(connection: Connection, unit: Unit, run: UUID | None) -> list[dict[str, Any]]:
    """Units that touch a unit, given by edition, level and code, by name; with the class of a run.

    Each has code, full_name, name_en, parent_name and class, None without a run.
    """
    rows = connection.execute(query("unit_neighbours"), _named(unit) | {"run": run})
    return [dict(row) for row in rows.mappings()]


def in_other_edition(
    connection: Connection, unit: Unit, *, also_restricted: bool
) -> list[dict[str, Any]]:
    """The units of the other edition that share ground with a unit, by name, with their class.

    Args:
        also_restricted: whether it is for somebody who sees all counts.
    """
    values = _named(unit) | {"also_restricted": also_restricted}
    rows = connection.execute(query("unit_in_other_edition"), values)
    return [dict(row) for row in rows.mappings()]


def history(
    connection: Connection, units: Sequence[Unit], *, also_restricted: bool
) -> list[dict[str, Any]]:
    """What stored standard runs say of units, the newest period first; `period_to` is included.

    `states` are those of the slices of emerging hotspots, of `step_months` each, the last one at
    the end of the period; None of other methods.
    """
    editions, levels, codes = (list(column) for column in zip(*units, strict=True))
    values = {"editions": editions, "levels": levels, "codes": codes}
    rows = connection.execute(query("unit_history"), values | {"also_restricted": also_restricted})
    return [dict(row) for row in rows.mappings()]


def channel_counts(connection: Connection, unit: Unit, first: date, last: date) -> ChannelCounts:
    """Incidents of the days [first, last) that the actor of the connection may see."""
    counted = dict(_in_days(connection, "unit_channels", unit, first, last).tuples().all())
    total = counted.pop(None, 0)
    return ChannelCounts(total, counted.pop("", 0), counted)


def outreach_given(
    connection: Connection, unit: Unit, first: date, last: date
) -> list[dict[str, Any]]:
    """Outreach by kind in the days [first, last): events, sessions, participants, uncounted.

    `last_day` is the newest day of the kind up to then, also before `first`; of kinds that were
    last held before it the sums are 0. `uncounted` events say not how many people came.
    """
    rows = _in_days(connection, "unit_outreach", unit, first, last)
    return [dict(row) for row in rows.mappings()]


def networks(connection: Connection, identifiers: Sequence[str]) -> list[dict[str, Any]]:
    """Networks that the actor may see, the newest first: id, case_code, scope, dismantled_on."""
    rows = connection.execute(NETWORKS, {"identifiers": list(identifiers)})
    return [dict(row) for row in rows.mappings()]


def drawing(connection: Connection, unit: Unit, run: UUID | None) -> list[DrawnPart]:
    """A unit and what lies around it in Web Mercator, on a square of DRAWING_SIZE.

    Empty where the unit has no shape.

    Args:
        run: of which the parts have their classes.
    """
    values = _named(unit) | {
        "run": run,
        "band": band_for(DRAWN_ZOOM[unit[1]]),
        "size": DRAWING_SIZE,
    }
    rows = connection.execute(query("unit_picture"), values).all()
    return [
        DrawnPart(row.kind, row.code, getattr(row, "class"), row.path, row.x, row.y, row.area)
        for row in rows
        if row.path
    ]


def _in_days(connection: Connection, question: str, unit: Unit, first: date, last: date) -> Any:
    edition, level, code = unit
    values = {"column": f"{level}_{edition}", "code": code, "first": first, "last": last}
    return connection.execute(query(question), values)


def _named(unit: Unit) -> dict[str, Any]:
    return dict(zip(("edition", "level", "code"), unit, strict=True))
