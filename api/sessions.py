"""Signing in, who is signed in, signing out."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.actors import (
    Enrolling,
    Known,
    cookie_name,
    csrf_token,
    foreign,
    says_foreign,
    session_token,
)
from api.dependencies import get_engine, get_seal, json_response
from api.documentation import answers, problems_of
from geo.errors import SignInError
from geo.store.accounts import agency_of
from geo.store.actors import Actor, actor_of_session
from geo.store.database import transaction
from geo.store.passwords import LONGEST
from geo.store.second_factors import LONGEST_CODE
from geo.store.sessions import (
    LONGEST_CLIENT,
    SESSION_LIFE,
    Attempt,
    change_password,
    confirm,
    sign_in,
    sign_out,
)

router = APIRouter(prefix="/session", tags=["session"])


class Proof(BaseModel):
    """The password, and the one-time code where the account has a second factor."""

    password: str = Field(max_length=LONGEST, json_schema_extra={"format": "password"})
    code: str = Field(default="", max_length=LONGEST_CODE, examples=["123456"])


class Credentials(Proof):
    """Name, password and code."""

    username: str = Field(max_length=200, examples=["demo-officer"])


class NewPassword(BaseModel):
    """The password that holds, and the one that shall."""

    old: str = Field(max_length=LONGEST, json_schema_extra={"format": "password"})
    new: str = Field(min_length=1, max_length=LONGEST, json_schema_extra={"format": "password"})


@router.post(
    "",
    status_code=201,
    summary="Sign in",
    responses=answers("session", 400, 401, 403, 422, 429, status=201),
)
def create(request: Request, credentials: Credentials) -> Response:
    """Sets the session's cookie. Wrong guesses are limited by account, by address and by both.

    The code `sign_in.code_needed` of a refusal says that all but the one-time code was right.
    """
    # Else another site could sign a browser in as somebody who reads what is entered then.
    if says_foreign(request):
        raise foreign()
    engine = get_engine(request)
    token = sign_in(engine, _attempt(request, credentials.username, credentials), get_seal(request))
    with transaction(engine) as connection:
        # Whoever was signed in before with this browser no longer is.
        sign_out(connection, session_token(request) or "")
        actor = actor_of_session(connection, token)
        agency = agency_of(connection, actor.account_id) if actor else None
    if actor is None:
        raise SignInError(
            "sign_in.needed",
            "Tài khoản vừa bị khóa. Hãy hỏi quản trị viên.",
            "The account was disabled just now. Ask the administrator.",
        )
    response = json_response(_described(actor, agency, token), Cache_Control="no-store")
    response.status_code = 201
    set_session(request, response, token)
    return response


@router.post(
    "/confirmation",
    status_code=204,
    summary="Prove again who you are",
    responses=problems_of(400, 401, 403, 422, 429),
)
def confirmation(request: Request, actor: Enrolling, proof: Proof) -> Response:
    """For five minutes the session may do what needs a recent sign-in."""
    attempt = _attempt(request, actor.username, proof)
    confirm(get_engine(request), actor, attempt, get_seal(request))
    return Response(status_code=204)


@router.put(
    "/password",
    status_code=204,
    summary="Change your password",
    responses=problems_of(400, 401, 403, 422, 429),
)
def password(request: Request, actor: Enrolling, wanted: NewPassword) -> Response:
    """All other sessions and all tokens of the account end."""
    attempt = _attempt(request, actor.username, Proof(password=wanted.old))
    change_password(get_engine(request), actor, attempt, wanted.new)
    return Response(status_code=204)


@router.get("", summary="Who is signed in", responses=answers("session", 401, 403))
def show(request: Request, actor: Known) -> Response:
    """`csrf_token` is for the header X-CSRF-Token; it is null where a bearer token was used."""
    token = session_token(request) if actor.found_by == "cookie" else None
    with transaction(get_engine(request)) as connection:
        agency = agency_of(connection, actor.account_id)
    return json_response(_described(actor, agency, token), Cache_Control="no-store")


@router.delete("", status_code=204, summary="Sign out", responses=problems_of(401, 403))
def remove(request: Request, _actor: Enrolling) -> Response:
    """The session ends at once, for whoever holds its cookie."""
    with transaction(get_engine(request)) as connection:
        sign_out(connection, session_token(request) or "")
    response = Response(status_code=204)
    response.delete_cookie(**_cookie(request))
    return response


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser the cookie of its new session."""
    response.set_cookie(value=token, max_age=int(SESSION_LIFE.total_seconds()), **_cookie(request))


def visitor_of(request: Request) -> tuple[str, str]:
    """Address and browser of whoever asks, as lists of sessions show them."""
    address = request.client.host if request.client else ""
    return address, request.headers.get("user-agent", "")[:LONGEST_CLIENT]


def _attempt(request: Request, username: str, proof: Proof) -> Attempt:
    address, client = visitor_of(request)
    return Attempt(username, proof.password, address, proof.code, client)


def _cookie(request: Request) -> dict[str, Any]:
    return {
        "key": cookie_name(request),
        "path": "/",
        "httponly": True,
        "samesite": "lax",
        "secure": request.url.scheme == "https",
    }


def _described(actor: Actor, agency: str | None, session: str | None) -> dict[str, Any]:
    return {
        "username": actor.username,
        "display_name": actor.display_name,
        "role": actor.role,
        "agency": agency,
        "jurisdictions": actor.jurisdictions,
        "found_by": actor.found_by,
        "scopes": sorted(actor.scopes),
        "opened_by": actor.opened_by,
        "must_enrol": actor.must_enrol,
        "csrf_token": csrf_token(session) if session else None,
    }
