"""From an empty state directory to a served map and back, as `make up` and `make down` do it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psycopg
import pytest

from geo.settings import Settings


@dataclass
class Installation:
    """One checkout's state directory, and the commands on it."""

    home: Path
    root: Path
    taken_port: int
    first_words: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """The caller's environment, pointed to this installation."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {
            "BIENMAP_STATE": str(self.home / "state"),
            "BIENMAP_PORT": str(self.taken_port),
        }

    def run(self, *command: str) -> str:
        """Run a `bienmap` command, which must succeed; what it printed."""
        said = subprocess.run(
            [sys.executable, "-m", "cli.main", *command],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.root,
            env=self.environment,
        )
        assert said.returncode == 0, said.stdout + said.stderr
        return said.stdout

    @property
    def server(self) -> dict[str, object]:
        """What the pid file says."""
        return json.loads((self.home / "state" / "server.json").read_text())

    @property
    def worker(self) -> dict[str, object]:
        """What the pid file of the worker says."""
        return json.loads((self.home / "state" / "worker.json").read_text())

    def health(self) -> int:
        """HTTP status of the health endpoint."""
        with urlopen(f"http://127.0.0.1:{self.server['port']}/api/v1/health", timeout=90) as answer:
            return answer.status

    def counts(self) -> tuple[object, ...]:
        """Rows of the main tables."""
        [found] = self.query(
            "SELECT (SELECT count(*) FROM unit), (SELECT count(*) FROM incident),"
            " (SELECT count(*) FROM hotspot_run)"
        )
        return found

    def query(self, statement: LiteralString) -> list[tuple[object, ...]]:
        """What the database answers."""
        url = Settings(state_directory=self.home / "state", database_url="").database_url
        with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def installation(project_root: Path) -> Iterator[Installation]:
    """An installation that is up; the first port that it would like is taken."""
    home = Path(tempfile.mkdtemp(prefix="bienmap-up-"))
    home.chmod(0o755)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        made = Installation(home, project_root, taken.getsockname()[1])
        try:
            made.first_words = made.run("up")
            yield made
        finally:
            made.run("down")
            shutil.rmtree(home)


def test_serves_on_the_next_free_port_of_loopback_only(installation: Installation) -> None:
    server = installation.server
    assert installation.health() == 200
    assert int(str(server["port"])) > installation.taken_port
    sockets = Path(f"/proc/{server['pid']}/net/tcp").read_text().splitlines()[1:]
    ours = [line.split()[1] for line in sockets if line.split()[3] == "0A"]
    port = f"{server['port']:04X}"
    # 127.0.0.1 as the kernel writes it on a little-endian machine.
    assert [address for address in ours if address.endswith(f":{port}")] == [f"0100007F:{port}"]


def test_the_worker_finds_out_how_classes_hold(installation: Installation) -> None:
    assert installation.query("SELECT kind FROM job") == [("standard_runs",)]


def test_data_are_there(installation: Installation) -> None:
    units, incidents, runs = installation.counts()
    # 3,321 communes and 34 provinces of 2025, and the provinces and districts of 2024.
    assert int(str(units)) >= 3321 + 34 + 63
    assert int(str(incidents)) > 0
    assert int(str(runs)) > 0


def test_second_up_changes_nothing(installation: Installation) -> None:
    before = installation.counts(), installation.server, installation.worker
    said = installation.run("up")
    assert (installation.counts(), installation.server, installation.worker) == before
    assert f"http://127.0.0.1:{before[1]['port']}" in said
    assert f"running, pid {installation.worker['pid']}," in installation.run("status")


def sign_in(installation: Installation, username: str, password: str) -> int:
    """HTTP status of an attempt to sign in."""
    body = json.dumps({"username": username, "password": password}).encode()
    asked = Request(
        f"http://127.0.0.1:{installation.server['port']}/api/v1/session",
        body,
        {"Content-Type": "application/json"},
    )
    try:
        with urlopen(asked, timeout=90) as answer:  # noqa: S310
            return answer.status
    except HTTPError as error:
        return error.code


def test_demonstration_accounts_are_told_every_time_and_to_the_owner_alone(
    installation: Installation,
) -> None:
    file = installation.home / "state" / "demo-sign-ins.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    lines = file.read_text().splitlines()
    again = installation.run("up")
    assert len(lines) == 3
    for line, role in zip(lines, ("officer", "planner", "leader"), strict=True):
        username, password = line.split()[:2]
        assert username == f"demo-{role}"
        assert line in installation.first_words
        assert line in again
        assert sign_in(installation, username, password) == 201
        assert sign_in(installation, username, "demo") == 401


def test_killed_server_and_worker_come_back(installation: Installation) -> None:
    worker = installation.worker
    for killed in (installation.server, worker):
        os.kill(int(str(killed["pid"])), signal.SIGKILL)
    said = installation.run("status")
    assert said.count("đã dừng / stopped") == 2
    assert "đã dừng / stopped" in said.splitlines()[0]
    installation.run("up")
    assert installation.health() == 200
    assert installation.worker["pid"] != worker["pid"]


def test_changed_sources_restart_server_and_worker(installation: Installation) -> None:
    before, worker = installation.server, installation.worker
    for name, said in (("server", before), ("worker", worker)):
        known = json.dumps(said | {"sources": 0.0})
        (installation.home / "state" / f"{name}.json").write_text(known)
    installation.run("up")
    assert installation.server["pid"] != before["pid"]
    assert installation.worker["pid"] != worker["pid"]
    assert installation.health() == 200


def test_down_keeps_the_data(installation: Installation) -> None:
    before = installation.counts()
    pids = installation.server["pid"], installation.worker["pid"]
    installation.run("down")
    for pid in pids:
        words = Path(f"/proc/{pid}/cmdline")
        assert not words.exists() or not words.read_bytes()
    assert not (installation.home / "state" / "run" / ".s.PGSQL.5432").exists()
    installation.run("up")
    assert installation.counts() == before


def test_removed_demonstration_takes_its_accounts_along(installation: Installation) -> None:
    line = installation.first_words.split("demo-leader")[1].split()
    assert sign_in(installation, "demo-leader", line[0]) == 201
    assert "account: -3" in installation.run("demo", "remove")
    assert not (installation.home / "state" / "demo-sign-ins.txt").exists()
    assert sign_in(installation, "demo-leader", line[0]) == 401
    assert "demo-" not in installation.run("up")
