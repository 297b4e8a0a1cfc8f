"""Incidents, outreach events and networks as GeoJSON."""

from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.dependencies import (
    Database,
    Edition,
    First,
    Last,
    Level,
    box,
    check_level,
    incident_kinds,
    json_response,
    period,
    tagged,
)
from api.documentation import answers
from geo.errors import InputError
from geo.records.code_lists import code_list
from geo.store import reading
from geo.store.reading import RecordFilter

router = APIRouter(tags=["records"])
MOST_IN_A_PAGE = 10_000


def record_filter(
    box: Annotated[tuple[float, float, float, float] | None, Depends(box)],
    first: First = None,
    last: Last = None,
    edition: Edition = "2025",
    level: Level = "commune",
    unit: Annotated[str | None, Query(pattern="^[0-9]{2,5}$", description="Code")] = None,
    land_border: bool | None = None,
    after: Annotated[UUID | None, Query(description="Last id of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_IN_A_PAGE)] = 1_000,
) -> RecordFilter:
    """Which records to list."""
    check_level(edition, level)
    days = period(first, last)
    return RecordFilter(
        first=days.first if first else None,
        last=days.last if last else None,
        box=box,
        unit=(edition, level, unit) if unit else None,
        land_border=land_border,
        after=after,
        limit=limit,
    )


Wanted = Annotated[RecordFilter, Depends(record_filter)]


@router.get(
    "/incidents",
    summary="Incidents (GeoJSON), a page at a time",
    responses=answers("incidents", 422),
)
def incidents(
    request: Request,
    connection: Database,
    wanted: Wanted,
    kinds: Annotated[tuple[str, ...], Depends(incident_kinds)],
) -> Response:
    """By id; `next` is the address of the next page. Narratives are not in lists."""
    return _page(request, connection, "incident", replace(wanted, kinds=kinds))


@router.get(
    "/outreach-events",
    summary="Outreach events (GeoJSON), a page at a time",
    responses=answers("outreach_events", 422),
)
def outreach_events(
    request: Request,
    connection: Database,
    wanted: Wanted,
    kind: Annotated[list[str] | None, Query(description="Kinds of event")] = None,
) -> Response:
    """By id; `next` is the address of the next page."""
    known = code_list("outreach_kind")
    if unknown := sorted(set(kind or ()) - set(known)):
        raise InputError(
            "kind.unknown",
            f"Không có loại hoạt động {', '.join(unknown)}. Các loại: {', '.join(known)}.",
            f"There is no kind of event {', '.join(unknown)}. Kinds: {', '.join(known)}.",
        )
    return _page(request, connection, "outreach_event", replace(wanted, kinds=tuple(kind or ())))


@router.get(
    "/networks",
    summary="Networks (GeoJSON): places as points, legs as lines",
    responses=answers("networks"),
)
def networks(request: Request, connection: Database) -> Response:
    """`feature` is node or leg; legs run in the direction in which people were moved."""
    return tagged(request, reading.list_networks(connection))


@router.get(
    "/incidents/{identifier}",
    summary="One incident, with its narrative",
    responses=answers("incident", 404, 422),
)
def incident(request: Request, connection: Database, identifier: UUID) -> Response:
    """As stored, with its version."""
    return tagged(request, reading.get_record(connection, "incident", identifier))


@router.get(
    "/outreach-events/{identifier}",
    summary="One outreach event",
    responses=answers("outreach_event", 404, 422),
)
def outreach_event(request: Request, connection: Database, identifier: UUID) -> Response:
    """As stored, with its version."""
    return tagged(request, reading.get_record(connection, "outreach_event", identifier))


@router.get(
    "/networks/{identifier}",
    summary="One network, with its places and legs",
    responses=answers("network", 404, 422),
)
def network(request: Request, connection: Database, identifier: UUID) -> Response:
    """As stored, with its version; places are features, legs name them by their sequence."""
    return tagged(request, reading.get_network(connection, identifier))


def _page(
    request: Request, connection: Database, record_type: str, wanted: RecordFilter
) -> Response:
    features = reading.list_records(connection, record_type, wanted)
    content: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if len(features) == wanted.limit:
        query = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
        following = urlencode([*query, ("after", features[-1]["id"])])
        content["next"] = f"{request.url.path}?{following}"
    return json_response(content, Cache_Control="no-cache")
