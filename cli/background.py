"""Processes of this checkout in the background: their pid files, their logs, and ending them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Generic, TypeVar

from geo.settings import Settings

STOP_TIMEOUT_SECONDS = 15
PACKAGES = ("cli", "geo", "layers", "api", "web")


@dataclass(frozen=True)
class Process:
    """A started process.

    `begun` tells it from a later process that was given the same pid, `state` from that of another
    checkout that this one was copied from; `sources` is when the product had last changed.
    """

    pid: int
    begun: str
    sources: float
    state: str


Kind = TypeVar("Kind", bound=Process)


@dataclass(frozen=True)
class Background(Generic[Kind]):
    """One process of a checkout, known by its name; `kind` is what its pid file keeps."""

    name: str
    kind: type[Kind]

    def log_file(self, settings: Settings) -> Path:
        """Where it writes what it has to say."""
        return settings.state_directory / f"{self.name}.log"

    def running(self, settings: Settings) -> Kind | None:
        """The process that was started from this checkout, if it still runs."""
        try:
            known = self.kind(**json.loads(self._pid_file(settings).read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        own = known.state == str(settings.state_directory)
        return known if own and start_time(known.pid) == known.begun else None

    def start(
        self,
        settings: Settings,
        command: list[str],
        *,
        pass_fds: Collection[int] = (),
        **more: object,
    ) -> tuple[Kind, subprocess.Popen[bytes]]:
        """Start `bienmap` with a command of its own, and keep what it is known by.

        Args:
            pass_fds: open files that it inherits.
            more: what the pid file keeps beside what is known of every process.
        """
        sources = newest_source(settings.project_root)
        with self.log_file(settings).open("ab") as log:
            self.log_file(settings).chmod(0o600)
            process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", *command],
                cwd=settings.project_root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=tuple(pass_fds),
                start_new_session=True,
            )
        begun, state = start_time(process.pid) or "", str(settings.state_directory)
        known = self.kind(pid=process.pid, begun=begun, sources=sources, state=state, **more)
        self._pid_file(settings).write_text(json.dumps(asdict(known)))
        return known, process

    def stop(self, settings: Settings) -> bool:
        """Ask it to end, and make it end if it does not; False if it did not run."""
        known = self.running(settings)
        if known is not None:
            os.kill(known.pid, signal.SIGTERM)
            deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
            while self.running(settings) and time.monotonic() < deadline:
                time.sleep(0.05)
            if self.running(settings):
                os.kill(known.pid, signal.SIGKILL)
        self._pid_file(settings).unlink(missing_ok=True)
        return known is not None

    def _pid_file(self, settings: Settings) -> Path:
        return settings.state_directory / f"{self.name}.json"


# What a worker is at goes back into the queue when it is asked to end; it waits for the database.
WORKER = Background("worker", Process)


def start_time(pid: int) -> str | None:
    """When a process began, as the system writes it; None if there is none, or only its remains."""
    if Path("/proc/self/stat").exists():
        try:
            # The name in parentheses may hold spaces and parentheses of its own.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    said = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return said.stdout.strip() or None


def newest_source(root: Path) -> float:
    """When the product's files last changed, in seconds since 1970."""
    kinds = {".py", ".sql", ".html", ".js", ".css", ".csv", ".json"}
    files = [path for package in PACKAGES for path in (root / package).rglob("*.*")]
    locks = [root / "requirements.lock", root / "package-lock.json"]
    return max(
        path.stat().st_mtime for path in [*files, *locks] if path.suffix in {*kinds, ".lock"}
    )
