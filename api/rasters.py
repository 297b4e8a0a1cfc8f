"""Raster layers: brought by administrators, drawn as tiles, and told by unit."""

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.actors import find_actor, require_role
from api.dependencies import FOREVER, get_engine, json_response, tagged, taking_turn
from api.disclosure import PRIVATE
from api.documentation import Responses, answers, problems_of
from api.imports import file_name_of
from geo import pipeline
from geo.errors import InputError
from geo.store import rasters as store
from geo.store.actors import Actor
from geo.store.database import acting
from geo.store.tables.rasters import AUDIENCES, STYLES
from geo.store.units import require_unit
from layers.rasters import require_tile

router = APIRouter(prefix="/raster-layers", tags=["raster layers"])
Keeper = Annotated[Actor, Depends(require_role("administrator"))]
Reader = Annotated[Actor | None, Depends(find_actor)]
# An import takes a core for up to minutes; a tile takes one for some hundredths of a second.
MOST_AT_ONCE, LONGEST_WAIT = 1, 20
MOST_TILES_AT_ONCE, LONGEST_WAIT_FOR_TILE = 4, 10
BUSY = (
    "rasters.busy",
    "Máy chủ đang nạp một lớp ảnh khác. Hãy thử lại sau vài phút.",
    "The server is busy with another raster. Try again in some minutes.",
)
TILES_BUSY = (
    "raster.tiles_busy",
    "Máy chủ đang vẽ nhiều ô ảnh. Hãy thử lại sau nửa phút.",
    "The server is drawing many tiles. Try again in half a minute.",
)
TEXTS = ("name", "title_vi", "title_en", "unit", "crs", "style", "audience")
PNG: Responses = {
    200: {
        "description": "PNG, 256 x 256, Web Mercator",
        "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def _text(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "name", "title_vi", "title_en"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "GeoTIFF"},
                        "name": _text("Short name", pattern="^[a-z][a-z0-9-]{0,39}$"),
                        "title_vi": _text("On the map", minLength=1, maxLength=120),
                        "title_en": _text("On the map", minLength=1, maxLength=120),
                        "style": _text(
                            "How it is drawn",
                            enum=["elevation", "population", "sequential", "imagery"],
                            default="sequential",
                        ),
                        "unit": _text("Of its values", maxLength=30, example="m"),
                        "audience": _text(
                            "Who may see it", enum=["everyone", "signed-in"], default="signed-in"
                        ),
                        "crs": _text("In place of what the file states", example="EPSG:3405"),
                    },
                }
            }
        },
    }
}


class SentRaster(BaseModel, arbitrary_types_allowed=True):
    """What a form brought."""

    file: UploadFile
    texts: dict[str, str]


async def sent_raster(request: Request, _actor: Keeper) -> SentRaster:
    """The form; who may not send one is refused before it is read.

    Raises:
        InputError: it is no form with one file and these texts.
    """
    try:
        form = await request.form(max_files=1, max_fields=len(TEXTS), max_part_size=2**12)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        raise _no_form() from error
    file = form.get("file")
    texts = {name: value for name, value in form.multi_items() if name != "file"}
    words = {name: value for name, value in texts.items() if isinstance(value, str)}
    is_whole = {"name", "title_vi", "title_en"} <= words.keys() <= set(TEXTS)
    if not isinstance(file, UploadFile) or words.keys() != texts.keys() or not is_whole:
        raise _no_form()
    for name, choices in (("style", STYLES), ("audience", AUDIENCES)):
        if name in words and words[name] not in choices:
            raise InputError(
                "raster.choice",
                f"{name} phải là một trong: {', '.join(choices)}.",
                f"{name} must be one of: {', '.join(choices)}.",
                field=name,
            )
    return SentRaster(file=file, texts=words)


def _no_form() -> InputError:
    return InputError(
        "raster.form",
        "Hãy gửi biểu mẫu multipart/form-data với một tệp “file” và các phần name, title_vi,"
        " title_en; có thể thêm style, unit, audience, crs.",
        "Send a multipart/form-data form with one file “file” and the parts name, title_vi,"
        " title_en; style, unit, audience, crs may be added.",
    )


@router.get("", summary="Raster layers", responses=answers("raster_layers", 401, 403))
def listing(request: Request, actor: Reader) -> Response:
    """Those for everyone, and for whoever has signed in the others too, by name.

    Colours run from `low` to `high`, the percentiles 2 and 98; all values are null for imagery.
    """
    with acting(get_engine(request), actor.account_id if actor else None) as connection:
        found = store.list_rasters(connection)
    audience = actor.account_id if actor else None
    return tagged(request, {"raster_layers": found}, cache=PRIVATE, audience=audience)


@router.post(
    "",
    status_code=201,
    summary="Import a GeoTIFF as a layer",
    responses=answers("raster_layer", 401, 403, 413, 415, 422, 429, status=201),
    openapi_extra=FORM,
)
def add(
    request: Request, actor: Keeper, sent: Annotated[SentRaster, Depends(sent_raster)]
) -> Response:
    """For administrators. The answer comes when it is checked, kept and measured by unit."""
    settings = request.app.state.settings
    with (
        taking_turn(request.app.state.rasters, LONGEST_WAIT, BUSY),
        tempfile.TemporaryDirectory(prefix="bienmap-raster-") as folder,
    ):
        # Never under the name that came along.
        path = Path(folder) / "raster"
        with path.open("wb") as target:
            shutil.copyfileobj(sent.file.file, target, 2**20)
        texts: dict[str, Any] = {**sent.texts, "crs": sent.texts.get("crs") or None}
        new = pipeline.NewRaster(path, file_name_of(sent.file.filename), **texts)
        kept = pipeline.import_raster(get_engine(request), settings.raster_directory, new, actor)
    response = json_response({name: kept[name] for name in store.TOLD}, Cache_Control="no-store")
    response.status_code = 201
    response.headers["Location"] = f"{request.url.path}/{kept['id']}/tiles/0/0/0.png"
    return response


@router.delete(
    "/{identifier}",
    status_code=204,
    summary="Remove a layer, with the reason",
    responses=problems_of(401, 403, 404, 422),
)
def remove(
    request: Request,
    actor: Keeper,
    identifier: UUID,
    reason: Annotated[str, Query(min_length=3, max_length=500, description="Why")],
) -> Response:
    """For administrators. Its file is removed; what was known of it stays in the audit."""
    folder = request.app.state.settings.raster_directory
    pipeline.remove_raster_layer(get_engine(request), folder, identifier, actor, reason)
    return Response(status_code=204)


@router.get(
    "/figures/{level}/{code}",
    summary="What the layers say of a unit of 2025",
    responses=answers("raster_figures", 401, 403, 422),
)
def figures(
    request: Request, actor: Reader, level: Literal["province", "commune"], code: str
) -> Response:
    """Mean, least and greatest value, and the sum of the cells, each by its share in the unit.

    `covered` is the share of the unit whose cells have a value; layers without any are left out.
    """
    with acting(get_engine(request), actor.account_id if actor else None) as connection:
        require_unit(connection, store.EDITION, level, code)
        found = store.figures_of_unit(connection, level, code)
    content = {"edition": store.EDITION, "level": level, "code": code, "figures": found}
    audience = actor.account_id if actor else None
    return tagged(request, content, cache=PRIVATE, audience=audience)


@router.get(
    "/{identifier}/tiles/{z}/{x}/{y}.png",
    summary="A tile of a layer",
    response_class=Response,
    responses=problems_of(401, 403, 404, 422, 429) | PNG,
)
def tile(request: Request, actor: Reader, identifier: UUID, z: int, x: int, y: int) -> Response:
    """Transparent where the layer has no value. What an address holds never changes."""
    # Loaded with the first tile: it takes a while, and many servers have no such layer.
    from layers.raster_tiles import raster_tile  # noqa: PLC0415

    require_tile((z, x, y))
    with acting(get_engine(request), actor.account_id if actor else None) as connection:
        row = store.get_raster(connection, identifier)
    tag = f'"{row.fingerprint}"'
    # Of a layer for some the browser asks each time whether it may still be shown.
    cache = FOREVER if row.audience == "everyone" else "private, no-cache"
    headers = {"ETag": tag, "Cache-Control": cache}
    if row.audience != "everyone":
        headers["Vary"] = "Cookie, Authorization"
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    path = store.raster_files(request.app.state.settings.raster_directory).path(identifier)
    with taking_turn(request.app.state.raster_tiles, LONGEST_WAIT_FOR_TILE, TILES_BUSY):
        content = raster_tile(path, dict(row._mapping), (z, x, y))
    return Response(content, media_type="image/png", headers=headers)
