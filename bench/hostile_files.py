"""What hostile files cost a server that takes them: time to the refusal, memory of the parser.

    make bench

Sends every hostile file of the tests, those for records and those for boundaries alike, through
`POST /api/v1/imports` to a running server, as an officer would. `peak_mb` is the largest resident
set of the processes that parse. The goals are 5 s and 512 MB, and an answer of 4xx.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402
from servers import serving  # noqa: E402

from api.app import create_api  # noqa: E402
from geo.settings import load_settings  # noqa: E402
from geo.store.accounts import NewAccount, create_account  # noqa: E402
from geo.store.actors import COUNTRY  # noqa: E402
from geo.store.database import create_engine, migrate, transaction  # noqa: E402
from tests import hostile_files as boundary_files  # noqa: E402
from tests.api import test_hostile_uploads as uploads  # noqa: E402

MOST_SECONDS, MOST_MB = 5.0, 512.0
ADDRESS = "/api/v1/imports?record_type=incident"
# Nothing listens there: a parser that asked would be seen by the tests, not here.
NOWHERE = "http://127.0.0.1:9"


class Watcher(threading.Thread):
    """Notes the largest resident set of the processes that this one starts."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_kb = 0
        self.over = threading.Event()

    def run(self) -> None:
        """Look every few milliseconds; the kernel keeps each process's own peak."""
        while not self.over.wait(0.003):
            for path in Path("/proc").glob("[0-9]*"):
                self.peak_kb = max(self.peak_kb, _peak_kb(path))


def _peak_kb(process: Path) -> int:
    try:
        lines = (process / "status").read_text().splitlines()
        said = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        is_child = said["PPid"] == str(os.getpid())
        # Before it runs its own program a child still shows this one's memory.
        if not is_child or b"sandbox" not in (process / "cmdline").read_bytes():
            return 0
        return int(said["VmHWM"].split()[0])
    except (OSError, KeyError, ValueError):
        return 0


@contextmanager
def signed_in() -> Iterator[httpx.Client]:
    """A client that has signed in at a server of this process, on a free port."""
    settings = load_settings()
    migrate(settings.database_url)
    owner = create_engine(settings.database_url)
    name, password = f"hostile-{uuid4().hex}", uuid4().hex
    with transaction(owner) as connection:
        create_account(connection, NewAccount(name, "Bench", "officer", (COUNTRY,)), password)
    engine = create_engine(settings.application_url)
    with (
        serving(create_api(settings, engine)) as address,
        httpx.Client(base_url=address, headers={"Origin": address}, timeout=120) as client,
    ):
        typed = {"username": name, "password": password}
        client.post("/api/v1/session", json=typed).raise_for_status()
        yield client
    engine.dispose()
    owner.dispose()


def hostile_contents(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of every hostile file; what is none (a folder, a device) cannot be sent."""
    secret = directory / "secret.txt"
    secret.write_text("secret")
    for name, make in uploads.REFUSED.items():
        yield name, make(uploads.Canary(secret, NOWHERE, []))
    for name, row in uploads.ROWS.items():
        yield name, (uploads.HEAD + row + "\n").encode()
    for name, (make_file, _) in boundary_files.HOSTILE.items():
        place = directory / name
        place.mkdir()
        path = make_file(place, boundary_files.Canary(secret, NOWHERE))
        if path.is_file():
            yield f"{name}{path.suffix}", path.read_bytes()


def main() -> None:
    """Print a JSON line for each file and one for the worst of all."""
    watcher = Watcher()
    watcher.start()
    rows = []
    with tempfile.TemporaryDirectory() as directory, signed_in() as client:
        for name, content in hostile_contents(Path(directory)):
            watcher.peak_kb = 0
            begun = time.perf_counter()
            answer = client.post(ADDRESS, files={"file": (name, content)})
            row = {
                "bench": f"hostile file {name}",
                "status": answer.status_code,
                "bytes": len(content),
                "seconds": round(time.perf_counter() - begun, 3),
                "peak_mb": round(watcher.peak_kb / 1024, 1),
            }
            if answer.is_success:
                report = answer.json()
                row |= {key: report[key] for key in ("rows_added", "rows_rejected")}
            rows.append(row)
            print(json.dumps(row, ensure_ascii=False), flush=True)
    watcher.over.set()
    worst = {
        "bench": "hostile files, worst",
        "files": len(rows),
        "server_errors": sum(row["status"] >= 500 for row in rows),
        "rows_added": sum(row.get("rows_added", 0) for row in rows),
        "seconds": max(row["seconds"] for row in rows),
        "goal_seconds": MOST_SECONDS,
        "peak_mb": max(row["peak_mb"] for row in rows),
        "goal_mb": MOST_MB,
    }
    print(json.dumps(worst), flush=True)


if __name__ == "__main__":
    main()
