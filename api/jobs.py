"""Jobs that wait for a worker: how far they are, what became of them, and cancelling them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api.actors import ActingDatabase, SignedIn, require_role
from api.dependencies import json_response
from api.documentation import answers
from geo.store import jobs as store
from geo.store.actors import Actor

router = APIRouter(prefix="/jobs", tags=["hotspots"])
# Administrators keep accounts and boundaries; they see no incident with victims.
Asking = Annotated[Actor, Depends(require_role("officer", "planner", "leader"))]


@router.get("", summary="Jobs, the newest first", responses=answers("jobs", 401, 403, 422))
def listing(
    _actor: SignedIn,
    connection: ActingDatabase,
    state: store.State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """One's own; those who plan, lead or administer the whole country see all."""
    return json_response(store.list_jobs(connection, state, limit), Cache_Control="no-store")


@router.get("/{identifier}", summary="One job", responses=answers("job", 401, 403, 404, 422))
def get(_actor: SignedIn, connection: ActingDatabase, identifier: UUID) -> Response:
    """`state` is queued, running, done, failed or cancelled.

    While it runs, `progress` is the share that is done, 0 … 1, and `step` says what is being done,
    in both languages; while it waits, `step` says so if no worker is running.
    Once it is done, `runs` has the ids of hotspot runs. `reason` says why the
    last attempt failed; after three attempts it stays failed.
    """
    return json_response(store.get_job(connection, identifier), Cache_Control="no-store")


@router.delete(
    "/{identifier}", summary="Cancel a job", responses=answers("job", 401, 403, 404, 409, 422)
)
def cancel(_actor: SignedIn, connection: ActingDatabase, identifier: UUID) -> Response:
    """A queued one is cancelled at once; a running one, `cancel_requested`, at its next step.

    Nothing of a cancelled run is stored. One that has ended is a conflict.
    """
    return json_response(store.cancel(connection, identifier), Cache_Control="no-store")


@router.post(
    "/{identifier}/resume",
    summary="Resume a job",
    status_code=202,
    response_model=None,
    responses=answers("job", 401, 403, 404, 409, 422, 429, status=202),
)
def resume(actor: Asking, connection: ActingDatabase, identifier: UUID) -> Response:
    """What a cancelled or failed job asked is asked once more, as a job of one's own.

    Runs that it had stored by then answer at once. One that is done or goes on is a conflict.
    """
    job = store.resume(connection, identifier, actor.account_id)
    answer = json_response(job, Cache_Control="no-store", Location=f"/api/v1/jobs/{job['id']}")
    answer.status_code = 202
    return answer
