"""A worker: takes jobs from the queue, one at a time, until it is told to end."""

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job
from procrastinate.worker import Worker
from sqlalchemy import Engine

from geo.dates import COUNTRY_TIME
from geo.errors import BienmapError, InputError, NotFoundError
from geo.pipeline.jobs import Lost, Stopped, Teller, answer_job, ask_standard
from geo.settings import Settings
from geo.store import jobs as store
from geo.store.database import create_engine, transaction
from geo.store.queue import AWAY, open_queue

QUEUE = "bienmap"
# Nightly runs that nobody started, since no worker was there, are caught up with so much later.
LATEST_SECONDS = 12 * 3600
KEPT_DAYS = 90
# A worker that is to end gives the job at hand back, after the step that it is at.
GRACE_SECONDS = 0.2
LOST_EXIT = 70

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience(BaseRetryStrategy):
    """Which jobs are tried again, and after how many seconds: not those with a fault in them."""

    seconds: float

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """None where it shall stay failed."""
        # Only an ended worker's jobs come here: a cancelled one is not asked about.
        if isinstance(exception, JobAborted):
            return RetryDecision()
        if isinstance(exception, InputError | NotFoundError):
            return None
        if job.attempts + 1 >= store.MOST_ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": int(self.seconds)})


def nightly_cron(at: time, now: datetime) -> str:
    """The nightly time of Vietnam as a cron expression in UTC, with seconds as its sixth field."""
    local = now.astimezone(COUNTRY_TIME).replace(
        hour=at.hour, minute=at.minute, second=at.second, microsecond=0
    )
    utc = local.astimezone(ZoneInfo("UTC"))
    return f"{utc.minute} {utc.hour} * * * {utc.second}"


def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, also over times when the database is away."""
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    engine = create_engine(settings.database_url, pool_size=2)
    ended = asyncio.Event()
    with _ended_by_signals(ended):
        while not ended.is_set():
            try:
                await _work_once(settings, engine, ended)
            except AWAY as error:
                log.warning("the database cannot be used: %s", error)
            if not ended.is_set():
                await _wait(ended, settings.worker_heartbeat_seconds)
    engine.dispose()


@contextmanager
def _ended_by_signals(ended: asyncio.Event) -> Iterator[None]:
    loop, signals = asyncio.get_running_loop(), (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, ended.set)
    yield
    for number in signals:
        loop.remove_signal_handler(number)


async def _wait(ended: asyncio.Event, seconds: float) -> None:
    """Until the worker is to end, or so many seconds."""
    try:
        await asyncio.wait_for(ended.wait(), seconds)
    except TimeoutError:
        return


async def _work_once(settings: Settings, engine: Engine, ended: asyncio.Event) -> None:
    """Work until told to end, or until the database goes away."""
    app = open_queue(settings.database_url)
    app.periodic_defaults = {"max_delay": LATEST_SECONDS}
    _add_tasks(app, settings, engine)
    heartbeat = settings.worker_heartbeat_seconds
    async with app.open_async():
        worker = Worker(
            app,
            queues=[QUEUE],
            fetch_job_polling_interval=heartbeat,
            abort_job_polling_interval=heartbeat,
            update_heartbeat_interval=heartbeat,
            stalled_worker_timeout=settings.worker_timeout_seconds,
            shutdown_graceful_timeout=GRACE_SECONDS,
            install_signal_handlers=False,
        )
        beside = [
            asyncio.create_task(_end_with(worker, ended)),
            asyncio.create_task(_rescue(worker, settings, engine)),
        ]
        log.info("a worker begins, nightly runs at %s of Vietnam", settings.nightly_at)
        try:
            await worker.run()
        finally:
            for task in beside:
                task.cancel()
    log.info("the worker has ended")


async def _end_with(worker: Worker, ended: asyncio.Event) -> None:
    await ended.wait()
    worker.stop()


async def _rescue(worker: Worker, settings: Settings, engine: Engine) -> None:
    """Look after jobs whose worker died, as long as this one lives."""

    def take_back() -> list[tuple[str, bool]]:
        with transaction(engine) as connection:
            return store.rescue(connection, worker.worker_id, settings.worker_timeout_seconds)

    while True:
        await asyncio.sleep(settings.worker_heartbeat_seconds)
        try:
            taken = await asyncio.to_thread(take_back)
        except BienmapError as error:
            log.warning("dead workers cannot be looked for: %s", error)
            continue
        for job, is_given_up in taken:
            log.warning("job %s of a dead worker %s", job, "fails" if is_given_up else "waits anew")


def _add_tasks(app: App, settings: Settings, engine: Engine) -> None:
    patience = Patience(settings.worker_timeout_seconds)

    @app.task(name="answer", queue=QUEUE, pass_context=True, retry=patience)
    def answer(context: JobContext, job: str) -> None:
        worker = context.job.worker_id or 0
        log.info("job %s begins", job)
        try:
            answer_job(engine, UUID(job), Teller(engine, UUID(job), worker, context.should_abort))
        except Stopped:
            log.info("job %s is not to go on", job)
            raise JobAborted from None
        except Lost:
            # Whatever this process said of the job now, it would say of the other worker's.
            log.error("job %s was taken over: not heard of for too long, this worker ends", job)
            os._exit(LOST_EXIT)
        log.info("job %s is done", job)

    @app.periodic(cron=nightly_cron(settings.nightly_at, datetime.now(COUNTRY_TIME)))
    @app.task(name="nightly", queue=QUEUE, queueing_lock="nightly", retry=patience)
    def nightly(timestamp: int) -> None:
        with transaction(engine) as connection:
            store.forget(connection, KEPT_DAYS)
            if not store.standard_since(connection, timestamp):
                ask_standard(connection)
