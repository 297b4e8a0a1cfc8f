"""Province packs: what the entry pages keep on a device to work without a network."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from api.actors import find_actor
from api.dependencies import Database, tagged
from api.documentation import answers
from geo.store import packs
from geo.store.actors import Actor

router = APIRouter(prefix="/packs", tags=["packs"])


@router.get("", summary="Provinces of which there are packs", responses=answers("packs"))
def find(
    request: Request, connection: Database, actor: Annotated[Actor | None, Depends(find_actor)]
) -> Response:
    """`own` says whether a unit of the account lies there; for a stranger none does."""
    own = actor.jurisdictions if actor else ()
    return tagged(request, packs.provinces(connection, own), cache="private, no-cache")


@router.get(
    "/{province}",
    summary="What a device needs of a province to find places without a network",
    responses=answers("pack", 404, 422),
)
def pack(
    request: Request,
    connection: Database,
    province: Annotated[str, Path(pattern="^[0-9]{2}$", examples=["40"])],
) -> Response:
    """Units of both editions, gates, code lists, and outlines of communes simplified to 75 m.

    A ring is one list of whole numbers: the first corner, then the step to each next one, counted
    in parts of a degree (`steps_per_degree`), longitude before latitude.
    """
    return tagged(request, packs.province_pack(connection, province))
