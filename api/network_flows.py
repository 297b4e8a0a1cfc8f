"""Dismantled networks laid over each other, for whoever may read them one by one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.actors import ActingDatabase, SignedIn
from api.dependencies import Edition, First, Last, Level, check_level, known_codes, period, tagged
from api.documentation import answers
from api.reading_audit import noted
from geo import pipeline

router = APIRouter(tags=["records"])


@router.get(
    "/network-flows",
    summary="Networks laid over each other: flows (GeoJSON lines), routes, crossings, hubs",
    responses=answers("network_flows", 401, 404, 422),
)
def network_flows(
    request: Request,
    actor: SignedIn,
    connection: ActingDatabase,
    first: First = None,
    last: Last = None,
    edition: Edition = "2025",
    level: Level = "province",
    scope: Annotated[list[str] | None, Query(description="Scopes of network")] = None,
) -> Response:
    """Of the networks that the account may read, by the day on which they were dismantled.

    Places are merged by unit of the level, abroad by country. Flows count networks and legs;
    `networks` names all that were counted.
    """
    check_level(edition, level)
    days = period(first, last)
    scopes = known_codes("network_scope", scope, ("phạm vi", "scope"))
    wanted = pipeline.FlowFilter(
        edition, level, days.first if first else None, days.last if last else None, scopes
    )
    found = pipeline.network_flows(connection, wanted)
    answer = tagged(request, pipeline.as_geojson(found), audience=actor.account_id)
    return noted(connection, answer, [("network", identifier) for identifier in found.cases])
