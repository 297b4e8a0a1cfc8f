"""Shared fixtures: a throw-away PostGIS cluster, and fresh databases cloned from templates.

One cluster serves a whole pytest run, all xdist workers included; it starts when the first test
asks for it and goes when the run ends. DATABASE_URL points the tests to an outside server instead:
its role must be allowed to create databases and extensions.
"""

import fcntl
import functools
import gc
import os
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, make_url, text

from cli import cluster as private_cluster
from geo.demo.loading import load_demo
from geo.pipeline import load_embedded_boundaries, run_standard
from geo.settings import load_settings
from geo.store.database import create_engine, migrate

HOME_VARIABLE = "BIENMAP_TEST_HOME"
ROOMY = 20 * 2**30
# How much longer a test takes that uses one of these, as measured: browsers, an installation of its
# own, the real boundaries.
WEIGHTS = {"device": 50, "installation": 50, "shared": 40, "open_page": 15, "browser": 2}


def pytest_configure(config: pytest.Config) -> None:
    """Name the run's directory before workers start, so that they share it.

    BIENMAP_STATE goes along: whatever a test does, it does not reach the checkout's own data.
    """
    if not hasattr(config, "workerinput"):
        # Not below pytest's own directory: PostgreSQL's user must be able to pass through it.
        home = Path(tempfile.mkdtemp(prefix="bienmap-test-", dir=_in_memory()))
        home.chmod(0o755)
        os.environ[HOME_VARIABLE] = str(home)
        os.environ["BIENMAP_STATE"] = str(home / "state")


def _in_memory() -> str | None:
    """Where files lie in memory, if it holds several databases and their log beside all else.

    What is durable is asked of clusters that tests make for themselves, elsewhere.
    """
    memory = Path("/dev/shm")  # noqa: S108  as a directory for those that are made with mkdtemp
    physical = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    roomy = physical > ROOMY and memory.is_dir() and shutil.disk_usage(memory).free > ROOMY / 2
    return str(memory) if roomy else None


def pytest_collection_finish() -> None:
    """All that was imported stays: what looks for garbage shall not look at it again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster of this run, if one was started, and remove what the run made."""
    if hasattr(config, "workerinput") or HOME_VARIABLE not in os.environ:
        return
    home = Path(os.environ[HOME_VARIABLE])
    if os.environ.get("DATABASE_URL"):
        for made in home.glob("*.made"):
            _drop(load_settings().database_url, _template_name(made.stem))
    else:
        private_cluster.stop(load_settings())
    shutil.rmtree(home)


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """Begin with the files that take longest, or one of them runs alone at the end."""
    weight: Counter[Path] = Counter()
    for item in items:
        weight[item.path] += max(WEIGHTS.get(name, 1) for name in ("", *item.fixturenames))
    items.sort(key=lambda item: -weight[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """In continuous integration a skipped test counts as failed: it would hide a missing part."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in continuous integration: {report.longrepr}"
    return report


@contextmanager
def _one_at_a_time() -> Iterator[Path]:
    """The run's directory, held by one worker alone."""
    home = Path(os.environ[HOME_VARIABLE])
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared(project_root: Path) -> Path:
    """Reference material beside the checkout; a test that needs it fails without it."""
    path = project_root.parent / "shared"
    assert path.is_dir(), f"{path} is missing: it holds the real boundaries that this test needs"
    return path


@pytest.fixture(scope="session")
def root() -> None:
    """For tests that act as another system user or mount a file system: fails without root."""
    assert os.geteuid() == 0, "this test needs root: run `make test` as root or with sudo"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium; without a window of its own it takes half the time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    path = next(filter(None, map(shutil.which, names)), None)
    assert path, "chromium is missing: `make test` installs it"
    return path


@pytest.fixture(scope="session")
def cluster_url() -> str:
    """Maintenance database of the tests' server, as a role that may create databases."""
    if os.environ.get("DATABASE_URL"):
        return load_settings().database_url
    with _one_at_a_time():
        started = private_cluster.start(load_settings(), durable=False)
    role, sockets = private_cluster.SUPERUSER, str(started.sockets)
    return f"postgresql+psycopg://{role}@/{role}?host={sockets}"


def _administer(cluster_url: str, *statements: str) -> None:
    engine = create_engine(cluster_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@functools.cache
def _server_version(cluster_url: str) -> int:
    engine = create_engine(cluster_url)
    with engine.connect() as connection:
        version = connection.dialect.server_version_info
    engine.dispose()
    return version[0] if version else 0


def _owner_url(cluster_url: str, database: str) -> URL:
    """The database as the product's role sees it: not a superuser on the private cluster."""
    url = make_url(cluster_url).set(database=database)
    return url if os.environ.get("DATABASE_URL") else url.set(username=private_cluster.OWNER)


def _create(cluster_url: str, database: str, template: str) -> str:
    url = _owner_url(cluster_url, database)
    statement = f'CREATE DATABASE "{database}" TEMPLATE "{template}" OWNER "{url.username}"'
    if _server_version(cluster_url) >= 15:
        # Copies files instead of logging every page: 0.2 s instead of 1.2 s for 114 MB.
        statement += " STRATEGY file_copy"
    _administer(cluster_url, statement)
    return url.render_as_string(hide_password=False)


def _drop(cluster_url: str, database: str) -> None:
    _administer(cluster_url, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _template_name(kind: str) -> str:
    return f"{Path(os.environ[HOME_VARIABLE]).name}-{kind}"


def _template(cluster_url: str, kind: str, parent: str, fill: Callable[[str], None]) -> str:
    """Make a template database once in a run, whichever worker comes first."""
    database = _template_name(kind)
    with _one_at_a_time() as home:
        made = home / f"{kind}.made"
        if not made.exists():
            _drop(cluster_url, database)
            _create(cluster_url, database, parent)
            fill(database)
            # As a store is after its first minute; clones would else each plan and clean anew.
            inside = make_url(cluster_url).set(database=database)
            _administer(inside.render_as_string(hide_password=False), "VACUUM (FREEZE, ANALYZE)")
            made.touch()
    return database


@pytest.fixture(scope="session")
def migrated_database(cluster_url: str) -> str:
    """Name of a template database with the extensions and the migrated, empty schema."""

    def fill(database: str) -> None:
        inside = make_url(cluster_url).set(database=database).render_as_string(hide_password=False)
        _administer(
            inside,
            *private_cluster.PROVISIONS,
        )
        migrate(_owner_url(cluster_url, database).render_as_string(hide_password=False))

    return _template(cluster_url, "migrated", "template0", fill)


@pytest.fixture(scope="session")
def boundaries_database(cluster_url: str, migrated_database: str) -> str:
    """Name of a template database with the embedded boundary editions loaded."""

    def fill(database: str) -> None:
        engine = create_engine(
            _owner_url(cluster_url, database).render_as_string(hide_password=False)
        )
        load_embedded_boundaries(engine, load_settings())
        engine.dispose()

    return _template(cluster_url, "boundaries", migrated_database, fill)


@pytest.fixture(scope="session")
def demo_database(cluster_url: str, boundaries_database: str) -> str:
    """Name of a template database with boundaries, demo records and the standard hotspot runs."""

    def fill(database: str) -> None:
        engine = create_engine(
            _owner_url(cluster_url, database).render_as_string(hide_password=False)
        )
        load_demo(engine)
        run_standard(engine)
        engine.dispose()

    return _template(cluster_url, "demo", boundaries_database, fill)


def _clone(cluster_url: str, template: str) -> Iterator[str]:
    """URL of a fresh copy of the template, which is dropped afterwards."""
    database = f"bienmap-test-{uuid.uuid4().hex}"
    yield _create(cluster_url, database, template)
    _drop(cluster_url, database)


@pytest.fixture
def database_url(cluster_url: str, migrated_database: str) -> Iterator[str]:
    """A migrated, empty database of one test's own."""
    yield from _clone(cluster_url, migrated_database)


@pytest.fixture(scope="module")
def module_database_url(cluster_url: str, migrated_database: str) -> Iterator[str]:
    """A migrated, empty database that the tests of one module share."""
    yield from _clone(cluster_url, migrated_database)


@pytest.fixture
def boundaries_url(cluster_url: str, boundaries_database: str) -> Iterator[str]:
    """A database of one test's own with the embedded boundaries loaded."""
    yield from _clone(cluster_url, boundaries_database)


@pytest.fixture(scope="module")
def module_boundaries_url(cluster_url: str, boundaries_database: str) -> Iterator[str]:
    """A database with the embedded boundaries that the tests of one module share."""
    yield from _clone(cluster_url, boundaries_database)


@pytest.fixture(scope="module")
def demo_url(cluster_url: str, demo_database: str) -> Iterator[str]:
    """A database as `make up` leaves it, which the tests of one module share."""
    yield from _clone(cluster_url, demo_database)


@pytest.fixture
def own_demo_url(cluster_url: str, demo_database: str) -> Iterator[str]:
    """A database of one test's own as `make up` leaves it, but without accounts."""
    yield from _clone(cluster_url, demo_database)


@pytest.fixture(scope="module")
def demo_engine(demo_url: str) -> Iterator[Engine]:
    """Engine on a database as `make up` leaves it."""
    yield from _engine(demo_url)


def _engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Engine on `database_url`."""
    yield from _engine(database_url)


@pytest.fixture(scope="module")
def module_engine(module_database_url: str) -> Iterator[Engine]:
    """Engine on `module_database_url`."""
    yield from _engine(module_database_url)


@pytest.fixture
def boundaries_engine(boundaries_url: str) -> Iterator[Engine]:
    """Engine on `boundaries_url`."""
    yield from _engine(boundaries_url)


@pytest.fixture(scope="module")
def module_boundaries_engine(module_boundaries_url: str) -> Iterator[Engine]:
    """Engine on `module_boundaries_url`."""
    yield from _engine(module_boundaries_url)
