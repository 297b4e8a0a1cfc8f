"""Jobs: asking, reading and cancelling them; and what a worker tells of the one it is at."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal, get_args
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from geo.errors import BienmapError, ConflictError, NotFoundError, ResourceError, ThrottledError
from geo.store.database import query

Kind = Literal["hotspot_run", "standard_runs"]
State = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: tuple[State, ...] = get_args(State)
# What a worker hears when it tells how far it is.
Word = Literal["go on", "cancel", "lost"]
# One person's jobs that wait or run.
MOST_AT_ONCE = 5
MOST_ATTEMPTS = 3
SHOWN = (
    "id, kind, question, state, attempts, progress, step, reason, runs, cancel_requested, asked_at,"
    " started_at, finished_at"
)
DIED = ResourceError(
    "job.worker_died",
    f"Máy tính toán ngừng giữa chừng {MOST_ATTEMPTS} lần. Hãy xem nhật ký và bộ nhớ của máy chạy"
    " `bienmap worker`, rồi yêu cầu lại.",
    f"The worker died {MOST_ATTEMPTS} times in the middle. Look at the log and the memory of the"
    " machine that runs `bienmap worker`, then ask again.",
)
# A worker says every few seconds that it lives.
HEARD_SECONDS = 60.0
NOBODY = {
    "vi": "chưa có máy tính toán nào hoạt động: quản trị viên cần chạy `bienmap worker`",
    "en": "no worker is running: an administrator has to start `bienmap worker`",
}
GIVE_UP = text("SELECT queue.procrastinate_finish_job_v1(:id, 'failed', false)")
TAKE_BACK = text("SELECT queue.procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)")


def ask(
    connection: Connection, kind: Kind, question: Mapping[str, Any], asked_by: UUID | None = None
) -> UUID:
    """Queue a question; the id of its job. The same one asked again meanwhile is the same job.

    Args:
        question: as JSON.
        asked_by: the account; None for the machine's own commands.

    Raises:
        ThrottledError: too many jobs of this person are waiting or running.
    """
    said = json.dumps([kind, question, str(asked_by)], sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()
    if known := _active(connection, digest):
        return known
    _refuse_too_many(connection, asked_by)
    made: UUID | None = connection.execute(
        text(
            "INSERT INTO job (kind, question, digest, asked_by) VALUES"
            " (:kind, :question, :digest, :asked_by)"
            " ON CONFLICT (digest) WHERE state IN ('queued', 'running') DO NOTHING RETURNING id"
        ),
        {"kind": kind, "question": Jsonb(question), "digest": digest, "asked_by": asked_by},
    ).scalar()
    # Somebody else was faster; if that job has ended since, the question is to be asked anew.
    return made or _active(connection, digest) or ask(connection, kind, question, asked_by)


def _active(connection: Connection, digest: str) -> UUID | None:
    found: UUID | None = connection.execute(
        text("SELECT id FROM job WHERE digest = :digest AND state IN ('queued', 'running')"),
        {"digest": digest},
    ).scalar()
    return found


def _refuse_too_many(connection: Connection, asked_by: UUID | None) -> None:
    if asked_by is None:
        return
    number = connection.execute(
        text(
            "SELECT count(*) FROM job WHERE asked_by = :asked_by AND state IN ('queued', 'running')"
        ),
        {"asked_by": asked_by},
    ).scalar_one()
    if number >= MOST_AT_ONCE:
        raise ThrottledError(
            "job.too_many",
            f"Bạn đang có {number} việc chờ tính hoặc đang tính. Hãy đợi một việc xong, hoặc hủy"
            " bớt, rồi yêu cầu lại.",
            f"You have {number} jobs waiting or running. Wait until one is done, or cancel one, and"
            " ask again.",
            retry_after=60,
        )


def list_jobs(
    connection: Connection, state: State | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """At most so many jobs that may be seen, the newest first."""
    rows = connection.execute(
        text(
            f"SELECT {SHOWN} FROM job"  # noqa: S608 fixed names
            " WHERE CAST(:state AS text) IS NULL OR state = :state"
            " ORDER BY asked_at DESC, id DESC LIMIT :limit"
        ),
        {"state": state, "limit": limit},
    )
    return _told(connection, [dict(row) for row in rows.mappings()])


def _told(connection: Connection, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same jobs; those that wait while no worker lives say so as their step."""
    waiting = [job for job in jobs if job["state"] == "queued"]
    if waiting and not count_workers(connection, HEARD_SECONDS):
        for job in waiting:
            job["step"] = NOBODY
    return jobs


def get_job(connection: Connection, identifier: UUID) -> dict[str, Any]:
    """One job.

    Raises:
        NotFoundError: there is none that may be seen.
    """
    row = connection.execute(
        text(f"SELECT {SHOWN} FROM job WHERE id = :id"),  # noqa: S608 fixed names
        {"id": identifier},
    ).mappings()
    if found := row.first():
        return _told(connection, [dict(found)])[0]
    raise NotFoundError(
        "job.unknown", f"Không có việc {identifier}.", f"There is no job {identifier}."
    )


def cancel(connection: Connection, identifier: UUID) -> dict[str, Any]:
    """End a job: a queued one at once, a running one as soon as its worker hears of it.

    Returns:
        The job as it is now.

    Raises:
        NotFoundError: there is none that may be seen.
        ConflictError: it has ended already.
    """
    job = get_job(connection, identifier)
    changed = connection.execute(
        text(
            "UPDATE job SET cancel_requested = true"
            " WHERE id = :id AND state IN ('queued', 'running')"
        ),
        {"id": identifier},
    )
    if not changed.rowcount and job["state"] != "cancelled":
        raise ConflictError(
            "job.ended",
            "Việc này đã kết thúc, không hủy được nữa.",
            "This job has ended: it cannot be cancelled any more.",
            state=job["state"],
        )
    return get_job(connection, identifier)


def resume(
    connection: Connection, identifier: UUID, asked_by: UUID | None = None
) -> dict[str, Any]:
    """Ask once more what a job asked that was cancelled or has failed.

    What it had stored by then answers at once.

    Returns:
        The new job, or the one that asks the same already.

    Raises:
        NotFoundError: there is none that may be seen.
        ConflictError: it is done, or still goes on.
        ThrottledError: too many jobs of this person are waiting or running.
    """
    job = get_job(connection, identifier)
    if job["state"] not in ("cancelled", "failed"):
        raise ConflictError(
            "job.not_stopped",
            "Chỉ tiếp tục được việc đã hủy hoặc bị lỗi; việc này thì không.",
            "Only a cancelled or failed job can be resumed; this one is neither.",
            state=job["state"],
        )
    return get_job(connection, ask(connection, job["kind"], job["question"], asked_by))


def tell(
    connection: Connection, job: UUID, worker: int, progress: float, step: Mapping[str, str]
) -> Word:
    """Keep how far a worker is with a job.

    Returns:
        Whether it shall go on, end because somebody cancelled the job, or has lost it: it was not
        heard of for long, and another one has taken the job.
    """
    values = {"job": job, "worker": worker, "progress": progress, "step": Jsonb(step)}
    said = connection.execute(query("tell_job"), values).first()
    if said is None:
        return "lost"
    return "cancel" if said[0] else "go on"


def keep_runs(connection: Connection, job: UUID, runs: list[UUID]) -> None:
    """The runs that a job made."""
    connection.execute(
        text("UPDATE job SET runs = :runs WHERE id = :id"), {"id": job, "runs": runs}
    )


def keep_reason(connection: Connection, job: UUID, error: BienmapError) -> None:
    """Why an attempt failed."""
    reason = {"code": error.code, "vi": error.vi, "en": error.en}
    connection.execute(
        text("UPDATE job SET reason = :reason WHERE id = :id"), {"id": job, "reason": Jsonb(reason)}
    )


def rescue(connection: Connection, own: int | None, timeout: float) -> list[tuple[str, bool]]:
    """Take jobs back whose worker was not heard of for `timeout` seconds.

    They wait for a worker again, or have failed if that was their last attempt.

    Args:
        own: the worker that asks, which knows that it lives.

    Returns:
        Each job and whether it was given up.
    """
    taken = []
    stalled = connection.execute(query("stalled_jobs"), {"own": own, "timeout": timeout}).all()
    for row in stalled:
        is_last = row.attempts >= MOST_ATTEMPTS
        if is_last and row.job:
            keep_reason(connection, UUID(row.job), DIED)
        connection.execute(GIVE_UP if is_last else TAKE_BACK, {"id": row.id})
        taken.append((row.job or "nightly", is_last))
    return taken


def forget(connection: Connection, days: int) -> None:
    """Delete jobs that ended so many days ago; what they computed stays."""
    connection.execute(query("forget_jobs"), {"days": days})


def count_workers(connection: Connection, timeout: float) -> int:
    """Workers, on whatever machine, that were heard of within `timeout` seconds."""
    number: int = connection.execute(
        text("SELECT workers_heard_of(:timeout)"), {"timeout": timeout}
    ).scalar_one()
    return number


def standard_since(connection: Connection, moment: float) -> bool:
    """Whether standard runs were made or confirmed since a moment, in seconds since 1970."""
    found: bool = connection.execute(
        text("SELECT coalesce(max(standard_at) >= to_timestamp(:at), false) FROM hotspot_run"),
        {"at": moment},
    ).scalar_one()
    return found
