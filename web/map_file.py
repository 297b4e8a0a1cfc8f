"""The map of hotspots as one file, to be downloaded by whoever is signed in."""

from datetime import timedelta
from threading import BoundedSemaphore
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Engine
from starlette.responses import RedirectResponse, Response

from api.actors import actor_of_cookie
from api.dependencies import First, Last, months_around, taking_turn
from api.disclosure import audience_of
from geo.dates import today
from geo.errors import Language
from geo.pipeline.hotspot_map import HotspotMap, MapQuestion, gather_map
from geo.store.audit import note_reading
from geo.store.database import acting, transaction
from web.assets import Assets
from web.briefing_file import NOT_KEPT
from web.sign_in import sign_in_address
from web.single_file import build_map_file

# One takes a core for up to three seconds.
MOST_AT_ONCE, LONGEST_WAIT = 1, 20
BUSY = (
    "map_file.busy",
    "Máy chủ đang lập các bản đồ khác. Hãy thử lại sau nửa phút.",
    "The server is busy with other maps. Try again in half a minute.",
)


def create_map_file(engine: Engine, assets: Assets) -> APIRouter:
    """The route of the file."""
    router = APIRouter(include_in_schema=False)
    turns = BoundedSemaphore(MOST_AT_ONCE)

    @router.get("/map-file")
    def map_file(
        request: Request,
        province: Annotated[str | None, Query(pattern="^[0-9]{2}$")] = None,
        first: First = None,
        last: Last = None,
        lang: Language = "vi",
    ) -> Response:
        actor = actor_of_cookie(request)
        if actor is None:
            return RedirectResponse(sign_in_address(request), 303, NOT_KEPT)
        if actor.must_enrol:
            return RedirectResponse("/account", 303, NOT_KEPT)
        days = months_around(first, last)
        question = MapQuestion(province, days.first, days.last, today(), lang)
        audience, releases = audience_of(actor).of_files, request.app.state.releases
        with taking_turn(turns, LONGEST_WAIT, BUSY):
            with transaction(engine) as connection:
                found = gather_map(connection, question, releases, audience)
            with acting(engine, actor.account_id) as records:
                # No record is told; who took these classes and counts out is kept all the same.
                note_reading(
                    records, "hotspot_run", filter(None, (one.run_id for one in found.levels))
                )
            return _file(found, build_map_file(found, assets))

    return router


def _file(found: HotspotMap, body: str) -> Response:
    first = found.levels[0]
    days = f"{first.first}-{first.last - timedelta(days=1)}"
    name = f"ban-do-{found.question.province or 'ca-nuoc'}-{days}.html"
    headers = NOT_KEPT | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="text/html", headers=headers)
