"""Answers to confirmed hotspots: patrols and sessions, planned, done or dropped."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import uuid_utils.compat
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.actors import require_role
from api.dependencies import Speech, get_engine
from api.documentation import answers
from api.entries import IfMatch, version_of
from api.hotspot_reviews import PLANNING, Addressed, LastDay, Responsible, reviewed
from geo.errors import InputError
from geo.pipeline.hotspot_actions import ActionEntry, change_action, plan_action
from geo.store.actors import Actor
from geo.store.hotspot_actions import ActionValues
from geo.store.hotspot_reviews import Unit

router = APIRouter(prefix="/hotspot-reviews", tags=["hotspots"])
Planner = Annotated[Actor, Depends(require_role(*PLANNING))]


class HotspotActionBody(BaseModel):
    """What is planned against a hotspot, and what came of it."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = Field(default=None, description="Made by the client: sending again is safe")
    kind: Literal["patrol", "session"]
    state: Literal["planned", "done", "dropped"] = "planned"
    planned_on: LastDay = Field(examples=[date(2026, 12, 15)])
    responsible: Responsible | None = None
    note: str | None = Field(default=None, max_length=2_000)
    outreach_event_id: UUID | None = Field(
        default=None, description="The event that came of it, held in this unit"
    )
    personal_data_checked: bool = Field(
        default=False,
        description="Somebody has read what looks like personal data in the note: none is",
    )

    def entry(self, unit: Unit, identifier: UUID | None = None) -> ActionEntry:
        """The action as the pipeline takes it; a new one without an id gets one."""
        level, code = self.responsible.named if self.responsible else (None, None)
        values = ActionValues(
            kind=self.kind,
            state=self.state,
            planned_on=self.planned_on,
            responsible_level=level,
            responsible_code=code,
            note=(self.note or "").strip() or None,
            outreach_event_id=self.outreach_event_id,
        )
        chosen = identifier or self.id or uuid_utils.compat.uuid7()
        return ActionEntry(chosen, unit, values, self.personal_data_checked)


@router.post(
    "/{edition}/{level}/{code}/actions",
    status_code=201,
    summary="Plan a patrol or a session against a confirmed hotspot",
    responses=answers("hotspot_review")
    | answers("hotspot_review", 400, 401, 403, 404, 409, 422, status=201),
)
def plan(
    request: Request, actor: Planner, language: Speech, unit: Addressed, action: HotspotActionBody
) -> Response:
    """By planners and leaders, in their own units; the answer is the hotspot with all its actions.

    409 where the hotspot does not stand confirmed. Sent again with the same id it changes nothing.
    """
    is_new = plan_action(get_engine(request), action.entry(unit), actor)
    response = reviewed(request, actor, unit, language)
    response.status_code = 201 if is_new else 200
    return response


@router.put(
    "/{edition}/{level}/{code}/actions/{identifier}",
    summary="Change an action: done, dropped, another day, the event that came of it",
    responses=answers("hotspot_review", 400, 401, 403, 404, 409, 422),
)
def change(
    request: Request,
    actor: Planner,
    language: Speech,
    unit: Addressed,
    identifier: UUID,
    action: HotspotActionBody,
    if_match: IfMatch = None,
) -> Response:
    """All values are replaced; If-Match names the version that was edited, else 409.

    `events` of an action are outreach events held in the unit since it was planned.
    """
    if action.id not in {None, identifier}:
        raise InputError(
            "record.id_differs",
            "Mã trong nội dung khác với mã trong địa chỉ. Hãy gửi cùng một mã.",
            "The id in the body differs from the one in the address. Send the same one.",
        )
    change_action(get_engine(request), action.entry(unit, identifier), version_of(if_match), actor)
    return reviewed(request, actor, unit, language)
