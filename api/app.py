"""The application factory of the API."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import BoundedSemaphore, Thread
from typing import Any, ClassVar

from fastapi import Depends, FastAPI
from sqlalchemy import Engine
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Lifespan

from api import (
    basemaps,
    coverage,
    density,
    entries,
    entry_help,
    errors,
    hotspot_actions,
    hotspot_requests,
    hotspot_reviews,
    hotspots,
    imports,
    interventions,
    jobs,
    network_flows,
    own_sessions,
    packs,
    place_names,
    place_reviews,
    places,
    rasters,
    rates,
    records,
    reference,
    second_factors,
    sessions,
    statistics,
    support,
    support_map,
    tiles,
    tokens,
    unit_profile,
    units,
)
from api.body_limit import BodyLimit
from api.dependencies import refuse_nul
from api.head import HeadAsGet
from api.parameters import PREFIX, refuse_unknown_parameters
from geo import __version__
from geo.errors import BienmapError
from geo.pipeline.neighbours import NeighbourIndex
from geo.pipeline.places import gazetteer
from geo.pipeline.releases import Releases
from geo.settings import Settings
from geo.store.database import transaction

SMALLEST_COMPRESSED = 600
# An address is compared with theirs in this order: what a map asks for most comes first.
ROUTERS = (
    tiles.router,
    reference.router,
    units.router,
    unit_profile.router,
    places.router,
    place_names.router,
    packs.router,
    place_reviews.router,
    statistics.router,
    density.router,
    hotspots.router,
    hotspot_requests.router,
    hotspot_reviews.router,
    hotspot_actions.router,
    jobs.router,
    coverage.router,
    interventions.router,
    rates.router,
    records.router,
    network_flows.router,
    entries.router,
    imports.router,
    entry_help.router,
    # Before the single figure, whose address would take its paths for ids.
    support_map.router,
    support.router,
    rasters.router,
    basemaps.router,
    sessions.router,
    own_sessions.router,
    second_factors.router,
    tokens.router,
)


@asynccontextmanager
async def warmed(app: FastAPI) -> AsyncIterator[None]:
    """Lifespan of a server: what the first question would wait for is read beside its start."""
    Thread(target=_read_ahead, args=(app,), daemon=True).start()
    yield


def _read_ahead(app: FastAPI) -> None:
    try:
        with transaction(app.state.engine) as connection:
            gazetteer(connection)
            app.state.releases.published(connection)
    except BienmapError:
        # The database is not there yet: whoever asks first is told so, or waits.
        logging.getLogger(__name__).warning("nothing was read ahead", exc_info=True)


class Api(FastAPI):
    """The application; all of a process have the same routes, so one is described for all."""

    _description: ClassVar[dict[str, Any]] = {}

    def openapi(self) -> dict[str, Any]:
        """What the routes take and give, as OpenAPI."""
        if not Api._description:
            Api._description.update(super().openapi())
        return Api._description


def create_api(
    settings: Settings, engine: Engine, lifespan: Lifespan[FastAPI] | None = None
) -> FastAPI:
    """The API with its error table and compression; nothing connects until the first request, but
    with `warmed` as its lifespan.

    Interactive documentation would load scripts from another host, so there is none: the schema is
    at /api/v1/openapi.json.
    """
    app = Api(
        title="Bienmap",
        version=__version__,
        summary="Border-area monitoring against human trafficking",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(refuse_nul)],
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.releases = Releases(settings)
    app.state.tiles = tiles.KeptTiles()
    app.state.imports = BoundedSemaphore(imports.MOST_AT_ONCE)
    app.state.neighbours = NeighbourIndex()
    app.state.plans = BoundedSemaphore(coverage.MOST_AT_ONCE)
    app.state.densities = BoundedSemaphore(density.MOST_AT_ONCE)
    app.state.rasters = BoundedSemaphore(rasters.MOST_AT_ONCE)
    app.state.raster_tiles = BoundedSemaphore(rasters.MOST_TILES_AT_ONCE)
    app.state.effects = BoundedSemaphore(interventions.MOST_AT_ONCE)
    errors.install(app)
    strict = [Depends(refuse_unknown_parameters)]
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, dependencies=strict)
    app.add_middleware(
        BodyLimit,
        upload_max_bytes=settings.upload_max_bytes,
        raster_max_bytes=settings.raster_max_bytes,
    )
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED, compresslevel=5)
    # Outside of the compression, whose headers and length are those of GET.
    app.add_middleware(HeadAsGet)
    return app
