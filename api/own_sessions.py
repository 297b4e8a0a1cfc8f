"""The sessions of whoever asks: where he is signed in, and ending one of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.actors import signed_in_here
from api.dependencies import get_engine, json_response
from api.documentation import answers, problems_of
from geo.store.actors import Actor
from geo.store.database import transaction
from geo.store.sessions import SESSION_LIFE, SESSION_REST, end_session, list_sessions

router = APIRouter(prefix="/sessions", tags=["session"])
Owner = Annotated[Actor, Depends(signed_in_here)]


@router.get("", summary="Where you are signed in", responses=answers("sessions", 401, 403))
def listing(request: Request, actor: Owner) -> Response:
    """A session ends `life_hours` after it began, or when it rested for `rest_minutes`."""
    with transaction(get_engine(request)) as connection:
        found = list_sessions(connection, actor)
    content = {
        "life_hours": SESSION_LIFE.total_seconds() / 3600,
        "rest_minutes": SESSION_REST.total_seconds() / 60,
        "sessions": found,
    }
    return json_response(content, Cache_Control="no-store")


@router.delete(
    "/{identifier}",
    status_code=204,
    summary="End one of your sessions",
    responses=problems_of(401, 403, 404, 422),
)
def remove(request: Request, actor: Owner, identifier: UUID) -> Response:
    """Its browser is out with its next request."""
    with transaction(get_engine(request)) as connection:
        end_session(connection, actor.account_id, identifier)
    return Response(status_code=204)
