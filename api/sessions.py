"""Signing in, who is signed in, signing out."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.actors import (
    SignedIn,
    cookie_name,
    csrf_token,
    foreign,
    says_foreign,
    session_token,
    signed_in_here,
)
from api.dependencies import get_engine, json_response
from api.documentation import answers, problems_of
from geo.errors import SignInError
from geo.store.actors import Actor, actor_of_session
from geo.store.database import transaction
from geo.store.passwords import LONGEST
from geo.store.sessions import SESSION_LIFE, Attempt, sign_in, sign_out

router = APIRouter(prefix="/session", tags=["session"])


class Credentials(BaseModel):
    """Name and password."""

    username: str = Field(max_length=200, examples=["demo-officer"])
    password: str = Field(max_length=LONGEST, json_schema_extra={"format": "password"})


@router.post(
    "",
    status_code=201,
    summary="Sign in",
    responses=answers("session", 400, 401, 403, 422, 429, status=201),
)
def create(request: Request, credentials: Credentials) -> Response:
    """Sets the session's cookie. At most ten wrong guesses in 15 minutes from one address."""
    # Else another site could sign a browser in as somebody who reads what is entered then.
    if says_foreign(request):
        raise foreign()
    engine = get_engine(request)
    address = request.client.host if request.client else ""
    token = sign_in(engine, Attempt(credentials.username, credentials.password, address))
    with transaction(engine) as connection:
        # Whoever was signed in before with this browser no longer is.
        sign_out(connection, session_token(request) or "")
        actor = actor_of_session(connection, token)
    if actor is None:
        raise SignInError(
            "sign_in.needed",
            "Tài khoản vừa bị khóa. Hãy hỏi quản trị viên.",
            "The account was disabled just now. Ask the administrator.",
        )
    response = json_response(_described(actor, token), Cache_Control="no-store")
    response.status_code = 201
    response.set_cookie(value=token, max_age=int(SESSION_LIFE.total_seconds()), **_cookie(request))
    return response


@router.get("", summary="Who is signed in", responses=answers("session", 401))
def show(request: Request, actor: SignedIn) -> Response:
    """`csrf_token` is for the header X-CSRF-Token; it is null where a bearer token was used."""
    token = session_token(request) if actor.found_by == "cookie" else None
    return json_response(_described(actor, token), Cache_Control="no-store")


@router.delete("", status_code=204, summary="Sign out", responses=problems_of(401, 403))
def remove(request: Request, _actor: Annotated[Actor, Depends(signed_in_here)]) -> Response:
    """The session ends at once, for whoever holds its cookie."""
    with transaction(get_engine(request)) as connection:
        sign_out(connection, session_token(request) or "")
    response = Response(status_code=204)
    response.delete_cookie(**_cookie(request))
    return response


def _cookie(request: Request) -> dict[str, Any]:
    return {
        "key": cookie_name(request),
        "path": "/",
        "httponly": True,
        "samesite": "lax",
        "secure": request.url.scheme == "https",
    }


def _described(actor: Actor, session: str | None) -> dict[str, Any]:
    return {
        "username": actor.username,
        "display_name": actor.display_name,
        "role": actor.role,
        "jurisdictions": actor.jurisdictions,
        "found_by": actor.found_by,
        "scopes": sorted(actor.scopes),
        "csrf_token": csrf_token(session) if session else None,
    }
