"""The application factory of the API."""

from fastapi import Depends, FastAPI
from sqlalchemy import Engine
from starlette.middleware.gzip import GZipMiddleware

from api import (
    entries,
    errors,
    hotspots,
    place_reviews,
    places,
    records,
    reference,
    sessions,
    statistics,
    support,
    tiles,
    tokens,
    units,
)
from api.dependencies import refuse_nul
from api.parameters import PREFIX, refuse_unknown_parameters
from geo import __version__
from geo.settings import Settings

SMALLEST_COMPRESSED = 600
ROUTERS = (
    reference.router,
    units.router,
    places.router,
    place_reviews.router,
    statistics.router,
    hotspots.router,
    records.router,
    entries.router,
    support.router,
    tiles.router,
    sessions.router,
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
    errors.install(app)
    strict = [Depends(refuse_unknown_parameters)]
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX, dependencies=strict)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED, compresslevel=4)
    return app
