"""The private PostGIS cluster of one checkout: created, started and stopped here.

It listens on a Unix socket only. Who may come in is decided twice: the socket's directory has mode
0700, and `peer` authentication compares the caller's operating-system user with `pg_ident.conf`.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import typer
from psycopg import sql

from cli import postgres_settings
from cli.cluster_directories import drop_copied_links, make_private_directories
from cli.postgres_programs import account_for_server, find_binaries, identity
from geo.errors import ResourceError
from geo.settings import APPLICATION_ROLE, Settings, load_settings

app = typer.Typer(no_args_is_help=True)

SUPERUSER = "postgres"
DATABASE = OWNER = "bienmap"
EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")
# What only a superuser may do in a database of ours; docs/methods/row-security.md has the reason of
# the last one, which a dump does not keep.
PROVISIONS = (
    *(f'CREATE EXTENSION IF NOT EXISTS "{name}"' for name in EXTENSIONS),
    "ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF",
)
# A cluster of the demonstration data takes about 300 MB; a full disk stops PostgreSQL.
SPACE_NEEDED = 1024**3
START_TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class Cluster:
    """One cluster: its programs, its directories, and the system user who runs it."""

    binaries: Path
    home: Path
    sockets: Path
    account: pwd.struct_passwd

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says; `initdb` and `pg_ctl` speak for themselves."""
        return self.home / "postgres.log"

    def run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs as the cluster's user, never as root."""
        return subprocess.run(
            [self.binaries / program, *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "HOME": self.account.pw_dir},
            **identity(self.account),
        )

    def configure(self, *, durable: bool) -> None:
        """Write the configuration, as the cluster's user: root follows no link laid in its way."""
        texts = postgres_settings.files(
            self.data,
            self.sockets,
            self.account.pw_name,
            wal_compression=self.wal_compression(),
            durable=durable,
        )
        for name, text in texts.items():
            subprocess.run(
                ["tee", self.data / name],
                check=True,
                input=text,
                text=True,
                stdout=subprocess.DEVNULL,
                umask=0o077,
                **identity(self.account),
            )

    def wal_compression(self) -> str:
        """lz4 where the server was built with it: the older method halves the speed of loads."""
        asked = self.run(
            "postgres", "-C", "wal_compression", "-c", "wal_compression=lz4", "-D", self.data
        )
        return "lz4" if asked.returncode == 0 else "on"

    def connect(self, database: str = SUPERUSER) -> psycopg.Connection[Any]:
        """A superuser's connection, in autocommit mode."""
        return psycopg.connect(
            host=str(self.sockets), user=SUPERUSER, dbname=database, autocommit=True
        )

    def is_running(self) -> bool:
        """True if a server runs on this data directory.

        Raises ResourceError if the directory was copied from elsewhere while its server ran: to
        start a second server on such a copy would be to trust half-written files.
        """
        if self.run("pg_ctl", "status", "--pgdata", str(self.data)).returncode != 0:
            return False
        lines = (self.data / "postmaster.pid").read_text().splitlines()
        if Path(lines[1]).resolve() != self.data.resolve():
            raise ResourceError(
                "cluster-copied",
                f"Thư mục dữ liệu {self.data} là bản sao của {lines[1]} đang chạy. Hãy xóa "
                "bản sao và khởi động lại, hoặc dừng bản gốc rồi sao chép lại.",
                f"The data directory {self.data} is a copy of {lines[1]}, which is running. "
                "Delete the copy and start again, or stop the original and copy it again.",
            )
        return True


def locate(settings: Settings) -> Cluster:
    """The cluster of these settings, whether its directories have been made or not.

    Raises ResourceError if PostgreSQL is missing.
    """
    home = (settings.state_directory / "postgres").resolve()
    sockets = settings.socket_directory.resolve()
    return Cluster(find_binaries(home / "data"), home, sockets, account_for_server())


def is_private() -> bool:
    """True unless DATABASE_URL points to a server that somebody else looks after."""
    return not os.environ.get("DATABASE_URL")


def create(cluster: Cluster, *, durable: bool = True) -> None:
    """Make the data directory. It appears under its name only when it is complete."""
    free = shutil.disk_usage(cluster.home).free
    if free < SPACE_NEEDED:
        raise ResourceError(
            "disk-full",
            f"Ổ đĩa chứa {cluster.home} chỉ còn {free >> 20} MB; cần ít nhất 1024 MB. "
            "Hãy giải phóng dung lượng rồi chạy lại.",
            f"The disk of {cluster.home} has {free >> 20} MB left; at least 1024 MB are needed. "
            "Free some space and run again.",
        )
    unfinished = cluster.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    # C.UTF-8 sorts the same on every machine and after every upgrade of the C library, so that
    # indexes stay valid; Vietnamese order is asked for by collation where people read a list.
    made = cluster.run(
        "initdb",
        *("--pgdata", str(unfinished), "--username", SUPERUSER, "--data-checksums"),
        # Sorted by code points, as C.UTF-8 sorts, but many times faster.
        *("--encoding", "UTF8", "--locale", "C.UTF-8", "--lc-collate", "C"),
        *("--auth-local", "peer"),
        *([] if durable else ["--no-sync"]),
    )
    if made.returncode != 0:
        raise _failed("initdb", made.stdout + made.stderr)
    unfinished.rename(cluster.data)


def _failed(action: str, output: str) -> ResourceError:
    tail = "\n".join(output.strip().splitlines()[-20:])
    return ResourceError(
        "cluster-failed",
        f"PostgreSQL không thực hiện được {action}. Nhật ký cuối cùng:\n{tail}",
        f"PostgreSQL failed at {action}; the end of its log is printed above.",
        log=tail,
    )


def start(settings: Settings, *, durable: bool = True) -> Cluster:
    """Create the cluster if need be, start it if it does not run, and see to role and database.

    `durable=False` is for throw-away clusters of tests: a crash may lose them.
    Raises ResourceError with the end of the log if PostgreSQL does not start.
    """
    drop_copied_links(settings)
    make_private_directories(settings)
    cluster = locate(settings)
    if not (cluster.data / "PG_VERSION").exists():
        create(cluster, durable=durable)
    if not cluster.is_running():
        cluster.configure(durable=durable)
        seconds = str(START_TIMEOUT_SECONDS)
        begun = cluster.run(
            "pg_ctl",
            *("start", "--wait", "--timeout", seconds, "--silent"),
            *("--pgdata", str(cluster.data), "--log", str(cluster.log)),
        )
        if begun.returncode != 0:
            log = cluster.log.read_text(errors="replace") if cluster.log.exists() else ""
            raise _failed("start", log + begun.stderr)
    elif APPLICATION_ROLE not in (cluster.data / "pg_ident.conf").read_text():
        # Started by a version that knew one role only.
        cluster.configure(durable=durable)
        cluster.run("pg_ctl", "reload", "--pgdata", str(cluster.data))
    _provide_database(cluster)
    return cluster


def _provide_database(cluster: Cluster) -> None:
    """Roles, database and extensions, each only if missing."""
    with cluster.connect() as connection:
        for role in (OWNER, APPLICATION_ROLE):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if not known.fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not known.fetchone():
            names = sql.Identifier(DATABASE), sql.Identifier(OWNER)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
    provide_extensions(cluster, DATABASE)


def provide_extensions(cluster: Cluster, database: str) -> None:
    """Do what only a superuser may, so that migrations need no such rights."""
    with cluster.connect(database) as connection:
        for statement in PROVISIONS:
            connection.execute(statement)


def _is_made(settings: Settings) -> bool:
    drop_copied_links(settings)
    return (settings.state_directory / "postgres" / "data" / "PG_VERSION").exists()


def stop(settings: Settings) -> bool:
    """Stop the server, ending open sessions; False if it did not run."""
    if not _is_made(settings):
        return False
    cluster = locate(settings)
    if not cluster.is_running():
        return False
    ended = cluster.run("pg_ctl", "stop", "--wait", "--mode", "fast", "--pgdata", str(cluster.data))
    if ended.returncode != 0:
        raise _failed("stop", ended.stdout + ended.stderr)
    return True


@app.command("start")
def start_command() -> None:
    """Tạo nếu chưa có, rồi khởi động / create if missing, then start."""
    cluster = start(load_settings())
    typer.echo(f"PostgreSQL: {cluster.data} (socket {cluster.sockets})")


@app.command("stop")
def stop_command() -> None:
    """Dừng cụm, giữ dữ liệu / stop the cluster, keep the data."""
    stopped = stop(load_settings())
    typer.echo("đã dừng / stopped" if stopped else "không chạy / was not running")


@app.command("status")
def status_command() -> None:
    """Cụm có chạy không, dữ liệu ở đâu / whether it runs, and where the data are."""
    settings = load_settings()
    typer.echo(describe(settings))


def describe(settings: Settings) -> str:
    """One line on the cluster's state, without making anything."""
    if not _is_made(settings):
        return "PostgreSQL: chưa tạo / not created"
    cluster = locate(settings)
    state = "đang chạy / running" if cluster.is_running() else "đã dừng / stopped"
    return f"PostgreSQL: {state}, {cluster.data}, socket {cluster.sockets}"
