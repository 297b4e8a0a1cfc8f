"""What helps to enter records well: probable duplicates, the latest entries, what became of one."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from api.actors import ActingDatabase, require_role
from api.dependencies import LATEST, json_response, known_codes
from api.documentation import answers
from api.reading_audit import noted
from api.schemas import Point
from geo.dates import COUNTRY_TIME
from geo.pipeline.observed import EARLIEST
from geo.store.actors import Actor
from geo.store.history import record_versions
from geo.store.similar import (
    Proposed,
    SimilarType,
    has_demo_records,
    latest_entries,
    similar_records,
)

router = APIRouter(tags=["records"])
Person = Annotated[Actor, Depends(require_role("officer", "leader"))]
Responsible = Annotated[Actor, Depends(require_role("officer", "planner", "leader"))]
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]


class ProposedRecord(BaseModel):
    """A record about to be entered; where it has no point, its commune of 2025."""

    id: UUID | None = Field(default=None, description="Its own id, which is no duplicate of itself")
    kind: str = Field(max_length=40)
    first: Day = Field(description="First day", examples=["2025-08-14"])
    last: Day = Field(description="Last day", examples=["2025-08-15"])
    geometry: Point | None = None
    commune: str | None = Field(default=None, pattern="^[0-9]{5}$", examples=["17263"])

    def proposed(self) -> Proposed:
        """The record as the store compares it."""
        place = self.geometry.coordinates if self.geometry else None
        return Proposed(
            self.kind,
            datetime.combine(self.first, time.min, COUNTRY_TIME),
            datetime.combine(self.last, time.max, COUNTRY_TIME),
            (place[0], place[1]) if place else None,
            self.commune,
            self.id,
        )


@router.post(
    "/incidents/similar",
    summary="Incidents that may be the one about to be entered",
    responses=answers("similar_incidents", 400, 401, 403, 422),
)
def incidents_alike(
    connection: ActingDatabase, actor: Person, incident: ProposedRecord
) -> Response:
    """Of own units, the likeliest first, at most five: within 7 days, 2 km and a related kind.

    To the 2 km comes how far off the stored point may be, at most 3 km. Where either is known by
    its commune only, the same commune counts as near. Nothing is stored.
    """
    known_codes("incident_kind", [incident.kind], ("loại vụ việc", "kind of incident"))
    return _alike(connection, actor, "incident", incident)


@router.post(
    "/outreach-events/similar",
    summary="Outreach events that may be the one about to be entered",
    responses=answers("similar_outreach_events", 400, 401, 403, 422),
)
def outreach_alike(connection: ActingDatabase, actor: Person, event: ProposedRecord) -> Response:
    """Of own units, as with incidents, of the same kind or `other`, of the day or one beside."""
    known_codes("outreach_kind", [event.kind], ("hình thức tuyên truyền", "kind of outreach"))
    return _alike(connection, actor, "outreach_event", event)


def _alike(
    connection: Connection, actor: Actor, record_type: SimilarType, wanted: ProposedRecord
) -> Response:
    found = similar_records(connection, actor, record_type, wanted.proposed())
    answer = json_response({"records": found}, Cache_Control="no-store")
    return noted(connection, answer, [(record_type, one["id"]) for one in found])


@router.get(
    "/entries",
    summary="The records entered last in own units",
    responses=answers("entries", 401, 403),
)
def entries(connection: ActingDatabase, actor: Person) -> Response:
    """Of all types, deleted ones too: the newest 20. `has_demo`: whether any record is made up."""
    found = latest_entries(connection, actor)
    content = {"entries": found, "has_demo": has_demo_records(connection)}
    answer = json_response(content, Cache_Control="no-store")
    return noted(connection, answer, [(entry["record_type"], entry["id"]) for entry in found])


@router.get(
    "/incidents/{identifier}/history",
    summary="The versions of an incident: who changed what, when and why",
    responses=answers("history", 401, 403, 404, 422),
)
def incident_history(connection: ActingDatabase, _actor: Person, identifier: UUID) -> Response:
    """For the responsible units, the newest first; a deleted record still has its history."""
    return _history(connection, "incident", identifier)


@router.get(
    "/outreach-events/{identifier}/history",
    summary="The versions of an outreach event: who changed what, when and why",
    responses=answers("history", 401, 403, 404, 422),
)
def outreach_history(connection: ActingDatabase, _actor: Person, identifier: UUID) -> Response:
    """For the responsible units, the newest first; a deleted record still has its history."""
    return _history(connection, "outreach_event", identifier)


@router.get(
    "/networks/{identifier}/history",
    summary="The versions of a network: who changed what, when and why",
    responses=answers("history", 401, 403, 404, 422),
)
def network_history(connection: ActingDatabase, _actor: Person, identifier: UUID) -> Response:
    """For the responsible units, the newest first. Its places are not compared."""
    return _history(connection, "network", identifier)


@router.get(
    "/prevention-models/{identifier}/history",
    summary="The versions of a club or model: who changed what, and when",
    responses=answers("model_history", 401, 403, 404, 422),
)
def prevention_model_history(
    connection: ActingDatabase, _actor: Responsible, identifier: UUID
) -> Response:
    """For the responsible units, the newest first; a deleted one still has its history."""
    return _history(connection, "prevention_model", identifier)


def _history(connection: ActingDatabase, record_type: str, identifier: UUID) -> Response:
    versions = record_versions(connection, record_type, identifier)
    answer: dict[str, Any] = {"id": str(identifier), "versions": versions}
    response = json_response(answer, Cache_Control="no-store")
    return noted(connection, response, [(record_type, identifier)])
