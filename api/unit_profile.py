"""What stands around a unit: neighbours, the other edition, hotspot history, outreach, channels."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.actors import find_actor
from api.dependencies import (
    Edition,
    First,
    Last,
    Level,
    Turn,
    check_level,
    get_engine,
    tagged,
    year_or_period,
)
from api.disclosure import PRIVATE, Counts, Door
from api.documentation import answers
from geo.dates import month_number
from geo.store import unit_profiles as store
from geo.store.actors import Actor
from geo.store.database import acting
from geo.store.predecessors import predecessors_of_communes
from geo.store.units import get_unit

router = APIRouter(prefix="/units", tags=["units"])


def viewing(
    request: Request, actor: Annotated[Actor | None, Depends(find_actor)], _turn: Turn
) -> Iterator[Connection]:
    """A transaction that sees the records which who asks may see: none without a sign-in."""
    with acting(get_engine(request), actor.account_id if actor else None) as connection:
        yield connection


@router.get(
    "/{edition}/{level}/{code}/profile",
    summary="What stands around a unit: neighbours, before and after 2025, history, outreach",
    responses=answers("unit_profile", 404, 422),
)
def profile(
    request: Request,
    connection: Annotated[Connection, Depends(viewing, scope="function")],
    door: Counts,
    edition: Edition,
    level: Level,
    code: str,
    first: First = None,
    last: Last = None,
) -> Response:
    """`outreach` and `channels` are those of the period, without one the twelve months up to today.

    `neighbours` touch the unit; `other_edition` are the units of the other edition that share
    ground with it, and `former_communes` those that a commune of 2025 was made of, with the `share`
    of their area. `class` is that of the newest standard run of Gi* in the whole country. `history`
    has the stored standard runs of the unit and, of a unit of 2025, of those in `other_edition`;
    `slices` say where an emerging hotspot was hot (1), cold (-1) or neither, for who has signed in.

    Incidents by channel are counted for who is responsible for the unit, else `channels` is null:
    an incident with several channels counts in each, `unstated` have none.
    """
    check_level(edition, level)
    days = year_or_period(first, last)
    unit = edition, level, code
    get_unit(connection, *unit)
    run = store.country_run(connection, edition, level, also_restricted=door.sees_all)
    content = profile_of(connection, door, unit, (days.first, days.last), run)
    return tagged(request, content, cache=PRIVATE)


def profile_of(
    connection: Connection,
    door: Door,
    unit: store.Unit,
    days: tuple[date, date],
    run: UUID | None,
) -> dict[str, Any]:
    """The content of the answer for a unit that exists.

    Args:
        connection: sees the records which who asks may see.
        days: [first, last).
        run: whose classes the neighbours have.
    """
    edition, level, code = unit
    restricted = door.sees_all
    others = store.in_other_edition(connection, unit, also_restricted=restricted)
    own = [unit]
    if edition == "2025":
        own += [(one["edition"], one["level"], one["code"]) for one in others]
    former = predecessors_of_communes(connection, {code}) if level == "commune" else {}
    channels = door.channels(connection, unit, days)
    return {
        "edition": edition,
        "level": level,
        "code": code,
        "period_from": days[0],
        "period_to": days[1] - timedelta(days=1),
        "neighbours": store.neighbours(connection, unit, run),
        "other_edition": others,
        "former_communes": former.get(code, []),
        "history": [
            _told(one, door) for one in store.history(connection, own, also_restricted=restricted)
        ],
        "outreach": store.outreach_given(connection, unit, *days),
        "channels": None if channels is None else asdict(channels),
    }


def _told(row: dict[str, Any], door: Door) -> dict[str, Any]:
    """A row of the history; when a unit was hot is told to who has signed in."""
    states, step = row.pop("states"), row.pop("step_months")
    slices = None
    if states and door.audience.is_signed_in:
        end = month_number(row["period_to"] + timedelta(days=1))
        begins = range(end - step * len(states), end, step)
        slices = [
            {"from": _month(begin), "to": _month(begin + step - 1), "state": state}
            for begin, state in zip(begins, states, strict=True)
        ]
    return row | {"slices": slices}


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"
