"""The application factory of the API."""

from threading import BoundedSemaphore

from fastapi import Depends, FastAPI
from sqlalchemy import Engine
from starlette.middleware.gzip import GZipMiddleware

from api import (
    entries,
    entry_help,
    errors,
    hotspots,
    imports,
    own_sessions,
    packs,
    place_names,
    place_reviews,
    places,
    records,
    reference,
    second_factors,
    sessions,
    statistics,
    support,
    tiles,
    tokens,
    units,
)
from api.body_limit import BodyLimit
from api.dependencies import refuse_nul
from api.parameters import PREFIX, refuse_unknown_parameters
from geo import __version__
from geo.pipeline.releases import Releases
from geo.settings import Settings

SMALLEST_COMPRESSED = 600
ROUTERS = (
    reference.router,
    units.router,
    places.router,
    place_names.router,
    packs.router,
    place_reviews.router,
    statistics.router,
    hotspots.router,
    records.router,
    entries.router,
    imports.router,
    entry_help.router,
    support.router,
    tiles.router,
    sessions.router,
    own_sessions.router,
    second_factors.router,
    tokens.router,
)


def create_api(settings: Settings, engine: Engine) -> FastAPI:
    """The API with its error table and compression; nothing connects until the first request.

    Interactive documentation would load scripts from another host, so there is none: the schema is
    at /api/v1/openapi.json.
    """
    app = FastAPI(
        title="Bienmap",
        version=__version__,
        summary="Border-area monitoring against human trafficking",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(refuse_nul)],
    )
    app.state.settings = settings
    app.state.engine = engine
    app.state.releases = Releases(settings)
    app.state.imports = BoundedSemaphore(imports.MOST_AT_ONCE)
    errors.install(app)
    strict = [Depends(refuse_unknown_parameters)]
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, dependencies=strict)
    app.add_middleware(BodyLimit, upload_max_bytes=settings.upload_max_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED, compresslevel=4)
    return app
