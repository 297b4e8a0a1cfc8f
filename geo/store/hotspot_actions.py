"""What is planned and done against hotspots."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, update

from geo.errors import NotFoundError
from geo.store.database import query
from geo.store.hotspot_reviews import Unit, require_version
from geo.store.tables.reviews import HotspotAction


@dataclass(frozen=True, slots=True)
class ActionValues:
    """What an action says; see geo.store.tables.reviews.HotspotAction."""

    kind: str
    state: str
    planned_on: date
    responsible_level: str | None
    responsible_code: str | None
    note: str | None
    outreach_event_id: UUID | None


def list_actions(connection: Connection, unit: Unit) -> list[dict[str, Any]]:
    """The actions on a unit, the latest day first."""
    rows = connection.execute(query("hotspot_actions"), unit._asdict())
    return [dict(row) for row in rows.mappings()]


def get_action(connection: Connection, unit: Unit, identifier: UUID) -> dict[str, Any]:
    """One action on a unit.

    Raises:
        NotFoundError: there is none.
    """
    for action in list_actions(connection, unit):
        if action["id"] == identifier:
            return action
    raise NotFoundError(
        "action.unknown",
        f"Không có việc {identifier} ở điểm nóng này. Hãy tải lại danh sách.",
        f"There is no action {identifier} on this hotspot. Load the list again.",
    )


def add_action(
    connection: Connection, unit: Unit, identifier: UUID, values: ActionValues, actor: str
) -> None:
    """Write a new action."""
    own = unit._asdict() | asdict(values) | {"created_by": actor, "updated_by": actor}
    connection.execute(insert(HotspotAction).values(id=identifier, **own))


def change_action(
    connection: Connection,
    unit: Unit,
    identifier: UUID,
    values: ActionValues,
    version: int,
    actor: str,
) -> None:
    """Put new values in place of those of an action.

    Raises:
        NotFoundError: there is no such action on the unit.
        ConflictError: it was changed since `version`.
    """
    require_version(get_action(connection, unit, identifier)["version"], version)
    connection.execute(
        update(HotspotAction)
        .where(HotspotAction.id == identifier)
        .values(
            **asdict(values),
            version=version + 1,
            updated_at=func.now(),
            updated_by=actor,
        )
    )


def outreach_in_unit(
    connection: Connection, unit: Unit, since: date | None = None, event: UUID | None = None
) -> list[dict[str, Any]]:
    """Outreach events in a unit since a day, at most fifty; or whether this one lies there."""
    column = f"{unit.level}_{unit.edition}"
    values = {"column": column, "code": unit.code, "since": since, "id": event}
    rows = connection.execute(query("outreach_in_unit"), values)
    return [dict(row) for row in rows.mappings()]
