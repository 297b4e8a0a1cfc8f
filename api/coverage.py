"""The coverage gap of units, and plans of sessions that mend it."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.actors import SignedIn
from api.dependencies import (
    Database,
    Edition,
    First,
    InWords,
    Kinds,
    Last,
    Level,
    Speech,
    check_level,
    get_engine,
    json_response,
    tagged,
    taking_turn,
    year_or_period,
)
from api.disclosure import PRIVATE, Counts, described
from api.documentation import answers
from api.examples import examples
from api.imports import XLSX
from geo.analysis.coverage import HALF_LIFE_DAYS, share_below
from geo.analysis.coverage_explanation import CoverageEvidence, explain_coverage
from geo.analysis.session_plan import Terms
from geo.dates import today
from geo.errors import Language, NotFoundError
from geo.pipeline import coverage_tables, sheets
from geo.pipeline.coverage import Coverage, CoverageQuestion, cover
from geo.pipeline.session_plans import plan_for
from geo.store.database import transaction
from geo.store.outreach import coverage_units

router = APIRouter(tags=["coverage"])
# One plan takes one core.
MOST_AT_ONCE, LONGEST_WAIT, LONGEST_SEARCH = 1, 10, 10.0
BUSY = (
    "plan.busy",
    "Máy chủ đang lập kế hoạch khác. Hãy thử lại sau nửa phút.",
    "The server is busy with another plan. Try again in half a minute.",
)
Format = Literal["geojson", "csv", "xlsx"]
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
}
HalfLife = Annotated[float, Query(ge=1, le=3650, description="Days after which a session is half")]


def coverage_question(
    edition: Edition,
    level: Level,
    first: First = None,
    last: Last = None,
    kind: Kinds = None,
    outreach_kind: Annotated[
        list[str] | None,
        Query(description="Kinds of outreach that count; those at which people meet if none"),
    ] = None,
    audience: Annotated[
        list[str] | None, Query(description="Groups that are meant; all residents if none")
    ] = None,
    border_only: Annotated[
        bool, Query(description="Border units, held against each other alone")
    ] = False,
    province: Annotated[str | None, Query(pattern="^[0-9]{2}$", examples=["40"])] = None,
    half_life: HalfLife = HALF_LIFE_DAYS,
) -> CoverageQuestion:
    """What is asked; without a last day it is today's, and without a first one a year before.

    Raises:
        InputError: the period is none, or the edition has no such level.
    """
    check_level(edition, level)
    days = year_or_period(first, last)
    return CoverageQuestion(
        edition,
        level,
        days.first,
        days.last,
        tuple(kind or ()),
        tuple(outreach_kind or ()),
        tuple(audience or ()),
        border_only,
        province,
        half_life,
    )


def find_coverage(
    connection: Database,
    door: Counts,
    question: Annotated[CoverageQuestion, Depends(coverage_question)],
) -> Coverage:
    """The coverage asked for, of what the audience may know."""
    return cover(connection, question, door.counts, door.releases.index)


Covered = Annotated[Coverage, Depends(find_coverage)]


@router.get(
    "/coverage",
    summary="Where outreach lags behind risk, for the units of a level",
    responses=answers("coverage", 404, 422),
)
def coverage_of_units(request: Request, coverage: Covered) -> Response:
    """Columns, in the order of `codes`; null where it is unknown, or never (`last_session`).

    `gap` is the normal score of the smoothed rate of incidents less that of reach, `lower` to
    `upper` the credible interval of the rate carried through. `classes`: 2 risk is clearly ahead
    (the interval lies above 0, and that of the rate above the rate of all), 1 likely so (those of
    50 % do), 0 not clear, -1 reach is clearly ahead. `reach` are participants per 1,000
    inhabitants, fading with `half_life`. `sessions` counts all up to the last day.

    Incidents are exact in one's own units, elsewhere released as in /statistics (`protection`), and
    risk follows from them as they are told. Where they are, the period is of whole months.
    """
    columns = coverage_tables.coverage_columns(coverage, coverage.asked)
    codes = [unit.code for unit in coverage.units]
    content = coverage_tables.context(coverage) | columns
    content["protection"] = described(coverage.protection, codes)
    return tagged(request, content, cache=PRIVATE)


@router.get(
    "/coverage/{code}",
    summary="The coverage gap of one unit, in words",
    responses=answers("coverage_of_unit", 404, 422),
)
def coverage_of_unit(request: Request, coverage: Covered, language: Speech, code: str) -> Response:
    """As in /coverage, whatever the province; the explanation comes in that of Accept-Language.

    A unit inland has no gap where border units are compared, and still its last session.
    """
    question = coverage.question
    number = next((at for at, one in enumerate(coverage.units) if one.code == code), None)
    if number is None:
        raise NotFoundError(
            "unit.unknown",
            f"Không có đơn vị cấp “{question.level}” mã {code} trong phiên bản {question.edition}.",
            f"Edition {question.edition} has no {question.level} of code {code}.",
        )
    columns = coverage_tables.coverage_columns(coverage, [number])
    figures = {name: column[0] for name, column in columns.items()}
    content = {
        "code": figures.pop("codes"),
        "class": figures.pop("classes"),
        "period_from": question.first,
        "period_to": question.last - timedelta(days=1),
        "explanation": explained(coverage, number, language),
    }
    return tagged(request, content | figures, cache=PRIVATE)


def _plan_answers() -> dict[int | str, dict[str, Any]]:
    """A plan has three forms; a workbook is no text that could stand in a description."""
    described = answers("session_plan", 401, 403, 404, 422, 429)
    described[200]["content"] |= {
        "text/csv": {"schema": {"type": "string"}, "example": examples()["session_plan_csv"]},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
    }
    return described


@router.get(
    "/session-plan",
    summary="Which units to visit next",
    response_class=Response,
    responses=_plan_answers(),
)
def session_plan(
    request: Request,
    _actor: SignedIn,
    door: Counts,
    question: Annotated[CoverageQuestion, Depends(coverage_question)],
    language: InWords,
    sessions: Annotated[int, Query(ge=1, le=500, description="Sessions altogether")] = 10,
    post: Annotated[
        list[str] | None,
        Query(
            description="Where teams start: a code, or longitude,latitude; provinces if none",
            examples=["40"],
            max_length=40,
        ),
    ] = None,
    teams: Annotated[int, Query(ge=1, le=10, description="Teams at each post")] = 1,
    per_team: Annotated[int | None, Query(ge=1, le=500, description="Sessions of one team")] = None,
    travel_km: Annotated[float, Query(ge=1, le=500, description="As the crow flies")] = 60,
    catchment_km: Annotated[
        float, Query(ge=0, le=50, description="How far a session serves other units")
    ] = 0,
    file: Annotated[Format, Query(alias="format")] = "geojson",
) -> Response:
    """The visits that serve the widest gaps, by maximal covering (Church & ReVelle 1974).

    A team goes at most `travel_km` from its post, on the ellipsoid and not by road, and holds at
    most `per_team` sessions, without a number an equal part. `plan` says whether it is proved to be
    the best, and the `bound` of any. The gaps are those that one may know (/coverage); in a file,
    csv or xlsx, those that the public may know outside of one's own units (`base`), so that its
    plan may be another.
    """
    if file != "geojson":
        door = replace(door, audience=door.audience.of_files)
    # Who waits for a plan holds no connection.
    with transaction(get_engine(request)) as connection:
        coverage = find_coverage(connection, door, question)
        provinces = coverage_units(connection, question.edition, "province")
    terms = Terms(sessions, travel_km, per_team, catchment_km)
    with taking_turn(request.app.state.plans, LONGEST_WAIT, BUSY):
        made = plan_for(coverage, provinces, post or (), teams, terms, LONGEST_SEARCH)
    rows, names = coverage_tables.visit_rows(made), coverage_tables.OF_VISITS
    if file == "geojson":
        content = coverage_tables.geojson(names, rows)
        content |= coverage_tables.plan_document(made)
        return json_response(content, cache_control=PRIVATE)
    table, source = coverage_tables.table(names, rows, language), coverage_tables.plan_source(made)
    _, title, title_of_source = coverage_tables.SHEETS[language]
    body = (
        sheets.to_csv(table, source)
        if file == "csv"
        else sheets.to_workbook({title: table, title_of_source: source})
    )
    disposition = f'attachment; filename="session-plan.{file}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": PRIVATE}
    return Response(body, media_type=MEDIA_TYPES[file], headers=headers)


def explained(coverage: Coverage, number: int, language: Language) -> str:
    """The coverage gap of a unit, given by its number, in words."""
    gaps, tally, protection = coverage.gaps, coverage.tally, coverage.protection
    reach = coverage.reach.per_1000
    return explain_coverage(
        CoverageEvidence(
            # Released counts end with a month; of days to come nothing is said.
            last_day=min(coverage.question.last - timedelta(days=1), today()),
            last_session=tally.last_session[number],
            sessions=tally.sessions[number],
            reach=float(reach[number]),
            risk_above=share_below(gaps.risk.rate, number),
            reach_above=share_below(np.where(np.isnan(gaps.gap), np.nan, reach), number),
            gap_class=gaps.classes[number],
            is_approximate=protection is not None and not protection.is_exact[number],
        ),
        language,
    )
