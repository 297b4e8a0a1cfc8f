"""Networks as they are laid over each other, and the marks of the places they are merged by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from geo.store.database import query

MARKS = text(
    "SELECT code, full_name, name_en, ST_X(label_point) AS lon, ST_Y(label_point) AS lat"
    " FROM unit_today WHERE edition = :edition AND level = :level AND code = ANY (:codes)"
)


@dataclass(frozen=True, slots=True)
class FlowFilter:
    """Which networks, and by which units their places are merged.

    The period is [first, last) and asked of the day on which they were dismantled; networks without
    one are in no period. No scopes are all scopes.
    """

    edition: str = "2025"
    level: str = "province"
    first: date | None = None
    last: date | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """What a place is called and where it is drawn, in degrees, None where that is not known."""

    name: str
    name_en: str
    longitude: float | None
    latitude: float | None


def read_networks(connection: Connection, wanted: FlowFilter) -> list[dict[str, Any]]:
    """Rows of id, case_code, stops and moves, by id: those that the actor may see."""
    values = {
        "column": f"{wanted.level}_{wanted.edition}",
        "first": wanted.first,
        "last": wanted.last,
        "scopes": list(wanted.scopes),
    }
    return [dict(row) for row in connection.execute(query("network_stops"), values).mappings()]


def unit_marks(
    connection: Connection, edition: str, level: str, codes: Iterable[str]
) -> dict[str, Mark]:
    """The marks of units by their code."""
    rows = connection.execute(MARKS, {"edition": edition, "level": level, "codes": list(codes)})
    return {
        row.code: Mark(row.full_name, row.name_en, round(row.lon, 5), round(row.lat, 5))
        for row in rows
    }
