"""Answers to confirmed hotspots: patrols and sessions that are planned, and what came of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from geo.errors import ConflictError, InputError
from geo.pipeline.entries import refuse_personal_data
from geo.pipeline.hotspot_reviews import require_own_unit, require_responsible
from geo.store import hotspot_actions as store
from geo.store.actors import Actor
from geo.store.database import acting, record_taken
from geo.store.hotspot_actions import ActionValues
from geo.store.hotspot_reviews import Unit, hold


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """An action on a unit as somebody sent it."""

    id: UUID
    unit: Unit
    values: ActionValues
    personal_data_checked: bool


def plan_action(engine: Engine, entry: ActionEntry, actor: Actor) -> bool:
    """Keep an action against a hotspot that stands confirmed; False where it was kept before.

    Raises:
        NotFoundError: there is no such unit.
        AccessError: it is not the actor's, or his role plans nothing.
        InputError: what was sent is wrong.
        ConflictError: the hotspot is not confirmed, or the id is another action's.
    """
    with acting(engine, actor.account_id) as connection:
        hold(connection, entry.unit)
        row = require_own_unit(connection, entry.unit)
        known = [one for one in store.list_actions(connection, entry.unit) if one["id"] == entry.id]
        if known:
            if (known[0]["kind"], known[0]["planned_on"]) == (
                entry.values.kind,
                entry.values.planned_on,
            ):
                return False
            raise record_taken()
        if row["standing_decision"] != "confirm":
            raise ConflictError(
                "action.not_confirmed",
                "Điểm nóng này chưa được lãnh đạo xác nhận, nên chưa lập việc được.",
                "No leader has confirmed this hotspot, so nothing can be planned against it yet.",
            )
        _check(connection, entry)
        store.add_action(connection, entry.unit, entry.id, entry.values, actor.username)
    return True


def change_action(engine: Engine, entry: ActionEntry, version: int, actor: Actor) -> None:
    """Put new values in place of those of an action.

    Raises:
        NotFoundError: there is no such unit or action.
        AccessError: it is not the actor's, or his role plans nothing.
        InputError: what was sent is wrong.
        ConflictError: somebody has changed it since `version`.
    """
    with acting(engine, actor.account_id) as connection:
        hold(connection, entry.unit)
        require_own_unit(connection, entry.unit)
        _check(connection, entry)
        store.change_action(connection, entry.unit, entry.id, entry.values, version, actor.username)


def actions_of(connection: Connection, unit: Unit) -> list[dict[str, Any]]:
    """The actions on a unit; one without an event has `events`, those held since it was planned."""
    found = store.list_actions(connection, unit)
    for action in found:
        is_open = action["outreach_event_id"] is None and action["state"] != "dropped"
        since = min(action["created_at"].date(), action["planned_on"])
        action["events"] = store.outreach_in_unit(connection, unit, since) if is_open else []
    return found


def _check(connection: Connection, entry: ActionEntry) -> None:
    values = entry.values
    if values.responsible_level and values.responsible_code:
        require_responsible(connection, (values.responsible_level, values.responsible_code))
    event = values.outreach_event_id
    if event is not None and not store.outreach_in_unit(connection, entry.unit, event=event):
        raise InputError(
            "action.event",
            f"Không có buổi truyền thông {event} ở đơn vị này. Hãy chọn trong danh sách gợi ý.",
            f"There is no outreach event {event} in this unit. Choose one of those suggested.",
        )
    if values.note and not entry.personal_data_checked:
        refuse_personal_data({"note": values.note})
