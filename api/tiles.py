"""Vector tiles of boundaries."""

from fastapi import APIRouter
from starlette.responses import Response

from api.dependencies import FOREVER, Database, Edition, Level
from api.documentation import problems_of
from geo.store.tiles import boundary_tile

router = APIRouter(tags=["tiles"])
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"


@router.get(
    "/tiles/{edition}/{level}/{key}/{z}/{x}/{y}.mvt",
    summary="Units of a layer as a Mapbox vector tile",
    response_class=Response,
    responses=problems_of(404, 422) | {200: {"content": {MEDIA_TYPE: {}}}},
)
def tile(
    connection: Database, edition: Edition, level: Level, key: str, z: int, x: int, y: int
) -> Response:
    """`key` is the `tiles` that `/editions` gives for the layer: with it the answer holds for ever.

    With the key of other days, or the layer's fingerprint alone, it may change and is not kept.
    """
    content, is_current = boundary_tile(connection, edition, level, key, (z, x, y))
    cache = FOREVER if is_current else "no-store"
    return Response(content, media_type=MEDIA_TYPE, headers={"Cache-Control": cache})
