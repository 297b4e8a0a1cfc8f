"""The private cluster: durable, closed to others, and alone with its data."""

import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from cli import cluster, cluster_directories, postgres_programs, postgres_settings
from cli.cluster import Cluster
from geo.errors import ResourceError
from geo.settings import Settings

GIGABYTE = 1024**3


as_root = pytest.mark.usefixtures("root")


def libpq(settings: Settings) -> str:
    return settings.database_url.replace("postgresql+psycopg", "postgresql")


@contextmanager
def state_of_its_own() -> Iterator[Settings]:
    """Settings with an empty state directory; the cluster that is made in it goes at the end."""
    # PostgreSQL's user must be able to pass through, which it cannot in pytest's own directories.
    home = Path(tempfile.mkdtemp(prefix="bienmap-cluster-"))
    home.chmod(0o755)
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("DATABASE_URL", raising=False)
        environment.setenv("BIENMAP_STATE", str(home / "state"))
        settings = Settings()
    yield settings
    cluster.stop(settings)
    shutil.rmtree(home)


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Settings of one test's own, nothing made yet."""
    with state_of_its_own() as made:
        yield made


@pytest.fixture
def home(settings: Settings) -> Path:
    """The directory around `settings`' state."""
    return settings.state_directory.parent


@pytest.fixture(scope="module")
def product() -> Iterator[tuple[Settings, Cluster]]:
    """A cluster as the product runs it."""
    with state_of_its_own() as made:
        yield made, cluster.start(made)


def test_writes_are_durable_and_no_port_is_open(product: tuple[Settings, Cluster]) -> None:
    settings, started = product
    expected = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "server_encoding": "UTF8",
        "unix_socket_permissions": "0700",
        "jit": "off",
    }
    with psycopg.connect(libpq(settings)) as connection:
        found = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]  # type: ignore[index]
            for name in expected
        }
    assert found == expected
    assert started.sockets.stat().st_mode & 0o777 == 0o700
    assert started.home.stat().st_mode & 0o777 == 0o700


def test_postgres_never_runs_as_root(product: tuple[Settings, Cluster]) -> None:
    _, started = product
    pid = int((started.data / "postmaster.pid").read_text().splitlines()[0])
    owner = Path(f"/proc/{pid}").stat().st_uid
    assert owner != 0
    assert owner == started.account.pw_uid


def test_application_owns_its_database_and_is_no_superuser(
    product: tuple[Settings, Cluster],
) -> None:
    settings, _ = product
    with psycopg.connect(libpq(settings)) as connection:
        superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert superuser.fetchone() == (False,)
        extensions = connection.execute("SELECT extname FROM pg_extension").fetchall()
        assert {name for (name,) in extensions} >= set(cluster.EXTENSIONS)
        connection.execute("CREATE TABLE own (point geometry(Point, 4326))")


def test_data_stay_over_stop_and_start(settings: Settings) -> None:
    cluster.start(settings)
    with psycopg.connect(libpq(settings)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'Mường Lát' AS name")
    assert cluster.stop(settings)
    assert not cluster.stop(settings), "a stopped cluster was stopped again"
    cluster.start(settings)
    cluster.start(settings)  # a running one is left alone
    with psycopg.connect(libpq(settings)) as connection:
        assert connection.execute("SELECT name FROM kept").fetchone() == ("Mường Lát",)


@as_root
def test_other_system_users_are_refused_twice(product: tuple[Settings, Cluster]) -> None:
    """The directory stops them; were it open, `peer` would."""
    _, started = product
    nobody = pwd.getpwnam("nobody")
    attempt = [started.binaries / "psql", "-h", started.sockets, "-U", "bienmap", "-c", "SELECT 1"]

    def as_nobody() -> str:
        return subprocess.run(
            attempt, check=False, capture_output=True, text=True, user=nobody.pw_uid, cwd="/"
        ).stderr

    assert "Permission denied" in as_nobody()
    started.sockets.chmod(0o755)
    (started.sockets / ".s.PGSQL.5432").chmod(0o777)
    try:
        assert "Peer authentication failed" in as_nobody()
    finally:
        started.sockets.chmod(0o700)


def test_two_clusters_do_not_meet(settings: Settings, home: Path) -> None:
    other = settings.model_copy(
        update={
            "state_directory": home / "other",
            "database_url": settings.database_url.replace("state", "other"),
        }
    )
    try:
        cluster.start(settings, durable=False)
        cluster.start(other, durable=False)
        with psycopg.connect(libpq(settings)) as connection:
            connection.execute("CREATE TABLE mine (id int)")
        with psycopg.connect(libpq(other)) as connection:
            assert connection.execute("SELECT to_regclass('mine')").fetchone() == (None,)
        cluster.stop(other)
        with psycopg.connect(libpq(settings)) as connection:
            assert connection.execute("SELECT count(*) FROM mine").fetchone() == (0,)
    finally:
        cluster.stop(other)


def test_copy_of_a_running_cluster_is_refused(settings: Settings, home: Path) -> None:
    started = cluster.start(settings, durable=False)
    copied = settings.model_copy(update={"state_directory": home / "copy"})
    cluster_directories.make_state_directory(copied)
    # Not checked: files of a running server come and go under the copy.
    subprocess.run(["cp", "--archive", started.home, home / "copy"], check=False)
    with pytest.raises(ResourceError) as raised:
        cluster.start(copied)
    assert raised.value.code == "cluster-copied"
    assert str(started.data) in raised.value.en


def test_failed_start_shows_the_end_of_the_log(settings: Settings) -> None:
    started = cluster.start(settings, durable=False)
    cluster.stop(settings)
    with (started.data / "postgresql.auto.conf").open("a") as file:
        file.write("shared_buffers = 'much'\n")
    with pytest.raises(ResourceError) as raised:
        cluster.start(settings, durable=False)
    assert 'invalid value for parameter "shared_buffers"' in raised.value.vi
    assert "start" in raised.value.en


def test_directory_of_somebody_else_is_refused(settings: Settings) -> None:
    cluster_directories.make_state_directory(settings)
    (settings.state_directory / "run").mkdir()
    with pytest.raises(ResourceError) as raised:
        cluster.start(settings, durable=False)
    assert raised.value.code == "directory-not-private"


def test_full_disk_is_told_before_anything_is_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "SPACE_NEEDED", 1 << 60)
    with pytest.raises(ResourceError) as raised:
        cluster.start(settings, durable=False)
    assert raised.value.code == "disk-full"
    assert list((settings.state_directory / "postgres").iterdir()) == []


def test_missing_postgresql_is_told_with_the_packages(
    settings: Settings, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_programs, "USUAL_PLACES", ())
    monkeypatch.setenv("PATH", str(home))
    with pytest.raises(ResourceError) as raised:
        postgres_programs.find_binaries()
    assert raised.value.code == "postgresql-missing"
    for text in (raised.value.vi, raised.value.en):
        assert "postgresql-<NN>-postgis-3" in text
        assert "DATABASE_URL" in text


def test_data_of_a_version_that_is_gone_are_not_touched(settings: Settings, home: Path) -> None:
    (home / "PG_VERSION").write_text("9\n")
    with pytest.raises(ResourceError) as raised:
        postgres_programs.find_binaries(home)
    assert raised.value.code == "postgresql-changed"


@pytest.mark.parametrize(
    ("memory_gigabytes", "shared_buffers", "work_mem"),
    # An eighth of the memory, at least 128 MB and at most 4 GB; and 1/384, from 8 to 64 MB.
    [(0.5, "128MB", "8MB"), (6, "768MB", "16MB"), (24, "3072MB", "64MB"), (256, "4096MB", "64MB")],
)
def test_memory_follows_the_machine(
    memory_gigabytes: float, shared_buffers: str, work_mem: str
) -> None:
    machine = postgres_settings.Machine(int(memory_gigabytes * GIGABYTE), 100 * GIGABYTE, 2, "on")
    made = postgres_settings.settings_for(machine, Path("/run/x"), durable=True)
    assert made["shared_buffers"] == shared_buffers
    assert made["work_mem"] == work_mem


@as_root
def test_checkout_that_postgres_cannot_enter_keeps_its_data_elsewhere(
    settings: Settings, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(cluster_directories, "AWAY_FROM_CHECKOUT", home / "away")
    monkeypatch.setenv("BIENMAP_STATE", str(closed / "a"))
    first = Settings()
    try:
        started = cluster.start(first, durable=False)
        assert started.data.is_relative_to(home / "away")
        with psycopg.connect(libpq(first)) as connection:
            connection.execute("CREATE TABLE mine (id int)")
        # A copy of the checkout brings the links along, and must not end up in the same data.
        subprocess.run(["cp", "--archive", closed / "a", closed / "b"], check=True)
        second = first.model_copy(update={"state_directory": closed / "b"})
        assert not cluster.stop(second)
        assert cluster.start(second, durable=False).data != started.data
        assert cluster.stop(second)
        assert started.is_running()
        # A moved one finds its data again.
        (closed / "a").rename(closed / "c")
        moved = first.model_copy(update={"state_directory": closed / "c"})
        assert cluster.start(moved, durable=False).data == started.data
    finally:
        cluster.stop(first.model_copy(update={"state_directory": closed / "c"}))


@as_root
def test_checkout_closed_later_is_told(settings: Settings, home: Path) -> None:
    cluster.start(settings, durable=False)
    cluster.stop(settings)
    home.chmod(0o700)
    with pytest.raises(ResourceError) as raised:
        cluster.start(settings)
    home.chmod(0o755)
    assert raised.value.code == "checkout-closed"


def test_path_too_long_for_a_socket(settings: Settings, home: Path) -> None:
    state = home / ("đường dẫn rất dài " * 8) / "state"
    long = Settings(state_directory=state, database_url="")
    try:
        started = cluster.start(long, durable=False)
        assert not started.sockets.is_relative_to(state)
        assert started.sockets.stat().st_mode & 0o777 == 0o700
        with psycopg.connect(libpq(long)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.stop(long)
        shutil.rmtree(long.socket_directory)
