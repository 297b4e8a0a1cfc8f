"""The application: the API, the pages, and what stands before both."""

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.app import create_api
from geo.settings import Settings, load_settings
from geo.store.database import create_engine
from web.assets import load_assets, replace_folium_links
from web.briefing_file import create_briefing_file
from web.changes import Changes, create_changes
from web.map_file import create_map_file
from web.offline import create_offline_pages, make_release
from web.pages import create_pages
from web.security import SecurityHeaders
from web.sign_in_pages import create_sign_in_pages
from web.unit_page import create_unit_pages


def create_app(settings: Settings | None = None) -> FastAPI:
    """Everything that the server serves; nothing connects until it starts.

    Raises:
        ResourceError: the front-end packages are not installed.
        InputError: the provider that signs people in is not set as it must be.
    """
    settings = settings or load_settings()
    engine = create_engine(settings.application_url)
    assets = load_assets(settings)
    replace_folium_links(assets)
    hub = Changes(settings.application_url)
    app = create_api(settings, engine, hub.heard)
    app.state.changes = hub
    app.include_router(create_pages(engine, assets))
    app.include_router(create_unit_pages(engine, assets))
    app.include_router(create_briefing_file(engine))
    app.include_router(create_map_file(engine, assets))
    app.include_router(create_changes(engine, hub))
    app.include_router(create_sign_in_pages(settings, engine, assets))
    app.include_router(create_offline_pages(make_release(assets)))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.allowed_hosts)
    # Added last, it is the outermost: a refusal of the host carries the headers too.
    app.add_middleware(SecurityHeaders)
    return app
