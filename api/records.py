"""Incidents, outreach events and networks as GeoJSON, for whoever is signed in.

Which of them somebody sees is decided by the database, by the units of the account.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.actors import ActingDatabase, SignedIn
from api.dependencies import (
    Bands,
    Edition,
    First,
    Last,
    Level,
    Neighbours,
    box,
    check_level,
    incident_kinds,
    known_codes,
    period,
    tagged,
)
from api.documentation import answers
from api.reading_audit import noted
from geo.store import reading, units
from geo.store.actors import Actor
from geo.store.reading import RecordFilter

router = APIRouter(tags=["records"])
MOST_IN_A_PAGE = 10_000


def record_filter(
    connection: ActingDatabase,
    box: Annotated[tuple[float, float, float, float] | None, Depends(box)],
    first: First = None,
    last: Last = None,
    edition: Edition = "2025",
    level: Level = "commune",
    unit: Annotated[str | None, Query(pattern="^[0-9]{2,5}$", description="Code")] = None,
    land_border: bool | None = None,
    border_band: Bands = None,
    neighbour: Neighbours = None,
    after: Annotated[UUID | None, Query(description="Last id of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_IN_A_PAGE)] = 1_000,
) -> RecordFilter:
    """Which records to list."""
    check_level(edition, level)
    days = period(first, last)
    if unit:
        units.require_unit(connection, edition, level, unit)
    return RecordFilter(
        first=days.first if first else None,
        last=days.last if last else None,
        box=box,
        unit=(edition, level, unit) if unit else None,
        land_border=land_border,
        border_bands=tuple(border_band or ()),
        neighbours=tuple(neighbour or ()),
        after=after,
        limit=limit,
    )


Wanted = Annotated[RecordFilter, Depends(record_filter)]


@router.get(
    "/incidents",
    summary="Incidents (GeoJSON), a page at a time",
    responses=answers("incidents", 401, 422),
)
def incidents(
    request: Request,
    actor: SignedIn,
    connection: ActingDatabase,
    wanted: Wanted,
    kinds: Annotated[tuple[str, ...], Depends(incident_kinds)],
) -> Response:
    """By id; `next` is the address of the next page. Narratives are not in lists."""
    features = reading.list_records(connection, "incident", replace(wanted, kinds=kinds))
    read = _ids(features)
    page = _collection(request, actor, (features, read), wanted.limit)
    return noted(connection, page, [("incident", identifier) for identifier in read])


@router.get(
    "/outreach-events",
    summary="Outreach events (GeoJSON), a page at a time",
    responses=answers("outreach_events", 401, 422),
)
def outreach_events(
    request: Request,
    actor: SignedIn,
    connection: ActingDatabase,
    wanted: Wanted,
    kind: Annotated[list[str] | None, Query(description="Kinds of event")] = None,
    prevention_model: Annotated[UUID | None, Query(description="Id of who held them")] = None,
) -> Response:
    """By id; `next` is the address of the next page."""
    kinds = known_codes("outreach_kind", kind, ("loại hoạt động", "kind of event"))
    asked = replace(wanted, kinds=kinds, held_by=prevention_model)
    features = reading.list_records(connection, "outreach_event", asked)
    return _collection(request, actor, (features, _ids(features)), wanted.limit)


@router.get(
    "/prevention-models",
    summary="Clubs and models of prevention (GeoJSON), a page at a time",
    responses=answers("prevention_models", 401, 422),
)
def prevention_models(
    request: Request,
    actor: SignedIn,
    connection: ActingDatabase,
    wanted: Wanted,
    kind: Annotated[list[str] | None, Query(description="Kinds of model")] = None,
    state: Annotated[Literal["active", "ended"] | None, Query()] = None,
) -> Response:
    """By id; the period asks for those that existed on any day of it. `next` is the next page."""
    kinds = known_codes("prevention_model", kind, ("mô hình", "kind of model"))
    asked = replace(wanted, kinds=kinds, state=state)
    features = reading.list_records(connection, "prevention_model", asked)
    return _collection(request, actor, (features, _ids(features)), wanted.limit)


@router.get(
    "/networks",
    summary="Networks (GeoJSON): places as points, legs as lines, a page at a time",
    responses=answers("networks", 401, 422),
)
def networks(
    request: Request,
    actor: SignedIn,
    connection: ActingDatabase,
    wanted: Wanted,
    scope: Annotated[list[str] | None, Query(description="Scopes of network")] = None,
) -> Response:
    """`feature` is node or leg; legs run in the direction in which people were moved.

    By id, each network whole; `limit` counts networks. The period is asked of the day on which they
    were dismantled; `bbox`, `unit`, `border_band` and `neighbour` of any of their places.
    """
    scopes = known_codes("network_scope", scope, ("phạm vi", "scope"))
    asked = replace(wanted, kinds=scopes)
    features, read = reading.list_networks(connection, asked)
    page = _collection(request, actor, (features, read), wanted.limit)
    return noted(connection, page, [("network", identifier) for identifier in read])


@router.get(
    "/incidents/{identifier}",
    summary="One incident, with its narrative",
    responses=answers("incident", 401, 404, 422),
)
def incident(
    request: Request, actor: SignedIn, connection: ActingDatabase, identifier: UUID
) -> Response:
    """As stored, with its version. The narrative is null for planners and administrators."""
    found = reading.get_record(connection, "incident", identifier)
    answer = tagged(request, found, audience=actor.account_id)
    return noted(connection, answer, [("incident", identifier)])


@router.get(
    "/outreach-events/{identifier}",
    summary="One outreach event",
    responses=answers("outreach_event", 401, 404, 422),
)
def outreach_event(
    request: Request, actor: SignedIn, connection: ActingDatabase, identifier: UUID
) -> Response:
    """As stored, with its version."""
    found = reading.get_record(connection, "outreach_event", identifier)
    return tagged(request, found, audience=actor.account_id)


@router.get(
    "/prevention-models/{identifier}",
    summary="One club or model of prevention",
    responses=answers("prevention_model", 401, 404, 422),
)
def prevention_model(
    request: Request, actor: SignedIn, connection: ActingDatabase, identifier: UUID
) -> Response:
    """As stored, with its version; its events: /outreach-events?prevention_model=ID."""
    found = reading.get_record(connection, "prevention_model", identifier)
    return tagged(request, found, audience=actor.account_id)


@router.get(
    "/networks/{identifier}",
    summary="One network, with its places and legs",
    responses=answers("network", 401, 404, 422),
)
def network(
    request: Request, actor: SignedIn, connection: ActingDatabase, identifier: UUID
) -> Response:
    """As stored, with its version; places are features, legs name them by their sequence."""
    found = reading.get_network(connection, identifier)
    answer = tagged(request, found, audience=actor.account_id)
    return noted(connection, answer, [("network", identifier)])


def _ids(features: list[dict[str, Any]]) -> list[Any]:
    return [feature["id"] for feature in features]


def _collection(
    request: Request, actor: Actor, page: tuple[list[dict[str, Any]], Sequence[Any]], limit: int
) -> Response:
    """A page of features and their records' ids, with the next address where more may follow."""
    features, identifiers = page
    content: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if len(identifiers) == limit:
        query = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
        following = urlencode([*query, ("after", identifiers[-1])])
        content["next"] = f"{request.url.path}?{following}"
    return tagged(request, content, audience=actor.account_id)
