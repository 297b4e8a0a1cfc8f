"""The briefing of a province, to be downloaded by whoever is signed in."""

from datetime import timedelta
from threading import BoundedSemaphore
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection, Engine
from starlette.responses import RedirectResponse, Response

from api.actors import actor_of_cookie
from api.dependencies import First, Last, months_around, taking_turn
from api.disclosure import audience_of
from api.reading_audit import noted
from geo.dates import today
from geo.errors import Language
from geo.pipeline.briefing import BriefingQuestion, brief
from geo.store.actors import Actor
from geo.store.database import acting, transaction
from web.briefing.document import compose
from web.briefing.pdf import to_pdf
from web.briefing.word import to_docx
from web.sign_in import sign_in_address

Format = Literal["pdf", "docx"]
MEDIA_TYPES: dict[Format, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# One takes a core for two seconds.
MOST_AT_ONCE, LONGEST_WAIT = 1, 20
BUSY = (
    "briefing.busy",
    "Máy chủ đang lập các báo cáo khác. Hãy thử lại sau nửa phút.",
    "The server is busy with other briefings. Try again in half a minute.",
)
NOT_KEPT = {"Cache-Control": "no-store"}


def create_briefing_file(engine: Engine) -> APIRouter:
    """The route of the file."""
    router = APIRouter(include_in_schema=False)
    turns = BoundedSemaphore(MOST_AT_ONCE)

    @router.get("/briefing")
    def briefing_file(
        request: Request,
        province: Annotated[str, Query(pattern="^[0-9]{2}$")],
        first: First = None,
        last: Last = None,
        lang: Language = "vi",
        file: Annotated[Format, Query(alias="format")] = "pdf",
    ) -> Response:
        actor = actor_of_cookie(request)
        if actor is None:
            return RedirectResponse(sign_in_address(request), 303, NOT_KEPT)
        if actor.must_enrol:
            return RedirectResponse("/account", 303, NOT_KEPT)
        question = _question(province, first, last)
        with (
            taking_turn(turns, LONGEST_WAIT, BUSY),
            transaction(engine) as connection,
            acting(engine, actor.account_id) as records,
        ):
            return _file(request, connection, records, question, actor, lang, file)

    return router


def _question(province: str, first: First, last: Last) -> BriefingQuestion:
    days = months_around(first, last)
    return BriefingQuestion(province, days.first, days.last, today())


def _file(
    request: Request,
    connection: Connection,
    records: Connection,
    question: BriefingQuestion,
    actor: Actor,
    language: Language,
    file: Format,
) -> Response:
    audience = audience_of(actor).of_files
    state = request.app.state
    found = brief(connection, records, question, state.settings, state.releases, audience)
    document = compose(found, language)
    body = to_pdf(document) if file == "pdf" else to_docx(document)
    days = f"{found.first}-{found.last - timedelta(days=1)}"
    name = f"bao-cao-{question.province}-{days}.{file}"
    headers = NOT_KEPT | {"Content-Disposition": f'attachment; filename="{name}"'}
    answer = Response(body, media_type=MEDIA_TYPES[file], headers=headers)
    return noted(records, answer, [("network", one) for one in found.networks.identifiers])
