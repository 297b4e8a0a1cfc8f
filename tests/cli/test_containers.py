"""What can be proved of the containers without an engine: the database's, on a cluster like it."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from cli import application_role, cluster
from cli.postgres_programs import account_for_server, find_binaries, identity
from cli.server_process import listen
from geo.errors import ResourceError
from geo.settings import APPLICATION_ROLE, Settings
from geo.store.database import migrate

PASSWORD, SERVERS_PASSWORD = "0123456789abcdef", "fedcba/9876543210"


@dataclass(frozen=True)
class Laid:
    """A cluster laid out as the database's container does it."""

    url: str
    home: Path
    port: int


@pytest.fixture(scope="module")
def compose(project_root: Path) -> Any:
    """What docker-compose.yml says."""
    return yaml.safe_load((project_root / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def laid(project_root: Path, compose: Any) -> Iterator[Laid]:
    """What the database's container runs, on this machine: its entry point with its command.

    An earlier start was cut short, and its remains lie there.
    """
    home = Path(tempfile.mkdtemp(prefix="bienmap-container-"))
    shutil.copy(project_root / "scripts/container-database.sh", home / "start")
    (home / "unfinished").mkdir()
    (home / "unfinished/PG_VERSION").write_text("15")
    for path in (home, *home.rglob("*")):
        shutil.chown(path, account_for_server().pw_uid, account_for_server().pw_gid)
    with listen("127.0.0.1", 23_000, tried=500) as door:
        port = door.getsockname()[1]
    url = compose["services"]["app"]["environment"]["DATABASE_URL"]
    url = re.sub(r"\$\{BIENMAP_DATABASE_PASSWORD:[^}]*\}", PASSWORD, url)
    place = Laid(url.replace("@database/", f"@127.0.0.1:{port}/"), home, port)
    try:
        with started(place, compose):
            yield place
    finally:
        shutil.rmtree(home)


@contextmanager
def started(place: Laid, compose: Any) -> Iterator[subprocess.Popen[bytes]]:
    """The container's process, from the moment it answers until it is asked to end."""
    command = [
        *compose["services"]["database"]["command"],
        f"-cport={place.port}",
        "-clisten_addresses=127.0.0.1",
        f"-cunix_socket_directories={place.home}",
    ]
    environment = {
        "PATH": f"{find_binaries()}:{os.defpath}",
        "PGDATA": str(place.home / "data"),
        "BIENMAP_DATABASE_PASSWORD": PASSWORD,
        "BIENMAP_APPLICATION_PASSWORD": SERVERS_PASSWORD,
    }
    with (place.home / "log").open("ab") as log:
        process = subprocess.Popen(
            [place.home / "start", *command],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            **identity(account_for_server()),
        )
    try:
        until = time.monotonic() + 60
        while not answers(place):
            assert process.poll() is None, (place.home / "log").read_text()
            assert time.monotonic() < until, (place.home / "log").read_text()
            time.sleep(0.2)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def answers(place: Laid) -> bool:
    try:
        psycopg.connect(place.url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_the_products_role_owns_its_database_and_is_no_superuser(laid: Laid) -> None:
    with psycopg.connect(laid.url) as connection:
        row = connection.execute(
            "SELECT current_user::text, rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls,"
            " pg_get_userbyid(datdba)::text, datname::text"
            " FROM pg_roles, pg_database WHERE rolname = current_user"
            " AND datname = current_database()"
        ).fetchone()
        assert row == (cluster.OWNER, False, cluster.OWNER, cluster.DATABASE)
        names = connection.execute("SELECT extname::text FROM pg_extension").fetchall()
        assert {name for (name,) in names} >= set(cluster.EXTENSIONS)


def test_the_server_comes_in_as_its_own_role(laid: Laid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIENMAP_APPLICATION_PASSWORD", SERVERS_PASSWORD)
    settings = Settings(database_url=laid.url)
    application_role.provide(settings)
    with psycopg.connect(settings.application_url.replace("+psycopg", "")) as connection:
        row = connection.execute(
            "SELECT rolname::text, rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (APPLICATION_ROLE, False)
        leakproof = connection.execute(
            "SELECT proleakproof FROM pg_proc"
            " WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure"
        ).fetchone()
        assert leakproof == (True,)


def test_without_a_way_in_the_statement_to_run_is_said(
    laid: Laid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIENMAP_APPLICATION_PASSWORD", "wrong")
    with pytest.raises(ResourceError, match=f"ALTER ROLE {APPLICATION_ROLE} LOGIN PASSWORD"):
        application_role.provide(Settings(database_url=laid.url))


def test_a_wrong_password_opens_nothing(laid: Laid) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(laid.url.replace(PASSWORD, "wrong"))


def test_the_product_migrates_it(laid: Laid) -> None:
    migrate(laid.url.replace("postgresql:", "postgresql+psycopg:"))
    with psycopg.connect(laid.url) as connection:
        assert connection.execute("SELECT count(*) FROM incident").fetchone() == (0,)


def test_it_is_like_the_private_cluster(laid: Laid, cluster_url: str) -> None:
    """Texts sort alike, pages carry checksums, writes are durable, and rows stay out of the log."""
    asked = (
        "SELECT datcollate, datctype, pg_encoding_to_char(encoding),"
        " current_setting('data_checksums'), current_setting('jit'),"
        " current_setting('log_error_verbosity'), current_setting('log_min_error_statement')"
        " FROM pg_database WHERE datname = 'bienmap'"
    )
    expected = ("C", "C.UTF-8", "UTF8", "on", "off", "terse", "panic")
    with psycopg.connect(laid.url) as connection:
        assert connection.execute(asked).fetchone() == expected
        durable = ("fsync", "full_page_writes", "synchronous_commit")
        for name in durable:
            assert connection.execute(f"SHOW {name}").fetchone() == ("on",)
    if not os.environ.get("DATABASE_URL"):
        with psycopg.connect(cluster_url.replace("+psycopg", "")) as connection:
            assert connection.execute(asked).fetchone() == expected


def test_what_setup_reads_is_there_when_the_image_runs_it(project_root: Path) -> None:
    """Before the sources come, so that a change of them alone installs nothing anew."""
    before, _, after = stages(project_root)["product"].partition("&& scripts/setup")
    assert after
    copied = {
        name
        for line in re.findall(r"^COPY (.+) \S+$", before, re.MULTILINE)
        for name in line.split()
    }
    script = "".join(
        (project_root / f"scripts/{name}").read_text() for name in ("setup", "system.sh")
    )
    locks = set(re.findall(r"\b((?:scripts/)?[a-z-]+\.lock|package-lock\.json)", script))
    needed = {name for name in locks if (project_root / name).exists()} - {"requirements-dev.lock"}
    assert needed == {
        "requirements.lock",
        "scripts/uv.lock",
        "scripts/node.lock",
        "package-lock.json",
    }
    assert copied >= needed | {"scripts/setup", "scripts/system.sh", "package.json", ".npmrc"}


def test_settings_reach_the_containers(compose: Any) -> None:
    for name in ("app", "worker"):
        given = compose["services"][name]["environment"]
        assert {
            "BIENMAP_TRUSTED_PROXIES",
            "BIENMAP_HOST_NAMES",
            "BIENMAP_SMALLEST_COUNT",
            "BIENMAP_SMALLEST_PUBLIC_COUNT",
        } <= set(given)


def stages(project_root: Path) -> dict[str, str]:
    """The images of the Dockerfile: name -> instructions, each on one line."""
    docker = (project_root / "Dockerfile").read_text()
    docker = re.sub(r"^#.*\n", "", docker, flags=re.MULTILINE).replace("\\\n", " ")
    parts = re.split(r"^FROM \S+ AS (\w+)\n", docker, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def sent(project_root: Path, path: str) -> bool:
    """Whether a build sees this file: the last line of .dockerignore that matches decides."""
    seen = True
    for line in (project_root / ".dockerignore").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = re.escape(line.removeprefix("!"))
        pattern = pattern.replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if re.match(f"{pattern}(?:/|$)", path):
            seen = line.startswith("!")
    return seen


def test_a_build_sees_the_product_and_nothing_else_of_a_checkout(project_root: Path) -> None:
    for secret in (
        ".env",
        ".env.old",
        ".bienmap/secret.key",
        ".git/config",
        ".venv/bin/python",
        "bienmap.dump",
        "data/bienmap.dump",
        "records.csv",
        "web/.env",
        "geo/__pycache__/crs.cpython-311.pyc",
        "tests/conftest.py",
    ):
        assert not sent(project_root, secret), secret
    packages = ("api", "cli", "data", "geo", "layers", "scripts", "web")
    files = [
        path.relative_to(project_root).as_posix()
        for name in packages
        for path in (project_root / name).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    ]
    assert len(files) > 400
    assert [path for path in files if not sent(project_root, path)] == []


def test_what_the_images_copy_and_run_is_there(project_root: Path, compose: Any) -> None:
    images = stages(project_root)
    for name, text in images.items():
        for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
            for path in line.split():
                assert (project_root / path).exists(), (name, path)
                assert path == "." or sent(project_root, path), (name, path)
        users = re.findall(r"^USER (\w+)$", text, re.MULTILINE)
        assert users
        assert users[-1] != "root"
        assert re.search(rf"useradd --system --uid \d+ .*\b{users[-1]}\b", text), name
    for service in compose["services"].values():
        assert service["build"]["target"] in images
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    entry = json.loads(re.search(r"^ENTRYPOINT (.+)$", images["database"], re.MULTILINE)[1])  # type: ignore[index]
    assert entry == ["/opt/bienmap/scripts/container-database.sh"]


def test_volumes_lie_where_the_images_write(project_root: Path, compose: Any) -> None:
    images, services = stages(project_root), compose["services"]
    mounted = {
        name: dict(volume.split(":") for volume in services[name]["volumes"])
        for name in ("database", "app")
    }
    assert set(mounted["database"] | mounted["app"]) == set(compose["volumes"])
    assert re.search(rf"PGDATA={mounted['database']['cluster']}/data\b", images["database"])
    assert re.search(rf"BIENMAP_STATE={mounted['app']['state']}$", images["product"], re.MULTILINE)


def test_a_second_start_keeps_the_data(laid: Laid, compose: Any) -> None:
    """And carries no password about, and what an earlier start left unfinished is gone."""
    assert not (laid.home / "unfinished").exists()
    server = int((laid.home / "data/postmaster.pid").read_text().split()[0])
    assert b"PASSWORD" not in Path(f"/proc/{server}/environ").read_bytes()
    with psycopg.connect(laid.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (1)")
    os.kill(server, signal.SIGINT)
    until = time.monotonic() + 60
    while (laid.home / "data/postmaster.pid").exists():
        assert time.monotonic() < until
        time.sleep(0.1)
    with started(laid, compose), psycopg.connect(laid.url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]
