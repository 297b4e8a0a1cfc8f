"""Jobs as real workers do them, each a process of its own: killed, ended, cancelled, at night."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from geo.analysis.space_time import ScanParameters
from geo.pipeline import Question, ask_run
from geo.store import jobs
from geo.store.database import transaction

HEARTBEAT, TIMEOUT = 0.4, 1.6
PATIENCE_SECONDS = 240
Starting = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def starting(project_root: Path) -> Iterator[Starting]:
    """Starts a worker on a database; whatever it started is gone afterwards."""
    with ExitStack() as stack:

        def start(engine: Engine, **settings: str) -> subprocess.Popen[bytes]:
            environment = os.environ | {
                "DATABASE_URL": engine.url.render_as_string(hide_password=False),
                "BIENMAP_WORKER_HEARTBEAT_SECONDS": str(HEARTBEAT),
                "BIENMAP_WORKER_TIMEOUT_SECONDS": str(TIMEOUT),
                # Not in the midst of another test.
                "BIENMAP_NIGHTLY_AT": clock(timedelta(hours=6)),
            }
            worker = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "worker"],
                cwd=project_root,
                env=environment | settings,
            )
            stack.callback(worker.wait)
            stack.callback(worker.kill)
            return worker

        yield start


def clock(ahead: timedelta) -> str:
    """The time in Vietnam, so much later."""
    return f"{datetime.now(ZoneInfo('Asia/Ho_Chi_Minh')) + ahead:%H:%M:%S}"


def ask(engine: Engine, replications: int, level: str = "commune") -> UUID:
    """A scan that does not stop early."""
    parameters = ScanParameters(replications=replications, stop_after=replications + 1)
    days = date(2025, 1, 1), date(2026, 1, 1)
    with transaction(engine) as connection:
        return ask_run(connection, Question("2025", level, *days, (), parameters))


def job_of(engine: Engine, identifier: UUID) -> dict[str, Any]:
    with transaction(engine) as connection:
        return jobs.get_job(connection, identifier)


def wait_for(engine: Engine, identifier: UUID, state: str, progress: float = 0) -> dict[str, Any]:
    """The job once it is in that state, so far."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        job = job_of(engine, identifier)
        if job["state"] == state and job["progress"] >= progress:
            return job
        time.sleep(0.05)
    raise AssertionError(f"never {state}: {job}")


def runs(engine: Engine) -> list[UUID]:
    with transaction(engine) as connection:
        return list(connection.scalars(text("SELECT id FROM hotspot_run")))


def results(engine: Engine) -> int:
    """Rows of results that belong to no whole run, or to one."""
    with transaction(engine) as connection:
        return connection.execute(text("SELECT count(*) FROM hotspot_result")).scalar_one()


def test_a_job_survives_its_worker_and_is_done_once(api_engine: Engine, starting: Starting) -> None:
    first = starting(api_engine)
    asked = ask(api_engine, 600)
    assert ask(api_engine, 600) == asked
    job = wait_for(api_engine, asked, "running", 0.05)
    assert job["step"] == {"vi": "tính toán", "en": "computing"}
    second = starting(api_engine)
    first.kill()
    assert first.wait() == -signal.SIGKILL
    assert runs(api_engine) == []
    done = wait_for(api_engine, asked, "done")
    assert runs(api_engine) == done["runs"]
    assert results(api_engine) == 3321
    assert (done["progress"], done["reason"], done["attempts"]) == (1, None, 2)
    # Asked again, it is there: the same run, not computed anew.
    again = wait_for(api_engine, ask(api_engine, 600), "done")
    assert again["id"] != asked
    assert again["runs"] == done["runs"]
    assert again["attempts"] == 1

    # A job that is cancelled ends and leaves nothing.
    asked = ask(api_engine, 9_999)
    wait_for(api_engine, asked, "running", 0.05)
    waiting = ask(api_engine, 9_998)
    with transaction(api_engine) as connection:
        assert jobs.cancel(connection, waiting)["state"] == "cancelled"
        assert jobs.cancel(connection, asked)["cancel_requested"]
    cancelled = wait_for(api_engine, asked, "cancelled")
    assert cancelled["runs"] == []
    assert runs(api_engine) == done["runs"]

    # A worker that is told to end gives its job back, and ends in good order.
    asked = ask(api_engine, 9_999)
    wait_for(api_engine, asked, "running", 0.05)
    second.terminate()
    assert second.wait(PATIENCE_SECONDS) == 0
    assert job_of(api_engine, asked)["state"] == "queued"
    with transaction(api_engine) as connection:
        assert jobs.count_workers(connection, TIMEOUT) == 0
        jobs.cancel(connection, asked)


def test_what_fails_says_why_and_what_is_faulty_is_not_tried_again(
    engine: Engine, starting: Starting
) -> None:
    lacking = ask(engine, 99, "province")
    with transaction(engine) as connection:
        broken = jobs.ask(connection, "hotspot_run", {"method": "none"})
    starting(engine)
    job = wait_for(engine, lacking, "failed")
    assert job["attempts"] == 1
    assert job["reason"]["code"] == "units.not_loaded"
    assert job["reason"]["vi"].startswith("Chưa nạp ranh giới cấp “province”")
    job = wait_for(engine, broken, "failed")
    assert job["attempts"] == 3
    assert job["reason"]["code"] == "job.unexpected"
    assert "KeyError" in job["reason"]["en"]


def taken_and_left(engine: Engine) -> int:
    """A worker that took the next job, and was not heard of for an hour; its number."""
    with transaction(engine) as connection:
        connection.execute(text("SET LOCAL search_path = queue"))
        worker: int = connection.execute(
            text("SELECT worker_id FROM procrastinate_register_worker_v1()")
        ).scalar_one()
        connection.execute(text(f"SELECT procrastinate_fetch_job_v2(NULL, {worker})"))
        connection.execute(
            text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        )
    return worker


def test_a_worker_that_dies_again_and_again_fails_the_job(engine: Engine) -> None:
    asked = ask(engine, 99)
    step = {"vi": "tính toán", "en": "computing"}
    for attempt in (1, 2, 3):
        worker = taken_and_left(engine)
        with transaction(engine) as connection:
            assert jobs.tell(connection, asked, worker, 0.5, step) == "go on"
            # The worker itself knows that it lives.
            assert jobs.rescue(connection, worker, 60) == []
            assert jobs.rescue(connection, None, 60) == [(str(asked), attempt == 3)]
            assert jobs.rescue(connection, None, 60) == []
            # Should it come back, it hears that the job is not its own any more.
            assert jobs.tell(connection, asked, worker, 0.6, step) == "lost"
    job = job_of(engine, asked)
    assert (job["state"], job["attempts"]) == ("failed", 3)
    assert job["reason"]["code"] == "job.worker_died"


def test_a_job_that_was_to_be_cancelled_when_its_worker_died_is(engine: Engine) -> None:
    asked = ask(engine, 99)
    worker = taken_and_left(engine)
    with transaction(engine) as connection:
        assert jobs.cancel(connection, asked)["state"] == "running"
        assert jobs.tell(connection, asked, worker, 0.5, {}) == "cancel"
        jobs.rescue(connection, None, 60)
    cancelled = job_of(engine, asked)
    assert (cancelled["state"], cancelled["progress"]) == ("cancelled", 0.5)


def test_the_night_brings_the_standard_runs_once(engine: Engine, starting: Starting) -> None:
    at = {"BIENMAP_NIGHTLY_AT": clock(timedelta(seconds=5))}
    asked_for = datetime.now(ZoneInfo("UTC")) + timedelta(seconds=4)
    for _ in range(2):
        starting(engine, **at)
    deadline = time.monotonic() + PATIENCE_SECONDS
    found: list[dict[str, Any]] = []
    while not found and time.monotonic() < deadline:
        time.sleep(0.1)
        with transaction(engine) as connection:
            found = jobs.list_jobs(connection)
    [job] = found
    assert job["kind"] == "standard_runs"
    assert job["asked_at"] > asked_for
    # Of an empty store there are none to make.
    assert wait_for(engine, job["id"], "done")["runs"] == []
    time.sleep(2 * HEARTBEAT)
    with transaction(engine) as connection:
        assert len(jobs.list_jobs(connection)) == 1
