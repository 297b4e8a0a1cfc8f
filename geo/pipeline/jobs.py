"""What workers do: answer the question of a job, and tell meanwhile how far they are."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from geo.analysis.hotspots import METHODS
from geo.errors import BienmapError, ResourceError
from geo.pipeline.hotspot_disclosure import narrow, refuse_narrow
from geo.pipeline.hotspot_questions import (
    Question,
    check_period,
    question_of,
    stored_question,
)
from geo.pipeline.hotspot_stability import examine_all
from geo.pipeline.hotspots import run_hotspots, run_standard
from geo.pipeline.observed import refuse_unfinished
from geo.pipeline.progress import EXAMINING, Step, Watch
from geo.pipeline.releases import EVERYTHING, PUBLIC, Audience
from geo.store import jobs as store
from geo.store.database import transaction

# How often a worker tells how far it is, and hears whether to go on.
SECONDS_BETWEEN_WORDS = 0.5


class Stopped(Exception):  # noqa: N818 no error: somebody cancelled the job, or ended the worker
    """The job is not to go on."""


class Lost(Exception):  # noqa: N818 no error of the job
    """Another worker has taken the job over: this one was not heard of for too long."""


def ask_run(
    connection: Connection,
    question: Question,
    asked_by: UUID | None = None,
    audience: Audience = EVERYTHING,
) -> UUID:
    """Queue a hotspot run; the id of its job.

    Args:
        audience: who asks; whether too few incidents take part for it, the worker will see.

    Raises:
        InputError: the method cannot take the period, or part of it is still to come.
        NarrowQuestionError: the run would tell the audience of single incidents.
        ThrottledError: too many jobs of this person are waiting or running.
    """
    refuse_unfinished(question.period_from, question.period_to)
    check_period(question)
    refuse_narrow(narrow(question), audience)
    asked = stored_question(question) | {"sees_all": audience.sees_all}
    return store.ask(connection, "hotspot_run", asked, asked_by)


def ask_standard(connection: Connection) -> UUID:
    """Queue the standard runs; the id of their job."""
    return store.ask(connection, "standard_runs", {})


@dataclass
class Teller:
    """Tells the database how far a worker is with a job; raises when it is not to go on.

    `is_ended` says whether the worker knows already that the job is not to go on.
    """

    engine: Engine
    job: UUID
    worker: int
    is_ended: Callable[[], bool]
    last_step: Step | None = None
    last_word: float = 0.0
    word: store.Word = "go on"

    def __call__(self, step: Step, share: float) -> None:
        """As `Watch`.

        Raises:
            Stopped: somebody cancelled the job, or the worker is to end.
            Lost: another worker has the job.
        """
        if self.is_ended():
            raise Stopped
        now = time.monotonic()
        if step != self.last_step or now - self.last_word >= SECONDS_BETWEEN_WORDS:
            self.last_step, self.last_word = step, now
            said = {"vi": step.vi, "en": step.en}
            with transaction(self.engine) as connection:
                self.word = store.tell(connection, self.job, self.worker, min(share, 1.0), said)
        # Also what another thread was told.
        if self.word == "lost":
            raise Lost
        if self.word == "cancel":
            raise Stopped


def answer_job(engine: Engine, job: UUID, watch: Watch) -> list[UUID]:
    """Compute what a job asks for; the ids of the runs, which the job keeps too.

    Raises:
        BienmapError: why it cannot be; the job keeps the reason.
        Stopped, Lost: as `watch` raises them; no half run is stored.
    """
    with transaction(engine) as connection:
        asked = store.get_job(connection, job)
    try:
        runs = _compute(engine, asked, watch)
    except (Stopped, Lost):
        raise
    except BienmapError as error:
        _keep_reason(engine, job, error)
        raise
    except Exception as error:
        _keep_reason(engine, job, _unexpected(error))
        raise
    with transaction(engine) as connection:
        store.keep_runs(connection, job, runs)
    return runs


def _compute(engine: Engine, asked: dict[str, Any], watch: Watch) -> list[UUID]:
    question = question_of(asked["question"]) if asked["kind"] == "hotspot_run" else None
    # Of whoever does not see all, the units are no matter.
    audience = EVERYTHING if asked["question"].get("sees_all") else PUBLIC
    if question and question.parameters.method not in METHODS:
        return [run_hotspots(engine, question, audience=audience, watch=watch)]

    # A worker has the time to see how classes hold, too: that is the second half.
    def watch_first(step: Step, share: float) -> None:
        watch(step, share / 2)

    if question:
        made = [run_hotspots(engine, question, audience=audience, watch=watch_first)]
    else:
        made = run_standard(engine, watch=watch_first)
    examine_all(engine, made, lambda share: watch(EXAMINING, 0.5 + share / 2))
    return made


def _keep_reason(engine: Engine, job: UUID, error: BienmapError) -> None:
    with transaction(engine) as connection:
        store.keep_reason(connection, job, error)


def _unexpected(error: Exception) -> ResourceError:
    name = type(error).__name__
    return ResourceError(
        "job.unexpected",
        f"Có lỗi ngoài dự kiến ({name}); quản trị viên xem chi tiết trong nhật ký của máy tính"
        " toán (`bienmap worker`).",
        f"Something unexpected failed ({name}); the log of the worker (`bienmap worker`) has the"
        " details.",
    )
