"""A disk that fills up in the middle of an import leaves nothing half loaded."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from sqlalchemy import text

from cli import cluster
from geo.errors import ResourceError
from geo.settings import Settings
from geo.store.database import create_engine, migrate, transaction
from geo.store.records import Origin, load_records
from tests.geo.store.conftest import load_toy_country

MEGABYTE = 1024**2
ROOM_LEFT = 100 * MEGABYTE
# The first goes straight into the table, and is refused at once; the second is staged, and the disk
# fills up on the way.
BEFORE, ON_THE_WAY = 60_000, 49_000


@pytest.fixture
def small_disk(root: None) -> Iterator[Path]:
    """A file system of its own in memory."""
    disk = Path(f"/tmp/bienmap-disk-{os.getpid()}")  # noqa: S108  PostgreSQL's user must reach it
    disk.mkdir(mode=0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1400m,mode=755", "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", disk], check=True)
    disk.rmdir()


def table_of(rows: int) -> pyarrow.Table:
    """Incidents with more text than room is left, each text another: equal ones would be packed."""
    letters = np.random.default_rng(1).integers(97, 123, (rows, 1_900), dtype=np.uint8)
    numbers = [str(number) for number in range(rows)]
    nothing = pyarrow.nulls(rows, pyarrow.string())
    moment = ["2025-08-15T12:00:00+07:00"] * rows
    return pyarrow.table(
        {
            "row_number": pyarrow.array(range(rows), pyarrow.int32()),
            "external_id": numbers,
            "content_hash": numbers,
            "lon": [107.05] * rows,
            "lat": [16.05] * rows,
            "kind": ["tip"] * rows,
            "occurred_from": moment,
            "occurred_to": moment,
            "precision": ["exact"] * rows,
            "stated_edition": nothing,
            "stated_level": nothing,
            "stated_code": nothing,
            "narrative": pyarrow.array([bytes(row).decode() for row in letters]),
        }
    )


@pytest.mark.parametrize("rows", [BEFORE, ON_THE_WAY])
def test_full_disk_is_said_and_nothing_stays(small_disk: Path, rows: int) -> None:
    settings = Settings(state_directory=small_disk / "state", database_url="")
    cluster.start(settings)
    try:
        migrate(settings.database_url)
        engine = create_engine(settings.database_url)
        with transaction(engine) as connection:
            load_toy_country(connection)
        filler = small_disk / "filler"
        free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free - ROOM_LEFT)
        with pytest.raises(ResourceError) as caught, transaction(engine) as connection:
            load_records(connection, "incident", table_of(rows), Origin("test"))
        assert caught.value.code == "store.disk_full"
        filler.unlink()
        with transaction(engine) as connection:
            assert connection.scalar(text("SELECT count(*) FROM incident")) == 0
            outcome = load_records(connection, "incident", table_of(10), Origin("test"))
        assert outcome.added == 10
        engine.dispose()
    finally:
        cluster.stop(settings)
