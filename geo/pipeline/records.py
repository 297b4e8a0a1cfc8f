"""Files of records into the store."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow
from sqlalchemy import Connection, Engine, text

from geo.boundaries.names import UnitNames
from geo.errors import Language
from geo.importers.report import ImportReport
from geo.importers.tables import ReadResult, read_records
from geo.store.database import transaction
from geo.store.imports import Batch, Rejection, close_batch, mark_mended, open_batch
from geo.store.networks import load_networks
from geo.store.records import LoadOutcome, Origin, OutsideRow, load_records

DEFAULT_SOURCE = "import"


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file of records of one type, and whose they are."""

    path: Path
    record_type: str
    source: str = DEFAULT_SOURCE
    actor: str | None = None
    is_demo: bool = False


class _DryRun(Exception):  # noqa: N818  it ends a transaction, it is no error
    """Rolls a finished import back."""


def import_records(
    engine: Engine,
    file: RecordFile,
    *,
    language: Language = "vi",
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Read a file and put its good rows into the store, all in one transaction.

    Rejected rows are kept with their reasons; rows that are stored already change nothing.

    Args:
        progress: called with bytes read and bytes in all.

    Raises:
        InputError: the file as a whole cannot be used.
        ResourceError: the database is away or its disk is full; nothing of the file is stored.
    """
    with transaction(engine) as connection:
        names = unit_names(connection)
    result = read_records(
        file.path,
        file.record_type,
        names=names,
        language=language,
        today=date.today(),  # noqa: DTZ011  the day at the place of entry
        progress=progress,
    )
    report = ImportReport()
    try:
        with transaction(engine) as connection:
            report = _store(connection, file, result)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def unit_names(connection: Connection) -> UnitNames:
    """The names of all units of both editions, for looking up what a file says."""
    rows = connection.execute(
        text("SELECT edition, level, code, full_name, name, parent_code FROM unit")
    )
    return UnitNames(rows.all())
