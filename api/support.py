"""Figures on the support of victims: what ministries publish and provinces enter, by month."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import orjson
import uuid_utils.compat
from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.actors import ActingDatabase, find_actor, require_role
from api.dependencies import (
    LATEST,
    Database,
    Edition,
    First,
    Last,
    get_engine,
    json_response,
    known_codes,
    period,
    tagged,
)
from api.disclosure import PRIVATE, audience_of
from api.documentation import answers, problems_of
from api.entries import Deleting, IfMatch, version_of
from geo import pipeline
from geo.errors import AccessError, InputError
from geo.records.figures import MEASURES_OF
from geo.store import units
from geo.store.actors import Actor
from geo.store.database import transaction
from geo.store.history import record_versions
from geo.store.support import (
    NATIONAL,
    FigureFilter,
    Place,
    get_figure,
    list_figures,
    place_of,
    responsible_places,
)

router = APIRouter(prefix="/support-measures", tags=["support"])
Writer = Annotated[Actor, Depends(require_role("officer", "leader"))]
Reader = Annotated[Actor | None, Depends(find_actor)]
MOST_IN_A_PAGE = 10_000
Text = Annotated[str | None, Field(max_length=2_000)]
Unit = Annotated[
    str | None, Query(pattern="^([0-9]{2}|VN)$", description="Code of a province; VN: the country")
]


Amount = Annotated[int, Field(ge=0, lt=2**31)]


class Figure(BaseModel):
    """One figure; the total and its parts must fit each other."""

    model_config = ConfigDict(extra="ignore")

    id: UUID | None = Field(default=None, description="Made by the client: sending again is safe")
    programme: str = Field(max_length=60, examples=["hotline_111"])
    measure: str = Field(max_length=60, examples=["persons_supported"])
    period: str = Field(max_length=40, description="A month or a year", examples=["2026-03"])
    edition: Literal["2024", "2025", ""] = Field(default="", description="Empty: the country")
    code: str = Field(
        default="", pattern="^([0-9]{2})?$", description="Of a province", examples=["40"]
    )
    value: Amount = Field(examples=[12])
    value_by: dict[str, dict[str, Amount]] = Field(
        default={},
        description="Parts by group (sex, age, ethnicity, support, model) and code",
        examples=[{"sex": {"f": 8, "m": 4}}],
    )
    includes_suspected: bool = Field(default=False, description="Suspected victims are counted too")
    published: bool = Field(
        default=False, description="An authority has published it: shown as is. Leaders say so"
    )
    agencies: list[Annotated[str, Field(max_length=200)]] = []
    citation: Text = Field(default=None, description="Where it is from")
    notes: Text = None
    personal_data_checked: bool = Field(
        default=False,
        description="Somebody has read what looks like personal data in its texts: it names nobody",
    )
    reason: str | None = Field(
        default=None, max_length=500, description="Why it is changed; kept with this version"
    )

    def entry(self, actor: Actor, identifier: UUID | None = None) -> pipeline.FigureEntry:
        """The figure as the pipeline takes it; a new one without an id gets one."""
        values: dict[str, str | None] = {
            "programme": self.programme,
            "measure": self.measure,
            "period": self.period,
            "province": None if self.code else "cả nước",
            "edition": self.edition or None,
            "code": self.code or None,
            "value": str(self.value),
            "value_by": orjson.dumps(self.value_by).decode(),
            "includes_suspected": "có" if self.includes_suspected else "không",
            "published": "có" if self.published else "không",
            "agencies": ";".join(self.agencies) or None,
            "citation": self.citation,
            "notes": self.notes,
        }
        chosen = identifier or self.id or uuid_utils.compat.uuid7()
        return pipeline.FigureEntry(chosen, values, actor, self.personal_data_checked, self.reason)


@router.get(
    "",
    summary="Figures on the support of victims, a page at a time",
    responses=answers("support_measures", 422),
)
def support_measures(
    request: Request,
    connection: Database,
    actor: Reader,
    programme: Annotated[list[str] | None, Query(description="All if none is given")] = None,
    measure: Annotated[list[str] | None, Query(description="All if none is given")] = None,
    edition: Edition = "2025",
    unit: Unit = None,
    first: First = None,
    last: Last = None,
    source: Annotated[str | None, Query(max_length=200)] = None,
    after: Annotated[UUID | None, Query(description="Last id of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_IN_A_PAGE)] = 1_000,
) -> Response:
    """By period; those whose month or year lies between from and to. `next` is the next page.

    Published figures are as published. Of others, whoever is not responsible for the province is
    shown no small count (from 1 to 4 inside the system, to 10 where nobody has signed in, unless
    the settings say more), and no total or part that would tell one: `suppressed` says so.
    """
    days = period(first, last)
    wanted = FigureFilter(
        known_codes("support_programme", programme, ("chương trình", "programme")),
        known_codes("support_measure", measure, ("chỉ tiêu", "measure")),
        _place(connection, edition, unit) if unit else None,
        days.first if first else None,
        min(last, LATEST) if last else None,
        source,
        after,
        limit,
    )
    viewer = viewer_of(request, connection, actor)
    found = list_figures(connection, wanted)
    content: dict[str, Any] = {"measures": pipeline.released(connection, found, viewer)}
    if len(found) == limit:
        query = [(k, v) for k, v in request.query_params.multi_items() if k != "after"]
        following = urlencode([*query, ("after", found[-1]["id"])])
        content["next"] = f"{request.url.path}?{following}"
    return tagged(request, content, cache=PRIVATE)


@router.get(
    "/monthly",
    summary="The figures of a province, month by month",
    responses=answers("support_months", 404, 422),
)
def monthly(
    request: Request,
    connection: Database,
    actor: Reader,
    unit: Annotated[str, Query(pattern="^([0-9]{2}|VN)$", description="VN: the country")],
    year: Annotated[int, Query(ge=1976, le=2099)],
    edition: Edition = "2025",
) -> Response:
    """A row for each programme, measure and source: twelve months, and the figure of the year.

    What is asked for every month has a row even while it is empty; `may_write` says whether who
    asks can fill it in. Counts from 1 to below `under` are withheld, and further ones that would
    tell of them.
    """
    place = _place(connection, edition, unit)
    viewer = viewer_of(request, connection, actor)
    first, last = period(None, None).first.replace(year, 1, 1), LATEST.replace(year)
    found = list_figures(connection, FigureFilter(place=place, first=first, last=last))
    keys = [
        (programme, measure, pipeline.SOURCE)
        for programme, measures in MEASURES_OF.items()
        for measure in measures
    ]
    rows = {key: _row(key) for key in keys}
    for figure in pipeline.released(connection, found, viewer):
        key = (figure["programme"], figure["measure"], figure["source"])
        row = rows.setdefault(key, _row(key))
        if len(figure["period"]) == 4:
            row["year"] = figure
        else:
            row["months"][int(figure["period"][5:]) - 1] = figure
    is_own = viewer.own is None or place in viewer.own
    content = {
        "edition": place[0],
        "code": place[1],
        "year": year,
        "under": viewer.smallest,
        "may_write": is_own and actor is not None and actor.role in ("officer", "leader"),
        "rows": list(rows.values()),
    }
    return tagged(request, content, cache=PRIVATE)


@router.get(
    "/{identifier}",
    summary="One figure",
    responses=answers("support_measure", 404, 422),
)
def support_measure(
    request: Request, connection: Database, actor: Reader, identifier: UUID
) -> Response:
    """As stored for those responsible, else as it may be shown."""
    figure = get_figure(connection, identifier)
    viewer = viewer_of(request, connection, actor)
    (shown,) = pipeline.released(connection, [figure], viewer)
    return tagged(request, shown, cache=PRIVATE)


@router.get(
    "/{identifier}/history",
    summary="The versions of a figure: who changed what, and when",
    responses=answers("support_history", 401, 403, 404, 422),
)
def history(connection: ActingDatabase, actor: Writer, identifier: UUID) -> Response:
    """For those responsible, the newest first; a deleted figure still has its history."""
    versions = record_versions(connection, "support_measure", identifier)
    own = responsible_places(connection, actor.jurisdictions)
    if own is not None and place_of(connection, identifier) not in own:
        raise AccessError(
            "access.other_units",
            "Số liệu này của tỉnh không được giao cho tài khoản của bạn.",
            "This figure is of a province that your account is not responsible for.",
        )
    return json_response({"id": str(identifier), "versions": versions}, Cache_Control="no-store")


@router.post(
    "",
    status_code=201,
    summary="Enter a figure",
    responses=answers("support_measure")
    | answers("support_measure", 400, 401, 403, 409, 422, status=201),
)
def create(request: Request, actor: Writer, figure: Figure) -> Response:
    """A figure is known by programme, measure, unit and period: the same again changes nothing."""
    entered = pipeline.create_figure(get_engine(request), figure.entry(actor))
    response = _stored(request, actor, entered.id)
    response.status_code = 201 if entered.is_new else 200
    response.headers["Location"] = f"{request.url.path}/{entered.id}"
    return response


@router.put(
    "/{identifier}",
    summary="Change a figure",
    responses=answers("support_measure", 400, 401, 403, 404, 409, 422),
)
def change(
    request: Request, actor: Writer, identifier: UUID, figure: Figure, if_match: IfMatch = None
) -> Response:
    """Value, parts and notes are replaced; If-Match names the version that was edited, else 409."""
    if figure.id not in {None, identifier}:
        raise InputError(
            "record.id_differs",
            "Mã trong nội dung khác với mã trong địa chỉ. Hãy gửi cùng một mã.",
            "The id in the body differs from the one in the address. Send the same one.",
        )
    entry = figure.entry(actor, identifier)
    pipeline.change_figure(get_engine(request), entry, version_of(if_match))
    return _stored(request, actor, identifier)


@router.delete(
    "/{identifier}",
    status_code=204,
    summary="Delete a figure, with the reason",
    responses=problems_of(401, 403, 404, 409, 422),
)
def delete(
    request: Request,
    actor: Writer,
    identifier: UUID,
    why: Deleting,
) -> Response:
    """It leaves lists and tables; its versions stay in the store."""
    entry = pipeline.FigureEntry(identifier, {}, actor, why.personal_data_checked)
    pipeline.delete_figure(get_engine(request), entry, version_of(why.if_match), why.reason)
    return Response(status_code=204)


def _place(connection: Database, edition: str, unit: str) -> Place:
    if unit == "VN":
        return NATIONAL
    units.require_unit(connection, edition, "province", unit)
    return edition, unit


def _row(key: tuple[str, str, str]) -> dict[str, Any]:
    return dict(zip(("programme", "measure", "source"), key, strict=True)) | {
        "months": [None] * 12,
        "year": None,
    }


def viewer_of(request: Request, connection: Database, actor: Actor | None) -> pipeline.Viewer:
    """Who asks, by the rule that holds for all counts: administrators have no own units."""
    audience, settings = audience_of(actor), request.app.state.settings
    smallest = settings.smallest_count if audience.is_signed_in else settings.smallest_public_count
    return pipeline.Viewer(responsible_places(connection, audience.own), smallest)


def _stored(request: Request, actor: Actor, identifier: UUID) -> Response:
    with transaction(get_engine(request)) as connection:
        figure = get_figure(connection, identifier)
        viewer = viewer_of(request, connection, actor)
        (shown,) = pipeline.released(connection, [figure], viewer)
    return json_response(shown, Cache_Control="no-store")
