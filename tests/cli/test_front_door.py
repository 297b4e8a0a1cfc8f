"""The front door: what `make`, the scripts, the containers and the `bienmap` command promise."""

import json
import os
import re
import socket
import subprocess
import sys
from datetime import datetime, time
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from typer.main import get_group

from cli import cluster, main, server_process
from cli.background import start_time
from cli.server_process import SERVER
from geo.errors import ResourceError
from geo.pipeline.worker import nightly_cron
from geo.settings import Settings, load_settings

SCRIPTS = ("scripts/setup", "scripts/system.sh", "scripts/lint", "scripts/test", "scripts/bench")
SHELL = (*SCRIPTS, "scripts/container-database.sh", ".ci/run")
UNPRIVILEGED = 65534


def free_ports(number: int) -> int:
    """First of so many free ports in a row."""
    for first in range(21000, 30000, number):
        try:
            for port in range(first, first + number):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports")


def test_help_is_quick_because_it_imports_no_numerics(project_root: Path) -> None:
    program = (
        "import sys; from typer.testing import CliRunner; from cli.main import app; "
        "answer = CliRunner().invoke(app, ['--help']); assert answer.exit_code == 0; "
        "assert 'boundaries' in answer.output; "
        "print(sorted({'pandas', 'numpy', 'sqlalchemy', 'uvicorn'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=project_root,
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("name", main.ENTRIES)
def test_every_command_that_help_lists_exists(name: str) -> None:
    entry = main.ENTRIES[name]
    group = get_group(import_module(entry.module).app)
    assert entry.command is None or entry.command in group.commands
    assert group.commands


def test_domain_errors_end_a_command_in_both_languages(project_root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = subprocess.run(
            [sys.executable, "-m", "cli.main", "serve", "--port", str(taken.getsockname()[1])],
            check=False,
            capture_output=True,
            text=True,
            cwd=project_root,
        )
    assert said.returncode == 1
    assert "Lỗi: " in said.stderr
    assert "Error: " in said.stderr
    assert "Traceback" not in said.stderr


def test_taken_port_means_the_next_free_one() -> None:
    first = free_ports(3)
    with (
        server_process.listen("127.0.0.1", first, tried=3) as a,
        server_process.listen("127.0.0.1", first, tried=3) as b,
        server_process.listen("127.0.0.1", first, tried=3) as c,
    ):
        assert [door.getsockname() for door in (a, b, c)] == [
            ("127.0.0.1", first + step) for step in range(3)
        ]
        with pytest.raises(ResourceError) as raised:
            server_process.listen("127.0.0.1", first, tried=3)
    assert raised.value.code == "ports-taken"
    assert "BIENMAP_PORT" in raised.value.vi


def test_address_of_another_machine_is_told() -> None:
    with pytest.raises(ResourceError) as raised:
        server_process.listen("192.0.2.1", 8000)  # TEST-NET-1: no machine has it
    assert raised.value.code == "address-unusable"


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    """Settings with a state directory of the test's own."""
    return load_settings().model_copy(update={"state_directory": tmp_path})


def server_of(settings: Settings, pid: int, **changes: object) -> dict[str, object]:
    """What the pid file of a server would say."""
    return {
        "pid": pid,
        "begun": start_time(pid),
        "host": "127.0.0.1",
        "port": 8000,
        "sources": 0.0,
        "state": str(settings.state_directory),
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({}, True), ({"begun": "1"}, False), ({"state": "/another/checkout/.bienmap"}, False)],
    ids=["own server", "later process with the same pid", "server of the checkout copied from"],
)
def test_only_the_own_server_counts(
    here: Settings, changes: dict[str, object], expected: bool
) -> None:
    file = here.state_directory / "server.json"
    file.write_text(json.dumps(server_of(here, os.getpid(), **changes)))
    assert (SERVER.running(here) is not None) is expected


def test_dead_server_does_not_count(here: Settings) -> None:
    # Not waited for, so that its remains still have an entry in the table of processes.
    with subprocess.Popen(["sleep", "60"]) as process:
        said = server_of(here, process.pid)
        (here.state_directory / "server.json").write_text(json.dumps(said))
        assert SERVER.running(here) is not None
        assert SERVER.stop(here)
        assert SERVER.running(here) is None
        assert not SERVER.stop(here)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}'])
def test_broken_pid_file_is_no_server(here: Settings, text: str) -> None:
    (here.state_directory / "server.json").write_text(text)
    assert SERVER.running(here) is None


@pytest.mark.parametrize(
    ("at", "cron"),
    # Minute, hour, any day, second: 02:30 in Vietnam is 19:30 UTC of the day before.
    [("02:30", "30 19 * * * 0"), ("07:00", "0 0 * * * 0"), ("23:59:58", "59 16 * * * 58")],
)
def test_workers_know_the_night_of_vietnam(at: str, cron: str) -> None:
    for now in ("2026-11-23T18:00:00+00:00", "2026-07-01T00:00:00-04:00"):
        assert nightly_cron(time.fromisoformat(at), datetime.fromisoformat(now)) == cron


def test_nightly_runs_begin_at_half_past_two_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().nightly_at == time(2, 30)
    monkeypatch.setenv("BIENMAP_NIGHTLY_AT", "22:15")
    assert load_settings().nightly_at == time(22, 15)


def test_one_late_heartbeat_is_no_death(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIENMAP_WORKER_HEARTBEAT_SECONDS", "30")
    with pytest.raises(ValueError, match="three times"):
        load_settings()


def test_locks_are_complete_and_name_no_registry(project_root: Path) -> None:
    package = json.loads((project_root / "package.json").read_text())
    lock = json.loads((project_root / "package-lock.json").read_text())
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    installed = [entry for name, entry in lock["packages"].items() if name]
    assert all(entry["integrity"].startswith("sha512-") for entry in installed)
    assert not any("resolved" in entry for entry in installed)
    for name in (
        "requirements.lock",
        "requirements-dev.lock",
        "scripts/uv.lock",
        "scripts/node.lock",
    ):
        text = (project_root / name).read_text()
        pinned = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), name
        assert "://" not in text, name


def test_development_lock_holds_the_product_lock(project_root: Path) -> None:
    """One environment serves both, so that tests run on what is shipped."""

    def pins(name: str) -> set[str]:
        text = (project_root / name).read_text()
        return set(re.findall(r"^([a-z0-9][^ ]*==[^ ;]*)", text, re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_containers_use_the_same_entry_points(project_root: Path) -> None:
    compose = yaml.safe_load((project_root / "docker-compose.yml").read_text())
    services = compose["services"]
    assert set(services) == {"database", "app", "worker"}
    assert "ports" not in services["database"]
    assert all(port.startswith("127.0.0.1:") for port in services["app"]["ports"])
    assert services["app"]["build"] == services["worker"]["build"]
    assert services["worker"]["command"][0] == "bienmap"
    assert services["worker"]["command"][1] in main.ENTRIES
    for made in ("app", "worker"):
        assert "@database/bienmap" in services[made]["environment"]["DATABASE_URL"]
    docker = (project_root / "Dockerfile").read_text()
    assert "scripts/setup" in docker
    for command in re.findall(r"bienmap (\w+)", docker.split("CMD [")[-1]):
        assert command in main.ENTRIES


def test_container_and_cluster_lay_out_the_same_database(project_root: Path) -> None:
    from_container = (project_root / "scripts/container-database.sh").read_text()
    made = re.findall(r"CREATE EXTENSION (\w+);", from_container)
    assert tuple(made) == cluster.EXTENSIONS


def test_shell_scripts_are_clean(project_root: Path) -> None:
    checker = Path(sys.executable).with_name("shellcheck")
    said = subprocess.run(
        [checker, "--external-sources", *SHELL], check=False, capture_output=True, text=True,
        cwd=project_root,
    )  # fmt: skip
    assert said.returncode == 0, said.stdout
    for name in SHELL:
        assert os.access(project_root / name, os.X_OK) == (name != "scripts/system.sh"), name


def run_shell(project_root: Path, program: str, path: str) -> subprocess.CompletedProcess[str]:
    """Run a line of shell with the functions of system.sh, as a user who may install nothing."""
    as_user = {"user": UNPRIVILEGED} if os.geteuid() == 0 else {}
    functions = (project_root / "scripts/system.sh").read_text()
    return subprocess.run(
        ["/bin/bash", "-c", f"{functions}\n{program}"],
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        env={"PATH": path},
        **as_user,
    )


def test_without_root_the_packages_are_named(project_root: Path, tmp_path: Path) -> None:
    said = run_shell(
        project_root,
        "apt-get() { :; }; sudo() { return 1; }; has_postgis() { return 1; }; install_postgis",
        "/usr/bin:/bin",
    )
    assert said.returncode == 1
    assert "apt-get install postgresql postgresql-<NN>-postgis-3" in said.stderr
    assert "Lỗi: " in said.stderr
    assert "Error: " in said.stderr


def test_without_apt_the_packages_are_named(project_root: Path) -> None:
    said = run_shell(project_root, "has_postgis() { return 1; }; install_postgis", "/nowhere")
    assert said.returncode == 1
    assert "postgresql-<NN>-postgis-3" in said.stderr
    assert "apt" in said.stderr


@pytest.mark.parametrize("may", ["return 1", "return 0"])
def test_a_browser_that_is_there_does_where_no_better_one_comes(
    project_root: Path, may: str
) -> None:
    program = f"chromium() {{ :; }}; sudo() {{ {may}; }}; install_browser"
    said = run_shell(project_root, program, "/nowhere")
    assert (said.returncode, said.stderr) == (0, "")
    assert ("installing Chromium" in said.stdout) == (may == "return 0")


def test_without_apt_the_browser_is_named(project_root: Path) -> None:
    said = run_shell(project_root, "install_browser", "/nowhere")
    assert said.returncode == 1
    assert "chromium" in said.stderr


def test_python_that_cannot_run_is_passed_over(project_root: Path, tmp_path: Path) -> None:
    """A version manager's shim is on PATH and fails when it is run."""
    tmp_path.chmod(0o755)
    shims = tmp_path / "shims"
    shims.mkdir()
    for name in ("python3", "python3.13"):
        (shims / name).write_text("#!/bin/sh\nexit 127\n")
        (shims / name).chmod(0o755)
    (shims / "python3.12").symlink_to(Path(sys.executable).resolve())
    subprocess.run(["cp", project_root / "scripts/system.sh", shims], check=True)
    said = subprocess.run(
        ["/bin/bash", "-c", f". {shims}/system.sh; system_programs=/nowhere; find_python"],
        check=True, capture_output=True, text=True, env={"PATH": str(shims)},
    )  # fmt: skip
    assert said.stdout.strip() == str(shims / "python3.12")


def test_python_of_the_system_goes_before_one_in_a_home(project_root: Path, tmp_path: Path) -> None:
    """Files are parsed by an unprivileged user, who may not read what lies in a home."""
    for folder in ("system", "home"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "python3").symlink_to(Path(sys.executable).resolve())
    command = (
        f". {project_root}/scripts/system.sh; system_programs={tmp_path}/system;"
        f" PATH={tmp_path}/home:$PATH; find_python"
    )
    said = subprocess.run(
        ["/bin/bash", "-c", command], check=True, capture_output=True, text=True
    )  # fmt: skip
    assert said.stdout.strip() == str(tmp_path / "system" / "python3")


def test_machine_paths_and_registries_are_in_no_file(project_root: Path) -> None:
    owned = ("Makefile", "Dockerfile", "docker-compose.yml", ".npmrc", "docs/operating.md", *SHELL)
    for name in owned:
        text = (project_root / name).read_text()
        assert not re.search(r"pypi\.org|npmjs|deb\.debian|/work/", text), name
