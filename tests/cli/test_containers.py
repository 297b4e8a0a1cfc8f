"""What can be proved of the containers without an engine: the database's, on a cluster like it."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
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
    sockets: Path


@pytest.fixture(scope="module")
def compose(project_root: Path) -> Any:
    """What docker-compose.yml says."""
    return yaml.safe_load((project_root / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def laid(project_root: Path, compose: Any) -> Iterator[Laid]:
    """A cluster made with the arguments of docker-compose.yml, after the script has run once.

    The image's entry point trusts its own socket and asks for passwords by TCP, so this does.
    """
    database, account = compose["services"]["database"], account_for_server()
    programs = find_binaries()
    home = Path(tempfile.mkdtemp(prefix="bienmap-container-"))
    shutil.chown(home, account.pw_uid, account.pw_gid)

    def run(program: str | Path, *arguments: str, **environment: str) -> None:
        subprocess.run(
            [program, *arguments],
            check=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={"PATH": f"{programs}:{os.defpath}", "LC_ALL": "C"} | environment,
            **identity(account),
        )

    layout = shlex.split(database["environment"]["POSTGRES_INITDB_ARGS"])
    access = ("--auth-local=trust", "--auth-host=scram-sha-256")
    data = f"--pgdata={home / 'data'}"
    run(programs / "initdb", data, "--username=postgres", "--no-sync", *access, *layout)
    with listen("127.0.0.1", 23_000, tried=500) as door:
        port = door.getsockname()[1]
    place = f"-cport={port} -clisten_addresses=127.0.0.1 -cunix_socket_directories={home}"
    program, *flags = database["command"]
    assert program == "postgres"
    options = f"--options={place} {shlex.join(flags)}"
    run(programs / "pg_ctl", "start", "--wait", "--silent", data, options, f"--log={home}/log")
    try:
        script = home / "bienmap.sh"
        shutil.copy(project_root / "scripts/container-database.sh", script)
        inside = {
            "POSTGRES_USER": "postgres",
            "BIENMAP_DATABASE_PASSWORD": PASSWORD,
            "BIENMAP_APPLICATION_PASSWORD": SERVERS_PASSWORD,
        }
        run(script, PGHOST=str(home), PGPORT=str(port), **inside)
        url = compose["services"]["app"]["environment"]["DATABASE_URL"]
        url = re.sub(r"\$\{BIENMAP_DATABASE_PASSWORD:[^}]*\}", PASSWORD, url)
        yield Laid(url.replace("@database/", f"@127.0.0.1:{port}/"), home)
    finally:
        run(programs / "pg_ctl", "stop", "--wait", "--silent", "--mode=immediate", data)
        shutil.rmtree(home)


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
    docker = (project_root / "Dockerfile").read_text().replace("\\\n", " ")
    before, _, after = docker.partition("&& scripts/setup")
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
        assert {"BIENMAP_TRUSTED_PROXIES", "BIENMAP_HOST_NAMES"} <= set(given)
