"""Vector tiles of boundaries."""

from fastapi import APIRouter
from starlette.responses import Response

from api.dependencies import FOREVER, Database, Edition, Level
from api.documentation import problems_of
from geo.store.tiles import boundary_tile

router = APIRouter(tags=["tiles"])
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"


@router.get(
    "/tiles/{edition}/{level}/{fingerprint}/{z}/{x}/{y}.mvt",
    summary="Units of a layer as a Mapbox vector tile",
    response_class=Response,
    responses=problems_of(404, 422) | {200: {"content": {MEDIA_TYPE: {}}}},
)
def tile(
    connection: Database, edition: Edition, level: Level, fingerprint: str, z: int, x: int, y: int
) -> Response:
    """The address names the layer's fingerprint, so the answer holds for ever."""
    content = boundary_tile(connection, edition, level, fingerprint, (z, x, y))
    return Response(content, media_type=MEDIA_TYPE, headers={"Cache-Control": FOREVER})
