"""The second factor of whoever asks: one-time codes beside the password."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.actors import Enrolling, enrolling_recently
from api.dependencies import get_engine, get_seal, json_response
from api.documentation import answers, problems_of
from geo.store import second_factors as store
from geo.store.actors import Actor
from geo.store.database import transaction

router = APIRouter(prefix="/second-factor", tags=["session"])
Recent = Annotated[Actor, Depends(enrolling_recently)]


class Code(BaseModel):
    """The code that the telephone shows."""

    code: str = Field(min_length=1, max_length=store.LONGEST_CODE, examples=["123456"])


@router.get("", summary="Your second factor", responses=answers("second_factor", 401, 403))
def show(request: Request, actor: Enrolling) -> Response:
    """Whether there is one, and whether there must be."""
    with transaction(get_engine(request)) as connection:
        standing = store.standing_of(connection, actor.account_id)
    return json_response(asdict(standing), Cache_Control="no-store")


@router.post(
    "",
    status_code=201,
    summary="Begin a second factor, or one on another telephone",
    responses=answers("second_factor_offer", 401, 403, status=201),
)
def create(request: Request, actor: Recent) -> Response:
    """The secret counts once a code of it was confirmed; it is shown this once.

    All that changes needs a sign-in or a confirmation within the last five minutes.
    """
    with transaction(get_engine(request)) as connection:
        offer = store.offer_secret(connection, actor, get_seal(request))
    return _made(asdict(offer))


@router.post(
    "/confirmation",
    status_code=201,
    summary="Confirm it with a code",
    responses=answers("recovery_codes", 400, 401, 403, 422, status=201),
)
def confirmation(request: Request, actor: Recent, typed: Code) -> Response:
    """Recovery codes, shown this once. The account's other sessions end."""
    with transaction(get_engine(request)) as connection:
        codes = store.confirm_secret(connection, actor, typed.code, get_seal(request))
    return _made({"recovery_codes": codes})


@router.post(
    "/recovery-codes",
    status_code=201,
    summary="Make new recovery codes",
    responses=answers("recovery_codes", 401, 403, 422, status=201),
)
def recovery_codes(request: Request, actor: Recent) -> Response:
    """The codes before open no more."""
    with transaction(get_engine(request)) as connection:
        codes = store.new_recovery_codes(connection, actor.account_id)
    return _made({"recovery_codes": codes})


@router.delete("", status_code=204, summary="Turn it off", responses=problems_of(401, 403))
def remove(request: Request, actor: Recent) -> Response:
    """Refused where the administrator requires it."""
    with transaction(get_engine(request)) as connection:
        store.turn_off(connection, actor.account_id)
    return Response(status_code=204)


def _made(content: object) -> Response:
    response = json_response(content, Cache_Control="no-store")
    response.status_code = 201
    return response
