"""Places of records to be looked at again, and marking them as checked.

Officers, planners and leaders see those in the units of their account: what one can mend.
"""

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.actors import ActingDatabase, require_role
from api.dependencies import Edition, Level, check_level, get_engine, json_response
from api.documentation import answers
from api.reading_audit import noted
from geo.errors import AccessError
from geo.store import units
from geo.store.actors import Actor
from geo.store.database import acting
from geo.store.place_reviews import (
    PlacedType,
    PlaceKey,
    Reason,
    ReviewFilter,
    check_place,
    list_reviews,
)

router = APIRouter(prefix="/place-reviews", tags=["places"])
Reviewer = Annotated[Actor, Depends(require_role("officer", "planner", "leader"))]
Sequence = Annotated[int, Query(ge=0, le=32_767, description="Place of a network, else 0")]
MOST_IN_A_PAGE = 1_000


def review_filter(
    connection: ActingDatabase,
    reason: Annotated[list[Reason] | None, Query(description="Any of these; all if none")] = None,
    record_type: Annotated[list[PlacedType] | None, Query()] = None,
    edition: Edition = "2025",
    level: Level = "commune",
    unit: Annotated[str | None, Query(pattern="^[0-9]{2,5}$", description="Code")] = None,
    checked: Annotated[bool, Query(description="Those that were checked already")] = False,
    after_type: Annotated[PlacedType | None, Query(description="Last of the page before")] = None,
    after: Annotated[UUID | None, Query(description="Last record of the page before")] = None,
    after_sequence: Sequence = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_IN_A_PAGE)] = 100,
) -> ReviewFilter:
    """Which places to list."""
    check_level(edition, level)
    if unit:
        units.require_unit(connection, edition, level, unit)
    return ReviewFilter(
        reasons=tuple(reason or ()),
        record_types=tuple(record_type or ()),
        unit=(edition, level, unit) if unit else None,
        checked=checked,
        after=PlaceKey(after_type, after, after_sequence) if after_type and after else None,
        limit=limit,
    )


@router.get(
    "",
    summary="Places of records to be looked at again (GeoJSON), a page at a time",
    responses=answers("place_reviews", 401, 403, 422),
)
def reviews(
    request: Request,
    connection: ActingDatabase,
    actor: Reviewer,
    wanted: Annotated[ReviewFilter, Depends(review_filter)],
) -> Response:
    """`differs`: text and point name different units; `coarse`: known by district or wider, or to
    more than 5 km; `moved`: a swap of boundaries gave it other units. `next` is the next page.
    """
    found = list_reviews(connection, actor, wanted)
    content: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [_feature(row) for row in found],
    }
    if len(found) == wanted.limit:
        last = found[-1]
        ours = {"after_type", "after", "after_sequence"}
        query = [(k, v) for k, v in request.query_params.multi_items() if k not in ours]
        following = [
            ("after_type", last["record_type"]),
            ("after", last["record_id"]),
            ("after_sequence", last["sequence"]),
        ]
        content["next"] = f"{request.url.path}?{urlencode([*query, *following])}"
    answer = json_response(content, Cache_Control="no-store")
    return noted(connection, answer, [(row["record_type"], row["record_id"]) for row in found])


@router.put(
    "/{record_type}/{identifier}",
    summary="Mark a place as checked: it is right as it stands",
    responses=answers("place_check", 401, 403, 404, 409, 422),
)
def mark_checked(
    request: Request,
    actor: Reviewer,
    record_type: PlacedType,
    identifier: UUID,
    place_digest: Annotated[
        str, Query(pattern="^[0-9a-f]{32}$", description="Of the place as it was listed")
    ],
    sequence: Sequence = 0,
) -> Response:
    """It leaves the list until its place changes or boundaries move it again; 409 if it just did.

    Kept with the account and the time. Planners check outreach events only.
    """
    if actor.role == "planner" and record_type not in {"outreach_event", "prevention_model"}:
        raise AccessError(
            "access.role",
            "Vai trò của tài khoản này không được làm việc này.",
            "The role of this account may not do this.",
            role=actor.role,
            allowed=("officer", "leader"),
        )
    with acting(get_engine(request), actor.account_id) as connection:
        key = PlaceKey(record_type, identifier, sequence)
        checked_at = check_place(connection, key, place_digest, actor.username)
    content = {"checked_at": checked_at, "checked_by": actor.username}
    return json_response(content, Cache_Control="no-store")


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    place = [row.pop("longitude"), row.pop("latitude")]
    key = (row["record_type"], row["record_id"], row["sequence"])
    return {
        "type": "Feature",
        "id": "/".join(map(str, key)),
        "geometry": None if place[0] is None else {"type": "Point", "coordinates": place},
        "properties": row,
    }
