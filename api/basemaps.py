"""Tiles of basemaps whose archives are on this machine; those of other hosts browsers ask there."""

import base64
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.dependencies import FOREVER, get_engine
from api.documentation import Responses, problems_of
from geo.importers.tile_archives import archive_tile
from geo.store.basemaps import basemap_files, get_archive
from geo.store.database import transaction
from layers.rasters import require_tile

router = APIRouter(prefix="/basemaps", tags=["basemaps"])
# One transparent pixel, for tiles that an archive leaves out, such as open sea.
NOTHING = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII="
)
PICTURE: Responses = {
    200: {
        "description": "A picture of 256 x 256, Web Mercator",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in ("image/png", "image/jpeg", "image/webp")
        },
    }
}


@router.get(
    "/{identifier}/tiles/{z}/{x}/{y}",
    summary="A tile of a basemap",
    response_class=Response,
    responses=problems_of(404, 422) | PICTURE,
)
def tile(request: Request, identifier: UUID, z: int, x: int, y: int) -> Response:
    """For everybody; transparent where there is none. What an address holds never changes."""
    require_tile((z, x, y))
    with transaction(get_engine(request)) as connection:
        row = get_archive(connection, identifier)
    tag = f'"{row.fingerprint}"'
    headers = {"ETag": tag, "Cache-Control": FOREVER}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    path = basemap_files(request.app.state.settings.basemap_directory).path(identifier)
    content = archive_tile(path, (z, x, y))
    media_type = "image/png" if content is None else row.media_type
    return Response(NOTHING if content is None else content, media_type=media_type, headers=headers)
