"""Writing single records: GeoJSON in, the stored record out.

Incidents are written by officers and leaders, outreach events by planners too, each in the units of
the account. Administrators write none: they would see what is in them.
"""

import re
from typing import Annotated
from uuid import UUID

import uuid_utils.compat
from fastapi import APIRouter, Depends, Header, Query, Request
from sqlalchemy import Engine
from starlette.responses import Response

from api.actors import require_role
from api.dependencies import get_engine, json_response
from api.documentation import answers, problems_of
from api.schemas import IncidentFeature, OutreachFeature, RecordFeature
from geo import pipeline
from geo.errors import InputError
from geo.records.fields import RecordType
from geo.store import reading
from geo.store.actors import Actor
from geo.store.database import transaction

router = APIRouter(tags=["records"])
IfMatch = Annotated[
    str | None, Header(description="The version that the change starts from", examples=['"3"'])
]
IncidentWriter = Annotated[Actor, Depends(require_role("officer", "leader"))]
OutreachWriter = Annotated[Actor, Depends(require_role("officer", "planner", "leader"))]
Content = tuple[RecordFeature, dict[str, str | None]]
Reason = Annotated[str, Query(min_length=3, max_length=500, description="Why it is deleted")]


@router.post(
    "/incidents",
    status_code=201,
    summary="Enter an incident",
    responses=answers("incident", 401, 403, 409, 422, status=201),
)
def create_incident(request: Request, actor: IncidentWriter, feature: IncidentFeature) -> Response:
    """Units are derived from the point; sent again with the same id it changes nothing (200)."""
    return _create(request, actor, "incident", (feature, feature.properties))


@router.put(
    "/incidents/{identifier}",
    summary="Change an incident",
    responses=answers("incident", 401, 403, 404, 409, 422),
)
def change_incident(
    request: Request,
    actor: IncidentWriter,
    identifier: UUID,
    feature: IncidentFeature,
    if_match: IfMatch = None,
) -> Response:
    """All properties are replaced; If-Match names the version that was edited, else 409."""
    content = feature, feature.properties
    return _change(request, (actor, "incident", identifier), content, if_match)


@router.delete(
    "/incidents/{identifier}",
    status_code=204,
    summary="Delete an incident, with the reason",
    responses=problems_of(401, 403, 404, 409, 422),
)
def delete_incident(
    request: Request,
    actor: IncidentWriter,
    identifier: UUID,
    reason: Reason,
    if_match: IfMatch = None,
) -> Response:
    """It leaves lists and counts; its versions stay in the store."""
    entry = pipeline.Entry("incident", identifier, {}, actor)
    pipeline.delete_record(get_engine(request), entry, _version(if_match), reason)
    return Response(status_code=204)


@router.post(
    "/outreach-events",
    status_code=201,
    summary="Enter an outreach event",
    responses=answers("outreach_event", 401, 403, 409, 422, status=201),
)
def create_outreach_event(
    request: Request, actor: OutreachWriter, feature: OutreachFeature
) -> Response:
    """Units are derived from the point; sent again with the same id it changes nothing (200)."""
    return _create(request, actor, "outreach_event", (feature, feature.properties))


@router.put(
    "/outreach-events/{identifier}",
    summary="Change an outreach event",
    responses=answers("outreach_event", 401, 403, 404, 409, 422),
)
def change_outreach_event(
    request: Request,
    actor: OutreachWriter,
    identifier: UUID,
    feature: OutreachFeature,
    if_match: IfMatch = None,
) -> Response:
    """All properties are replaced; If-Match names the version that was edited, else 409."""
    content = feature, feature.properties
    return _change(request, (actor, "outreach_event", identifier), content, if_match)


@router.delete(
    "/outreach-events/{identifier}",
    status_code=204,
    summary="Delete an outreach event, with the reason",
    responses=problems_of(401, 403, 404, 409, 422),
)
def delete_outreach_event(
    request: Request,
    actor: OutreachWriter,
    identifier: UUID,
    reason: Reason,
    if_match: IfMatch = None,
) -> Response:
    """It leaves lists and counts; its versions stay in the store."""
    entry = pipeline.Entry("outreach_event", identifier, {}, actor)
    pipeline.delete_record(get_engine(request), entry, _version(if_match), reason)
    return Response(status_code=204)


def _create(request: Request, actor: Actor, record_type: RecordType, content: Content) -> Response:
    engine = get_engine(request)
    feature, values = content
    identifier = feature.id or uuid_utils.compat.uuid7()
    entry = pipeline.Entry(record_type, identifier, values | feature.place(), actor)
    is_new = pipeline.create_record(engine, entry)
    response = _stored(engine, record_type, identifier)
    response.status_code = 201 if is_new else 200
    response.headers["Location"] = f"{request.url.path}/{identifier}"
    return response


def _change(
    request: Request,
    record: tuple[Actor, RecordType, UUID],
    content: Content,
    if_match: str | None,
) -> Response:
    engine = get_engine(request)
    actor, record_type, identifier = record
    feature, values = content
    if feature.id not in {None, identifier}:
        raise InputError(
            "record.id_differs",
            "Mã trong nội dung khác với mã trong địa chỉ. Hãy gửi cùng một mã.",
            "The id in the body differs from the one in the address. Send the same one.",
        )
    entry = pipeline.Entry(record_type, identifier, values | feature.place(), actor)
    pipeline.change_record(engine, entry, _version(if_match))
    return _stored(engine, record_type, identifier)


def _stored(engine: Engine, record_type: RecordType, identifier: UUID) -> Response:
    with transaction(engine) as connection:
        feature = reading.get_record(connection, record_type, identifier)
    return json_response(feature, Cache_Control="no-store")


def _version(if_match: str | None) -> int:
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', if_match or "", re.ASCII)
    if found is None:
        raise InputError(
            "version.missing",
            'Hãy gửi tiêu đề If-Match với phiên bản (version) đã sửa, ví dụ If-Match: "3".',
            'Send the header If-Match with the version that you edited, such as If-Match: "3".',
        )
    return int(found[1])
