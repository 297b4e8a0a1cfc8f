"""What a parser can do in the sandbox, asked from inside: the functions run in the child."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.errors import InputError
from geo.importers.sandbox import DEFAULT_LIMITS, Limits, run_sandboxed

HERE = "tests.geo.importers.test_sandbox"


def echo(path: Path, word: str) -> bytes:
    return path.read_bytes() + word.encode()


def attempt(path: Path, outside: str, port: int) -> bytes:
    """Try what a parser that was taken over would try, and tell what became of it."""

    def connect() -> None:
        with socket.socket() as client:
            client.connect(("127.0.0.1", port))

    attempts: dict[str, Callable[[], Any]] = {
        "read a secret": lambda: Path(outside).read_bytes(),
        "read the accounts": lambda: Path("/etc/passwd").read_bytes(),
        "list a home": lambda: os.listdir("/root"),  # noqa: PTH208 - the plain call
        "write outside": lambda: Path(outside).write_bytes(b"x"),
        "delete outside": lambda: Path(outside).unlink(),
        "connect": connect,
        "run a program": lambda: subprocess.run(["/bin/true"], check=False),
        "kill the parent": lambda: os.kill(os.getppid(), signal.SIGTERM),
        "raise a limit": lambda: resource.setrlimit(resource.RLIMIT_CPU, (10_000, 10_000)),
    }
    outcome = {}
    for name, action in attempts.items():
        try:
            action()
            outcome[name] = "done"
        except (OSError, ValueError) as error:
            outcome[name] = type(error).__name__
    outcome["variables"] = " ".join(os.environ)
    Path("scratch").write_bytes(b"working files are allowed")
    return json.dumps(outcome).encode()


def refuse(path: Path) -> bytes:
    raise InputError("too_odd", "quá lạ", "too odd", row=7)


def fail(path: Path) -> bytes:
    raise RuntimeError("the parser\ngave up")


def crash(path: Path) -> bytes:
    os.abort()


def allocate(path: Path) -> bytes:
    return bytes(2**31)


def answer_at_length(path: Path) -> bytes:
    return bytes(20 * 2**20)


def spin(path: Path) -> bytes:
    while True:
        pass


def sleep(path: Path) -> bytes:
    time.sleep(60)
    return b""


def open_many(path: Path) -> bytes:
    files = [path.open("rb") for _ in range(200)]
    return str(len(files)).encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.bin"
    path.write_bytes(b"content")
    return path


def test_function_gets_the_file_and_its_answer_comes_back(file: Path) -> None:
    arguments = {"word": "xã"}
    assert run_sandboxed(f"{HERE}:echo", file, arguments=arguments) == "contentxã".encode()


def test_nothing_outside_can_be_reached(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:password@host/db")
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        arguments = {"outside": str(secret), "port": server.getsockname()[1]}
        outcome = json.loads(run_sandboxed(f"{HERE}:attempt", file, arguments=arguments))
        with pytest.raises(TimeoutError):
            server.accept()
    assert "DATABASE_URL" not in outcome.pop("variables")
    assert "done" not in outcome.values(), outcome
    assert secret.read_bytes() == b"secret"


def test_an_ordinary_user_gets_the_same_protection(file: Path) -> None:
    """The same attempts, started by a user without any privilege."""
    code = (
        "import json, sys; from pathlib import Path; from geo.importers.sandbox import *;"
        "print(run_sandboxed(sys.argv[1], Path(sys.argv[2]),"
        " arguments={'outside': '/etc/hostname', 'port': 9}).decode())"
    )
    ordinary = {"user": 12345, "group": 12345, "extra_groups": []} if os.geteuid() == 0 else {}
    result = subprocess.run(
        [sys.executable, "-c", code, f"{HERE}:attempt", "/etc/hostname"],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[3],
        **ordinary,
    )
    outcome = json.loads(result.stdout)
    outcome.pop("variables")
    assert "done" not in outcome.values(), outcome


def test_refusal_comes_back_as_it_was(file: Path) -> None:
    with pytest.raises(InputError) as refused:
        run_sandboxed(f"{HERE}:refuse", file)
    error = refused.value
    assert (error.code, error.vi, error.en, error.context) == (
        "too_odd",
        "quá lạ",
        "too odd",
        {"row": 7},
    )


@pytest.mark.parametrize(
    ("function", "code", "limits"),
    [
        ("fail", "file_unreadable", DEFAULT_LIMITS),
        ("crash", "file_unreadable", DEFAULT_LIMITS),
        ("open_many", "file_unreadable", DEFAULT_LIMITS),
        ("allocate", "file_too_heavy", Limits(memory_bytes=2**30)),
        ("answer_at_length", "file_unreadable", Limits(file_bytes=2**20)),
        ("spin", "file_too_slow", Limits(cpu_seconds=1)),
        ("sleep", "file_too_slow", Limits(wall_seconds=1.5)),
        ("echo", "file_too_big", Limits(input_bytes=6)),
    ],
)
def test_every_end_of_the_child_is_told(
    function: str, code: str, limits: Limits, file: Path
) -> None:
    with pytest.raises(InputError) as refused:
        run_sandboxed(f"{HERE}:{function}", file, limits=limits)
    assert refused.value.code == code
    assert "some.bin" in refused.value.vi
    assert "some.bin" in refused.value.en


def test_reason_of_a_failure_is_one_line(file: Path) -> None:
    with pytest.raises(InputError) as refused:
        run_sandboxed(f"{HERE}:fail", file)
    assert "(RuntimeError: the parser gave up)" in refused.value.en


def test_named_pipe_does_not_block(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.gpkg"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="not_a_file"):
        run_sandboxed(f"{HERE}:echo", pipe)


def test_no_working_directory_and_no_child_stays(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = children()
    with pytest.raises(InputError):
        run_sandboxed(f"{HERE}:sleep", file, limits=Limits(wall_seconds=1))
    assert list(tmp_path.iterdir()) == [file]
    # Other tests of this process may have children of their own.
    assert children() <= before


def children() -> set[str]:
    """Process ids of this process's children, ended ones that nobody has waited for included."""
    lists = Path("/proc/self/task").glob("*/children")
    return {child for one in lists for child in one.read_text().split()}
