"""Writing single records: GeoJSON in, the stored record out.

Incidents and networks are written by officers and leaders, outreach events and prevention models
by planners too, each in the units of the account. Administrators write none: they would see what
is in them.
"""

import re
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Header, Query, Request
from starlette.responses import Response

from api.actors import require_role
from api.dependencies import get_engine, json_response
from api.documentation import answers, problems_of
from api.schemas import (
    NETWORK_EXAMPLES,
    IncidentFeature,
    NetworkFeature,
    OutreachFeature,
    PreventionModelFeature,
    RecordFeature,
)
from geo import pipeline
from geo.errors import InputError
from geo.records.fields import RecordType
from geo.store import reading
from geo.store.actors import Actor
from geo.store.database import acting

router = APIRouter(tags=["records"])
IfMatch = Annotated[
    str | None, Header(description="The version that the change starts from", examples=['"3"'])
]
IncidentWriter = Annotated[Actor, Depends(require_role("officer", "leader"))]
OutreachWriter = Annotated[Actor, Depends(require_role("officer", "planner", "leader"))]
Network = Annotated[NetworkFeature, Body(openapi_examples=NETWORK_EXAMPLES)]
Reason = Annotated[str, Query(min_length=3, max_length=500, description="Why it is deleted")]
Checked = Annotated[
    bool, Query(description="Somebody has read what looks like personal data in the reason")
]


@dataclass(frozen=True, slots=True)
class Deletion:
    """Why a record is deleted, and the version that was seen."""

    reason: Reason
    personal_data_checked: Checked = False
    if_match: IfMatch = None


Deleting = Annotated[Deletion, Depends()]


@router.post(
    "/incidents",
    status_code=201,
    summary="Enter an incident",
    responses=answers("incident") | answers("incident", 400, 401, 403, 409, 422, status=201),
)
def create_incident(request: Request, actor: IncidentWriter, feature: IncidentFeature) -> Response:
    """Units are derived from the point; sent again with the same id it changes nothing (200)."""
    return _create(request, feature.entry("incident", actor))


@router.put(
    "/incidents/{identifier}",
    summary="Change an incident",
    responses=answers("incident", 400, 401, 403, 404, 409, 422),
)
def change_incident(
    request: Request,
    actor: IncidentWriter,
    identifier: UUID,
    feature: IncidentFeature,
    if_match: IfMatch = None,
) -> Response:
    """All properties are replaced; If-Match names the version that was edited, else 409."""
    _refuse_other_id(feature, identifier)
    return _change(request, feature.entry("incident", actor, identifier), if_match)


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
    why: Deleting,
) -> Response:
    """It leaves lists and counts; its versions stay in the store."""
    return _delete(request, actor, "incident", identifier, why)


@router.post(
    "/outreach-events",
    status_code=201,
    summary="Enter an outreach event",
    responses=answers("outreach_event")
    | answers("outreach_event", 400, 401, 403, 409, 422, status=201),
)
def create_outreach_event(
    request: Request, actor: OutreachWriter, feature: OutreachFeature
) -> Response:
    """Units are derived from the point; sent again with the same id it changes nothing (200)."""
    return _create(request, feature.entry("outreach_event", actor))


@router.put(
    "/outreach-events/{identifier}",
    summary="Change an outreach event",
    responses=answers("outreach_event", 400, 401, 403, 404, 409, 422),
)
def change_outreach_event(
    request: Request,
    actor: OutreachWriter,
    identifier: UUID,
    feature: OutreachFeature,
    if_match: IfMatch = None,
) -> Response:
    """All properties are replaced; If-Match names the version that was edited, else 409."""
    _refuse_other_id(feature, identifier)
    return _change(request, feature.entry("outreach_event", actor, identifier), if_match)


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
    why: Deleting,
) -> Response:
    """It leaves lists and counts; its versions stay in the store."""
    return _delete(request, actor, "outreach_event", identifier, why)


@router.post(
    "/prevention-models",
    status_code=201,
    summary="Enter a club or model of prevention",
    responses=answers("prevention_model")
    | answers("prevention_model", 400, 401, 403, 409, 422, status=201),
)
def create_prevention_model(
    request: Request, actor: OutreachWriter, feature: PreventionModelFeature
) -> Response:
    """Units are derived from the point; sent again with the same id it changes nothing (200)."""
    return _create(request, feature.entry("prevention_model", actor))


@router.put(
    "/prevention-models/{identifier}",
    summary="Change a club or model of prevention",
    responses=answers("prevention_model", 400, 401, 403, 404, 409, 422),
)
def change_prevention_model(
    request: Request,
    actor: OutreachWriter,
    identifier: UUID,
    feature: PreventionModelFeature,
    if_match: IfMatch = None,
) -> Response:
    """All properties are replaced; If-Match names the version that was edited, else 409."""
    _refuse_other_id(feature, identifier)
    return _change(request, feature.entry("prevention_model", actor, identifier), if_match)


@router.delete(
    "/prevention-models/{identifier}",
    status_code=204,
    summary="Delete a club or model, with the reason",
    responses=problems_of(401, 403, 404, 409, 422),
)
def delete_prevention_model(
    request: Request,
    actor: OutreachWriter,
    identifier: UUID,
    why: Deleting,
) -> Response:
    """It leaves lists and the map; its versions stay in the store, and its events their link."""
    return _delete(request, actor, "prevention_model", identifier, why)


@router.post(
    "/networks",
    status_code=201,
    summary="Enter a network with its places and legs",
    responses=answers("network") | answers("network", 400, 401, 403, 409, 422, status=201),
)
def create_network(request: Request, actor: IncidentWriter, feature: Network) -> Response:
    """All of it or nothing is stored; sent again with the same id or case it changes nothing (200).

    Each place is checked as a row of a network file; `errors` name it by `place`, counted from 1.
    One place at least lies in a unit of the account.
    """
    return _create(request, feature.entry("network", actor))


@router.put(
    "/networks/{identifier}",
    summary="Change a network",
    responses=answers("network", 400, 401, 403, 404, 409, 422),
)
def change_network(
    request: Request,
    actor: IncidentWriter,
    identifier: UUID,
    feature: Network,
    if_match: IfMatch = None,
) -> Response:
    """Properties, places and legs are replaced; If-Match names the version that was edited."""
    _refuse_other_id(feature, identifier)
    return _change(request, feature.entry("network", actor, identifier), if_match)


@router.delete(
    "/networks/{identifier}",
    status_code=204,
    summary="Delete a network, with the reason",
    responses=problems_of(401, 403, 404, 409, 422),
)
def delete_network(
    request: Request,
    actor: IncidentWriter,
    identifier: UUID,
    why: Deleting,
) -> Response:
    """It leaves lists and the map; its versions stay in the store."""
    return _delete(request, actor, "network", identifier, why)


def _create(request: Request, entry: pipeline.Entry) -> Response:
    entered = pipeline.create_record(get_engine(request), entry)
    response = _stored(request, entry, entered.id)
    response.status_code = 201 if entered.is_new else 200
    response.headers["Location"] = f"{request.url.path}/{entered.id}"
    return response


def _refuse_other_id(feature: RecordFeature, identifier: UUID) -> None:
    if feature.id not in {None, identifier}:
        raise InputError(
            "record.id_differs",
            "Mã trong nội dung khác với mã trong địa chỉ. Hãy gửi cùng một mã.",
            "The id in the body differs from the one in the address. Send the same one.",
        )


def _change(request: Request, entry: pipeline.Entry, if_match: str | None) -> Response:
    engine = get_engine(request)
    pipeline.change_record(engine, entry, version_of(if_match))
    return _stored(request, entry, entry.id)


def _delete(
    request: Request, actor: Actor, record_type: RecordType, identifier: UUID, why: Deletion
) -> Response:
    entry = pipeline.Entry(
        record_type, identifier, {}, actor, personal_data_checked=why.personal_data_checked
    )
    pipeline.delete_record(get_engine(request), entry, version_of(why.if_match), why.reason)
    return Response(status_code=204)


def _stored(request: Request, entry: pipeline.Entry, identifier: UUID) -> Response:
    account = entry.actor.account_id if entry.actor else None
    with acting(get_engine(request), account) as connection:
        if entry.record_type == "network":
            feature = reading.get_network(connection, identifier)
        else:
            feature = reading.get_record(connection, entry.record_type, identifier)
    return json_response(feature, Cache_Control="no-store")


def version_of(if_match: str | None) -> int:
    """The version that a change starts from.

    Raises:
        InputError: the header is missing, or holds no version.
    """
    found = re.fullmatch(r'(?:W/)?"?([0-9]{1,9})"?', if_match or "", re.ASCII)
    if found is None:
        raise InputError(
            "version.missing",
            'Hãy gửi tiêu đề If-Match với phiên bản (version) đã sửa, ví dụ If-Match: "3".',
            'Send the header If-Match with the version that you edited, such as If-Match: "3".',
        )
    return int(found[1])
