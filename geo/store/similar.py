"""Records that may be the one about to be entered, and what was entered last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection

from geo.store.actors import Actor
from geo.store.database import query

SimilarType = Literal["incident", "outreach_event"]
# Two reports of one event seldom lie further apart: a commune on the border is some 10 km across,
# its hamlets 2 to 5 km from each other. How far off a stored point may be is added, up to a limit.
NEAR_M = 2_000
MOST_ACCURACY_M = 3_000
# Reports of one event reach different offices within days; who held a session knows its day.
NEAR_DAYS: Mapping[SimilarType, int] = {"incident": 7, "outreach_event": 1}
MOST_SIMILAR = 5
# By type, the columns that the other type does not have.
OF_THE_OTHER: Mapping[SimilarType, set[str]] = {
    "incident": {"attendance"},
    "outreach_event": {"status", "victims"},
}
MOST_LATEST = 20
# Kinds under which different offices may enter one event; `other` may be any.
RELATED_KINDS = (
    frozenset({"tip", "case150", "case151", "foiled", "rescue", "exit_lead", "missing"}),
    frozenset({"rescue", "self_return", "handover"}),
    frozenset({"case150", "case151", "fetus", "adoption"}),
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is about to be entered: its period, kind, and a point (degrees) or a commune of 2025.

    `identifier` is the record's own id, which is no duplicate of itself.
    """

    kind: str
    first: datetime
    last: datetime
    point: tuple[float, float] | None = None
    commune: str | None = None
    identifier: UUID | None = None


def related_kinds(kind: str) -> list[str]:
    """The kinds under which the same record may have been entered, the kind itself included."""
    found = {kind, "other"}
    for family in RELATED_KINDS:
        if kind in family:
            found |= family
    return sorted(found)


def similar_records(
    connection: Connection, actor: Actor, record_type: SimilarType, proposed: Proposed
) -> list[dict[str, Any]]:
    """Those of the actor's units that are near in place, time and kind, the likeliest first.

    `distance_m` is in metres on the ellipsoid, None where either is known by its commune only.
    """
    lon, lat = proposed.point or (None, None)
    values = {
        "record_type": record_type,
        "lon": lon,
        "lat": lat,
        "commune": proposed.commune,
        "except": proposed.identifier,
        "kind": proposed.kind,
        "kinds": related_kinds(proposed.kind),
        "first": proposed.first,
        "last": proposed.last,
        "days": NEAR_DAYS[record_type],
        "metres": NEAR_M,
        "most_accuracy_m": MOST_ACCURACY_M,
        "own": actor.own_units,
        "most": MOST_SIMILAR,
    }
    rows = connection.execute(query("similar_records"), values).mappings()
    foreign = OF_THE_OTHER[record_type]
    return [{name: row[name] for name in row if name not in foreign} for row in rows]


def latest_entries(connection: Connection, actor: Actor) -> list[dict[str, Any]]:
    """The 20 records entered last in the actor's units, deleted ones too, the newest first."""
    values = {"own": actor.own_units, "most": MOST_LATEST}
    return [dict(row) for row in connection.execute(query("latest_entries"), values).mappings()]


def has_demo_records(connection: Connection) -> bool:
    """Whether demonstration records are in the store: pages say so."""
    return bool(connection.execute(query("store_overview")).one().has_demo)
