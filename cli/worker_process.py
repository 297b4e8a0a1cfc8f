"""The worker of this checkout as a background process: its pid file and its log."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from cli.server_process import newest_source, start_time
from geo.settings import Settings

STOP_TIMEOUT_SECONDS = 15


@dataclass(frozen=True)
class WorkerProcess:
    """A started worker.

    `begun` tells it from a later process that was given the same pid, `state` from the worker of
    another checkout that this one was copied from.
    """

    pid: int
    begun: str
    sources: float
    state: str


def _pid_file(settings: Settings) -> Path:
    return settings.state_directory / "worker.json"


def log_file(settings: Settings) -> Path:
    """Where the background worker writes what it has to say."""
    return settings.state_directory / "worker.log"


def running(settings: Settings) -> WorkerProcess | None:
    """The worker that was started from this checkout, if it still runs."""
    try:
        worker = WorkerProcess(**json.loads(_pid_file(settings).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    own = worker.state == str(settings.state_directory)
    return worker if own and start_time(worker.pid) == worker.begun else None


def start(settings: Settings) -> WorkerProcess:
    """Start the worker; it finds the database by itself, and waits for it if need be."""
    with log_file(settings).open("ab") as log:
        log_file(settings).chmod(0o600)
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "worker"],
            cwd=settings.project_root,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    worker = WorkerProcess(
        process.pid,
        start_time(process.pid) or "",
        newest_source(settings.project_root),
        str(settings.state_directory),
    )
    _pid_file(settings).write_text(json.dumps(asdict(worker)))
    return worker


def stop(settings: Settings) -> bool:
    """Ask the worker to end, and make it end if it does not; False if it did not run.

    The job that it is at goes back into the queue.
    """
    worker = running(settings)
    if worker is not None:
        os.kill(worker.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        while running(settings) and time.monotonic() < deadline:
            time.sleep(0.05)
        if running(settings):
            os.kill(worker.pid, signal.SIGKILL)
    _pid_file(settings).unlink(missing_ok=True)
    return worker is not None
