"""The review of hotspots: what waits for a leader's look, and the decisions on one."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import uuid_utils.compat
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from api.actors import ActingDatabase, SignedIn, require_role
from api.dependencies import (
    Edition,
    Level,
    Speech,
    check_level,
    get_engine,
    json_response,
    tagged,
)
from api.documentation import answers
from api.entries import IfMatch, version_of
from geo.analysis.review_queue import LEAST_CLASS, Decision
from geo.errors import Language
from geo.pipeline.hotspot_actions import actions_of
from geo.pipeline.hotspot_reviews import DecisionEntry, decide, queue, review_of
from geo.store.actors import Actor
from geo.store.database import acting
from geo.store.hotspot_reviews import Unit

router = APIRouter(prefix="/hotspot-reviews", tags=["hotspots"])
Leader = Annotated[Actor, Depends(require_role("leader"))]
DECIDING, PLANNING = ("leader",), ("planner", "leader")
LastDay = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]


def unit_of(
    edition: Edition,
    level: Level,
    code: Annotated[str, Path(pattern="^[0-9]{2,5}$", examples=["17263"])],
) -> Unit:
    """The unit that an address names.

    Raises:
        InputError: the edition has no such level.
    """
    check_level(edition, level)
    return Unit(edition, level, code)


Addressed = Annotated[Unit, Depends(unit_of)]


class Responsible(BaseModel):
    """The unit that is to do something, one of today's."""

    model_config = ConfigDict(extra="forbid")

    level: Literal["province", "commune"] = "commune"
    code: str = Field(pattern="^[0-9]{2,5}$", examples=["17263"])

    @property
    def named(self) -> tuple[str, str]:
        """Level and code."""
        return self.level, self.code


class ReviewDecision(BaseModel):
    """What is decided on a hotspot, and why."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = Field(default=None, description="Made by the client: sending again is safe")
    decision: Decision
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2_000)
    ] = Field(examples=["Ba vụ ở hai bản giáp biên, cùng một thủ đoạn."])
    priority: int = Field(default=2, ge=1, le=3, description="1 high, 2 usual, 3 low")
    responsible: Responsible | None = None
    due_on: LastDay | None = Field(
        default=None, description="Still hot after it, the hotspot comes back into the queue"
    )
    run_id: UUID | None = Field(
        default=None, description="The run that was looked at: another one by now is refused"
    )
    personal_data_checked: bool = Field(
        default=False,
        description="Somebody has read what looks like personal data in the reason: none is",
    )

    def entry(self, unit: Unit) -> DecisionEntry:
        """The decision as the pipeline takes it; one without an id gets one."""
        return DecisionEntry(
            id=self.id or uuid_utils.compat.uuid7(),
            unit=unit,
            decision=self.decision,
            reason=self.reason,
            priority=self.priority,
            responsible=self.responsible.named if self.responsible else None,
            due_on=self.due_on,
            run_id=self.run_id,
            personal_data_checked=self.personal_data_checked,
        )


@router.get(
    "",
    summary="Hotspots that wait for a look, the hottest first",
    responses=answers("hotspot_reviews", 401, 403, 404, 422),
)
def waiting_hotspots(
    request: Request,
    actor: SignedIn,
    connection: ActingDatabase,
    language: Speech,
    edition: Edition = "2025",
    level: Level = "commune",
    least_class: Annotated[
        int, Query(ge=1, le=3, description="From which class on a unit is a hotspot")
    ] = LEAST_CLASS,
    waiting: Annotated[bool, Query(description="Only those that wait for a look")] = True,
) -> Response:
    """In one's own units. A hotspot is a unit that is hot in a standard run (of the country or the
    border), hot by its course over time, or the centre of a cluster that is there now.

    `why` says why it waits, in the language of Accept-Language: `new`; `hotter`, `colder`, `gone`,
    `category`, `cluster`: as it changed since the decision; `due`: still hot after the due date;
    `second`: another leader has to agree. `review` is the newest decision, or null;
    `standing_decision` the newest one that counts.
    """
    check_level(edition, level)
    found = queue(
        connection,
        edition,
        level,
        language,
        least=least_class,
        viewer=actor,
        waiting_only=waiting,
    )
    content = _rights(request, actor) | {"count": len(found), "hotspots": found}
    return tagged(request, content, audience=actor.account_id)


@router.get(
    "/{edition}/{level}/{code}",
    summary="One hotspot: what is known, what was decided, what is planned",
    responses=answers("hotspot_review", 401, 403, 404, 422),
)
def one_hotspot(
    request: Request,
    actor: SignedIn,
    connection: ActingDatabase,
    language: Speech,
    unit: Addressed,
) -> Response:
    """`versions` are the decisions, the newest first; `version` is what If-Match names in a change,
    0 while nothing was decided. `classes` are those of stored standard runs by their periods.
    """
    found = review_of(connection, unit, language, actor)
    content = found | {"actions": actions_of(connection, unit)} | _rights(request, actor)
    return tagged(request, content, audience=actor.account_id)


@router.put(
    "/{edition}/{level}/{code}",
    summary="Decide on a hotspot",
    responses=answers("hotspot_review", 400, 401, 403, 404, 409, 422),
)
def take_decision(
    request: Request,
    actor: Leader,
    language: Speech,
    unit: Addressed,
    decision: ReviewDecision,
    if_match: IfMatch = None,
) -> Response:
    """Kept as a new version, with what the runs say now; leaders decide in their own units.

    If-Match names the version that was looked at ("0" where there was none), else 409. Where the
    installation asks for two persons, a confirmation or dismissal stands once another leader has
    sent the same decision.
    """
    engine, two_persons = get_engine(request), _two_persons(request)
    decide(engine, decision.entry(unit), version_of(if_match), actor, two_persons=two_persons)
    return reviewed(request, actor, unit, language)


def reviewed(request: Request, actor: Actor, unit: Unit, language: Language) -> Response:
    """A hotspot as it is after a change."""
    with acting(get_engine(request), actor.account_id) as connection:
        found = review_of(connection, unit, language, actor)
        content = found | {"actions": actions_of(connection, unit)} | _rights(request, actor)
    return json_response(content, Cache_Control="no-store")


def _rights(request: Request, actor: Actor) -> dict[str, Any]:
    return {
        "may_decide": actor.role in DECIDING,
        "may_plan": actor.role in PLANNING,
        "two_persons": _two_persons(request),
    }


def _two_persons(request: Request) -> bool:
    needed: bool = request.app.state.settings.two_person_review
    return needed
