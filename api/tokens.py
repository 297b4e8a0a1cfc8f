"""Personal access tokens, for programs that act for a person."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.actors import SignedIn, recently_signed_in, signed_in_here
from api.dependencies import get_engine, json_response
from api.documentation import answers, problems_of
from geo.store import tokens as store
from geo.store.actors import Actor, Scope
from geo.store.database import acting

router = APIRouter(prefix="/tokens", tags=["session"])
Owner = Annotated[Actor, Depends(signed_in_here)]


class TokenRequest(BaseModel):
    """What to call the token, what it may do, and for how long."""

    name: str = Field(min_length=1, max_length=100, examples=["máy trạm Môn Sơn"])
    scopes: list[Scope] = Field(default=["read"], min_length=1, max_length=2)
    days: int = Field(default=90, ge=1, le=366)


@router.get("", summary="Your tokens that still work", responses=answers("tokens", 401, 403))
def listing(request: Request, actor: SignedIn) -> Response:
    """Without the tokens themselves, which nobody can read again."""
    with acting(get_engine(request), actor.account_id) as connection:
        found = store.list_tokens(connection, actor.account_id)
    return json_response(found, Cache_Control="no-store")


@router.post(
    "",
    status_code=201,
    summary="Make a token",
    responses=answers("token_made", 400, 401, 403, 422, status=201),
)
def create(
    request: Request, actor: Annotated[Actor, Depends(recently_signed_in)], wanted: TokenRequest
) -> Response:
    """`token` is shown this once. It has the role and the units of the account.

    Needs a sign-in or a confirmation within the last five minutes.
    """
    new = store.NewToken(wanted.name, tuple(wanted.scopes), timedelta(days=wanted.days))
    with acting(get_engine(request), actor.account_id) as connection:
        described, token = store.create_token(connection, actor.account_id, new)
    response = json_response(described | {"token": token}, Cache_Control="no-store")
    response.status_code = 201
    return response


@router.delete(
    "/{identifier}",
    status_code=204,
    summary="Revoke a token",
    responses=problems_of(401, 403, 404, 422),
)
def remove(request: Request, actor: Owner, identifier: UUID) -> Response:
    """It ends at once."""
    with acting(get_engine(request), actor.account_id) as connection:
        store.revoke_token(connection, actor.account_id, identifier)
    return Response(status_code=204)
