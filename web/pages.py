"""The pages of the site and its static files."""

from fastapi import APIRouter
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.actors import actor_of_cookie
from api.disclosure import audience_of
from layers.registry import layers_for
from web import assets as asset_files
from web.assets import Assets
from web.desk import build_desk_page
from web.i18n import page_language
from web.maps import PageRequest, build_map_page
from web.page_data import OpeningPicture, read_added, read_map_state
from web.security import page_policy
from web.sign_in import sign_in_address
from web.support import build_support_page
from web.upload import build_upload_page


def create_pages(engine: Engine, assets: Assets) -> APIRouter:
    """Routes of the map, of the pages around it that need a network, and of static files."""
    router = APIRouter(include_in_schema=False)
    picture = OpeningPicture(engine)

    @router.get("/")
    def map_page(request: Request) -> Response:
        account = actor_of_cookie(request)
        if account is not None and account.must_enrol:
            return RedirectResponse("/account", status_code=303)
        asked = PageRequest(page_language(request), request.state.nonce, account)
        state = read_map_state(engine, also_restricted=audience_of(account).sees_all)
        rasters, basemaps = read_added(engine, account)
        layers = (*layers_for("planner"), *rasters)
        html = build_map_page(asked, assets, state, layers, picture.of(state), basemaps)
        policy = page_policy(asked.nonce, [one.host for one in basemaps if one.host])
        # The page carries a nonce, the newest run and a name: none may be kept.
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": policy}
        return HTMLResponse(html, headers=headers)

    @router.get("/nap-tep")
    def upload_page(request: Request) -> Response:
        account = actor_of_cookie(request)
        if account is None:
            return RedirectResponse(sign_in_address(request), 303, {"Cache-Control": "no-store"})
        html = build_upload_page(
            PageRequest(page_language(request), request.state.nonce, account),
            assets,
            max_bytes=request.app.state.settings.upload_max_bytes,
            is_demo=read_map_state(engine).is_demo,
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    @router.get("/desk")
    def desk_page(request: Request) -> Response:
        account = actor_of_cookie(request)
        if account is None:
            return RedirectResponse(sign_in_address(request), 303, {"Cache-Control": "no-store"})
        asked = PageRequest(page_language(request), request.state.nonce, account)
        state = read_map_state(engine, also_restricted=audience_of(account).sees_all)
        html = build_desk_page(asked, assets, state)
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    @router.get("/ho-tro")
    def support_page(request: Request) -> HTMLResponse:
        account = actor_of_cookie(request)
        asked = PageRequest(page_language(request), request.state.nonce, account)
        html = build_support_page(asked, assets, engine)
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    @router.get("/favicon.ico")
    def icon(request: Request) -> Response:
        return asset_files.serve(assets, request, assets.version, "icon.svg")

    @router.get("/static/{version}/{name:path}")
    def static_file(request: Request, version: str, name: str) -> Response:
        return asset_files.serve(assets, request, version, name)

    return router
