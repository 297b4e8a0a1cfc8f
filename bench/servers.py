"""The servers that benchmarks ask, and how somebody signs in there; nothing to run by itself.

Each ends with its block, after an error too.
"""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import httpx
import uvicorn

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from api.app import create_api  # noqa: E402
from cli import server_process  # noqa: E402
from geo.settings import Settings  # noqa: E402
from geo.store.database import create_engine  # noqa: E402

TIPG = ("tipg==1.6.1", "uvicorn[standard]==0.38.0")
START_SECONDS, END_SECONDS = 180, 30
# Of every account that a benchmark makes.
PASSWORD = "a password for the bench"  # noqa: S105


@contextmanager
def our_server(settings: Settings) -> Iterator[str]:
    """The server as `make up` starts it, one process; yields its address."""
    try:
        yield server_process.start(settings).address
    finally:
        server_process.SERVER.stop(settings)


@contextmanager
def api_server(settings: Settings) -> Iterator[str]:
    """The API alone, in a process of its own; yields its address."""
    # The protocol is named, or asyncio would leave Nagle's delay on: 40 ms for each answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        process = multiprocessing.get_context("fork").Process(
            target=_serve_api, args=(settings, listener), daemon=True
        )
        process.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            process.terminate()
            process.join(END_SECONDS)
            process.kill()


def _serve_api(settings: Settings, listener: socket.socket) -> None:
    application = create_api(settings, create_engine(settings.application_url))
    uvicorn.Server(uvicorn.Config(application, log_level="error")).run(sockets=[listener])


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """An application in a thread of this process; yields its address."""
    door = server_process.listen("127.0.0.1", 19_000, tried=500)
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def sign_in(address: str, name: str) -> str:
    """The cookie of a new session at a server of ours."""
    answer = httpx.post(
        f"{address}/api/v1/session",
        json={"username": name, "password": PASSWORD},
        headers={"Sec-Fetch-Site": "same-origin"},
        timeout=60,
    )
    answer.raise_for_status()
    return str(answer.headers["set-cookie"]).split(";")[0]


@contextmanager
def tipg_server(settings: Settings, schema: str) -> Iterator[str]:
    """tipg with its recommended server, one process, in an environment that uv makes for the run.

    It reads as the owner of the tables of `schema`, whom no policy holds back, with margins of
    tiles as wide as ours.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    directory = quote(str(settings.socket_directory), safe="")
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://bienmap@{directory}/bienmap",
        "TIPG_DB_SCHEMAS": f'["{schema}"]',
        "TIPG_TILE_BUFFER": "64",
        # The catalogue is read once: nothing of it changes while it is measured.
        "TIPG_CATALOG_TTL": "0",
    }
    uv = [str(ROOT / ".venv" / "bin" / "uv"), "run", "--no-project", "--isolated", "--quiet"]
    packages = [part for package in TIPG for part in ("--with", package)]
    serve = ["uvicorn", "tipg.main:app", "--port", str(port), "--log-level", "warning"]
    # A connection waits for the slowest of its turn, longer than the five seconds of the default.
    serve += ["--timeout-keep-alive", "120"]
    process = subprocess.Popen(
        [*uv, *packages, *serve],
        cwd="/",
        env=environment,
        start_new_session=True,
    )
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to end, and make it and what it started itself end if they do not."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(END_SECONDS)


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("tipg did not start")
