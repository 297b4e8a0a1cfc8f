"""Density of incidents as a raster and by unit, for those who see where incidents were."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from api.actors import require_role
from api.dependencies import (
    Edition,
    Level,
    Speech,
    check_level,
    get_engine,
    incident_kinds,
    period,
    tagged,
    taking_turn,
)
from api.documentation import Responses, answers, problems_of
from geo import pipeline
from geo.analysis.density import FEWEST_TO_CHOOSE, NARROWEST_CELLS, WIDEST_M
from geo.errors import InputError, Language
from geo.store.actors import COUNTRY, Actor
from geo.store.database import acting
from layers.density import STYLE, density_legend

router = APIRouter(tags=["statistics"])
# A surface of the whole country takes a core for some seconds, and half a gigabyte.
MOST_AT_ONCE, LONGEST_WAIT = 1, 20
BUSY = (
    "density.busy",
    "Máy chủ đang tính các bản đồ mật độ khác. Hãy thử lại sau nửa phút.",
    "The server is busy with other densities. Try again in half a minute.",
)
SMALLEST_CELL, LARGEST_CELL = 500, 10_000
# Percentiles of the cells shown at which the colours of a picture begin and end.
EXTREMES = (2, 98)
# Administrators see no incident with victims, so that theirs would be another surface.
Reader = Annotated[Actor, Depends(require_role("officer", "leader", "planner"))]
RASTER: Responses = {
    200: {
        "description": "Cloud-Optimised GeoTIFF",
        "content": {"image/tiff": {"schema": {"type": "string", "format": "binary"}}},
    }
}
First = Annotated[date, Query(alias="from", examples=["2025-07-01"])]
Last = Annotated[date, Query(alias="to", description="Last day", examples=["2025-12-31"])]


def question(
    first: First,
    last: Last,
    kinds: Annotated[tuple[str, ...], Depends(incident_kinds)],
    cell: Annotated[int, Query(ge=SMALLEST_CELL, le=LARGEST_CELL, description="Metres")] = 1_000,
    bandwidth: Annotated[
        float | None,
        Query(
            ge=NARROWEST_CELLS * SMALLEST_CELL,
            le=WIDEST_M,
            description="Metres; chosen by cross-validation where it is not given",
        ),
    ] = None,
    adaptive: Annotated[bool, Query(description="Narrower where incidents are many")] = False,
    by_commune: Annotated[
        bool, Query(description="All incidents as known by their commune alone")
    ] = False,
) -> pipeline.DensityQuestion:
    """What the density is asked of."""
    days = period(first, last)
    return pipeline.DensityQuestion(
        days.first, days.last, kinds, cell, bandwidth, adaptive, by_commune
    )


Asked = Annotated[pipeline.DensityQuestion, Depends(question)]


@contextmanager
def _making(request: Request, actor: Actor) -> Iterator[Connection]:
    """A connection for the actor, once a density may be made: none is held by who waits."""
    turn = taking_turn(request.app.state.densities, LONGEST_WAIT, BUSY)
    with turn, acting(get_engine(request), actor.account_id) as connection:
        yield connection


@router.get(
    "/density.tif",
    summary="Density of incidents per km2 and year, as a Cloud-Optimised GeoTIFF",
    response_class=Response,
    responses=problems_of(401, 403, 422, 429) | RASTER,
)
def density_raster(request: Request, actor: Reader, asked: Asked) -> Response:
    """Over the account's own units. Cells with few incidents under their kernel have no data.

    Planners get incidents with victims spread over their communes. The file's tags say how it was
    made.
    """
    with _making(request, actor) as connection:
        content = pipeline.raster(_density(request, actor, connection, asked))
    name = f"density-{asked.first}-{asked.last}.tif"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "Vary": "Cookie, Authorization",
    }
    return Response(content, media_type="image/tiff", headers=headers)


@router.get(
    "/density/map",
    summary="Density of incidents as a picture for the map",
    responses=answers("density_map", 401, 403, 422, 429),
)
def density_map(request: Request, actor: Reader, asked: Asked, language: Speech) -> Response:
    """What /density.tif holds, drawn: for the same accounts, and nothing of it stays on the server.

    `picture` is a PNG in base64 whose upper left pixel is `left` and `top` of the Web Mercator
    pixels of `zoom`; it is null where nothing is shown, and `needed` says how many incidents it
    takes where there are too few to choose a bandwidth. The legend is in incidents a year per
    100 km2.
    """
    content: dict[str, Any] = {"picture": None, "legend": []}
    with _making(request, actor) as connection:
        try:
            found = _density(request, actor, connection, asked)
            content |= pipeline.density_source(found) | _drawn(found, language)
        except InputError as error:
            # A short period in a small unit is nothing that a reader of a map has done wrong.
            if error.code != "density.too_few":
                raise
            content["needed"] = FEWEST_TO_CHOOSE
    return tagged(request, content, audience=actor.account_id)


@router.get(
    "/density",
    summary="Density of incidents by unit",
    responses=answers("density", 401, 403, 404, 422, 429),
)
def density_by_unit(
    request: Request,
    actor: Reader,
    asked: Asked,
    edition: Edition = "2025",
    level: Level = "commune",
) -> Response:
    """Mean and greatest density and incidents a year, of the cells that /density.tif shows.

    `shown` is the share of the unit whose cells are shown; figures are null where none is.
    """
    check_level(edition, level)
    with _making(request, actor) as connection:
        found = _density(request, actor, connection, asked)
        units = pipeline.zones(connection, found, edition, level)
    return tagged(
        request, pipeline.density_source(found) | {"units": units}, audience=actor.account_id
    )


def _density(
    request: Request, actor: Actor, connection: Connection, asked: pipeline.DensityQuestion
) -> pipeline.Density:
    everywhere = COUNTRY in actor.jurisdictions
    units = [(one.edition, one.level, one.code) for one in actor.jurisdictions]
    smallest = request.app.state.settings.smallest_count
    return pipeline.density(connection, asked, smallest, None if everywhere else units)


def _drawn(found: pipeline.Density, language: Language) -> dict[str, Any]:
    """Picture and legend of what is shown; nothing where nothing is."""
    # Loaded with the first picture, as with the tiles of layers.
    from layers.raster_tiles import raster_picture  # noqa: PLC0415

    shown = found.per_km2_year[found.shown]
    if not shown.size:
        return {}
    low, high = (float(one) for one in np.percentile(shown, EXTREMES))
    picture = asdict(
        raster_picture(pipeline.raster(found), {"style": STYLE, "low": low, "high": high})
    )
    picture["png"] = b64encode(picture["png"]).decode()
    legend = [
        {"colour": one.colour, "mark": one.mark, "label": one.label.in_language(language)}
        for one in density_legend(low, high, float(shown.max()))
    ]
    return {"picture": picture, "legend": legend}
