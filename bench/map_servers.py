"""The product's server and tipg's beside it, for benchmarks; nothing to run by itself."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cli import server_process  # noqa: E402
from geo.settings import Settings  # noqa: E402

TIPG = ("tipg==1.6.1", "uvicorn[standard]==0.38.0")
START_SECONDS = 180


@contextmanager
def our_server(settings: Settings) -> Iterator[str]:
    """The server as `make up` starts it, one process; yields its address."""
    server = server_process.start(settings)
    try:
        yield server.address
    finally:
        server_process.SERVER.stop(settings)


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
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("tipg did not start")
