"""Asking for a hotspot run: the quick methods answer at once, the others leave it to a worker."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.dependencies import (
    Edition,
    Level,
    check_level,
    get_engine,
    incident_kinds,
    json_response,
    period,
)
from api.disclosure import audience_of
from api.documentation import answers
from api.jobs import Asking
from geo import pipeline
from geo.analysis.hotspots import Measure, MethodName, Neighbourhood
from geo.store import jobs
from geo.store.database import acting

router = APIRouter(prefix="/hotspot-runs", tags=["hotspots"])
# They take a second or two; whoever would rather not wait says so by Prefer: respond-async.
QUICK = ("gi_star", "local_moran")
ASYNCHRONOUS = "respond-async"
# Of a request, what is no parameter of a method.
OF_THE_QUESTION = {"edition", "level", "first", "last", "kinds", "method"}


class RunRequest(BaseModel):
    """What to analyse; the last day is included.

    A parameter that is left out is as usual for the method; one that the method does not have is
    refused. Emerging hotspots and scans take whole months, scans by `step_weeks` whole weeks.
    """

    model_config = ConfigDict(extra="forbid")

    edition: Edition = "2025"
    level: Level = "commune"
    first: date = Field(alias="from", examples=["2025-07-01"])
    last: date = Field(alias="to", examples=["2026-06-30"])
    kinds: list[str] = Field(default=[], max_length=20)
    method: MethodName = "gi_star"
    measure: Measure | None = None
    neighbourhood: Neighbourhood | None = None
    nearest: int | None = Field(default=None, ge=1, le=50)
    reach_metres: float | None = Field(default=None, ge=1, le=200_000)
    border_only: bool = False
    permutations: int | None = Field(default=None, ge=99, le=99_999)
    replications: int | None = Field(default=None, ge=99, le=9_999)
    step_months: int | None = Field(default=None, ge=1, le=12)
    step_weeks: int | None = Field(default=None, ge=1, le=26)
    prospective: bool | None = None
    longest: int | None = Field(default=None, ge=1, le=60)
    largest_share: float | None = Field(default=None, ge=0.001, le=0.5)


@router.post(
    "",
    summary="Analyse",
    status_code=201,
    response_model=None,
    responses=answers("hotspot_run_made", 400, 401, 403, 404, 422, 429, status=201)
    | answers("job", status=202),
)
def run(
    request: Request,
    actor: Asking,
    wanted: RunRequest,
    prefer: Annotated[
        str | None, Header(description="respond-async: leave it to a worker", max_length=200)
    ] = None,
) -> dict[str, Any] | Response:
    """For officers, planners and leaders.

    What would tell of single incidents is answered to who is responsible for the whole country
    alone, and the run is there for nobody else: a period of less than three whole months (13 weeks
    of a scan by weeks), several kinds of incident, or too few incidents for the units compared.

    Gi* and emerging hotspots of standardised rates, the usual measure, draw nothing: `permutations`
    are those of the other measures and of Moran's I.

    Gi* and local Moran's I are computed now: 201 with the id of the run. The other methods, and
    these too with `Prefer: respond-async`, wait for a worker: 202 with the job, whose address is in
    Location; once it is done, `runs` has the id. What was computed before is not computed again,
    and the same question asked twice while it waits is one job.
    """
    question, audience = _question(wanted), audience_of(actor)
    if wanted.method in QUICK and ASYNCHRONOUS not in (prefer or "").lower():
        made = pipeline.run_hotspots(get_engine(request), question, audience=audience)
        return {"id": str(made)}
    with acting(get_engine(request), actor.account_id) as connection:
        asked = pipeline.ask_run(connection, question, actor.account_id, audience)
        job = jobs.get_job(connection, asked)
    answer = json_response(job, Cache_Control="no-store", Location=f"/api/v1/jobs/{job['id']}")
    answer.status_code = 202
    return answer


def _question(wanted: RunRequest) -> pipeline.Question:
    check_level(wanted.edition, wanted.level)
    days = period(wanted.first, wanted.last)
    asked = wanted.model_dump(exclude=OF_THE_QUESTION)
    return pipeline.Question(
        wanted.edition,
        wanted.level,
        days.first,
        days.last,
        incident_kinds(wanted.kinds),
        pipeline.usual_parameters(wanted.method, asked),
    )
