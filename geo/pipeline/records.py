"""Files of records into the store."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from geo.boundaries.names import UnitNames
from geo.boundaries.report import with_comma
from geo.importers.cells import COUNTRY_TIME
from geo.importers.report import ImportReport, ReportedRow
from geo.importers.tables import DEFAULT_MAX_BYTES, ReadResult, RejectedCells, read_records
from geo.pipeline.doubtful_rows import warn_of_doubtful_rows
from geo.pipeline.model_links import link_models
from geo.records.fields import RecordType
from geo.store.database import transaction
from geo.store.imports import Batch, Rejection, close_batch, mark_mended, open_batch
from geo.store.locations import OutsideRow
from geo.store.networks import load_networks
from geo.store.records import LoadOutcome, Origin, load_records
from geo.store.support import load_figures

DEFAULT_SOURCE = "import"


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file of records of one type, and whose they are."""

    path: Path
    record_type: RecordType
    source: str = DEFAULT_SOURCE
    actor: str | None = None
    max_bytes: int = DEFAULT_MAX_BYTES
    name: str | None = None


class _DryRun(Exception):  # noqa: N818  it ends a transaction, it is no error
    """Rolls a finished import back."""


def import_records(
    engine: Engine,
    file: RecordFile,
    *,
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
        today=datetime.now(COUNTRY_TIME).date(),
        max_bytes=file.max_bytes,
        progress=progress,
    )
    report = ImportReport(dry_run=dry_run)
    try:
        with transaction(engine) as connection:
            report = _store(connection, file, result, names)
            if dry_run:
                report.dry_run = True
                raise _DryRun
    except _DryRun:
        pass
    return report


def unit_names(connection: Connection) -> UnitNames:
    """The names of all units of both editions, for looking up what a file says.

    Communes of 2024 come from the crosswalk where their boundaries are not loaded.
    """
    rows = connection.execute(
        text(
            "SELECT edition, level, code, full_name, name, parent_code FROM unit UNION ALL"
            # Under its later name as well: both are written.
            " SELECT edition, level, code, amended.full_name, name, parent_code"
            " FROM unit_amendment AS amended JOIN unit USING (edition, level, code) UNION ALL"
            " SELECT DISTINCT '2024', 'commune', old_code, old_name, old_name, old_district_code"
            " FROM crosswalk WHERE NOT EXISTS (SELECT FROM unit"
            " WHERE unit.edition = '2024' AND unit.level = 'commune')"
        )
    )
    return UnitNames([tuple(row) for row in rows])


def _store(
    connection: Connection, file: RecordFile, result: ReadResult, names: UnitNames
) -> ImportReport:
    with file.path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    name = file.name or file.path.name
    batch = open_batch(connection, Batch(file.record_type, name, digest, file.source, file.actor))
    link_models(connection, result, file.source)
    outcome = _load(connection, result, Origin(file.source, file.actor, batch), file.record_type)
    rejected = sorted(
        [*result.rejected, *_outside(result, outcome.outside)], key=lambda row: row.row_number
    )
    rejections = [
        Rejection(row.row_number, row.external_id, dict(row.content), row.problems)
        for row in rejected
    ]
    close_batch(connection, batch, result.rows_read, outcome, rejections)
    warn_of_doubtful_rows(connection, file.record_type, batch, result, names)
    return ImportReport(
        read=result.rows_read,
        added=outcome.added,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        mended=mark_mended(connection, file.record_type, file.source, batch),
        rejected=[ReportedRow(**asdict(row)) for row in rejected],
        notes=result.notes,
        warnings=result.warnings,
    )


def _load(
    connection: Connection, result: ReadResult, origin: Origin, record_type: str
) -> LoadOutcome:
    if result.networks is not None:
        made = result.networks
        return load_networks(connection, made.networks, made.nodes, made.legs, origin)
    if result.rows is None or not result.rows.num_rows:
        return LoadOutcome()
    if record_type == "support_measure":
        return load_figures(connection, result.rows, origin)
    return load_records(connection, record_type, result.rows, origin)


def _outside(result: ReadResult, rows: list[OutsideRow]) -> list[RejectedCells]:
    """Rows whose point lies in no unit, as rejected rows; a network goes with its bad place."""
    column = ", ".join(result.headings.get(name, name) for name in ("lon", "lat"))
    rejected = []
    for row in rows:
        cells = result.contents(row.row_number)
        problem = outside_problem(row) | {"column": column}
        rejected.append(
            RejectedCells(cells.row_number, cells.external_id, cells.content, [problem])
        )
    return rejected


def outside_problem(row: OutsideRow) -> dict[str, Any]:
    """What is wrong with a point that lies in no unit, and what may have happened to it."""
    vi, en = "Điểm nằm ngoài Việt Nam", "The point lies outside Vietnam"
    if row.nearest is not None and row.distance_m is not None:
        far = row.distance_m / 1000
        vi += f", cách {row.nearest} {with_comma(f'{far:.1f}')} km"
        en += f", {far:.1f} km from {row.nearest}"
    if row.swapped_inside:
        vi += ". Đổi chỗ kinh độ và vĩ độ thì điểm nằm trong nước: hãy kiểm tra hai cột này."
        en += ". With longitude and latitude swapped it would lie inside: check the two columns."
    else:
        vi += ". Hãy kiểm tra tọa độ, hoặc chỉ ghi tên xã nếu không có tọa độ đo."
        en += ". Check the coordinates, or name the commune only if there is no measured point."
    return {"column": "lon, lat", "value": None, "code": "point_outside", "vi": vi, "en": en}
