"""Files of records into the store."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from geo.boundaries.names import UnitNames
from geo.boundaries.report import with_comma
from geo.dates import today
from geo.importers.raw_tables import Corrections
from geo.importers.report import ImportReport, ReportedRow
from geo.importers.tables import DEFAULT_MAX_BYTES, ReadResult, RejectedCells, read_records
from geo.pipeline.described_places import read_descriptions
from geo.pipeline.doubtful_rows import warn_of_doubtful_rows
from geo.pipeline.model_links import link_models
from geo.pipeline.place_words import Looked, find_misfits
from geo.records.fields import RecordType
from geo.store.actors import Actor
from geo.store.database import acting, transaction
from geo.store.gazetteer import KeptNames
from geo.store.imports import (
    Batch,
    Rejection,
    Remarks,
    close_batch,
    days_of_batch,
    mark_mended,
    open_batch,
)
from geo.store.locations import OutsideRow
from geo.store.networks import load_networks
from geo.store.records import LoadOutcome, Origin, load_records
from geo.store.support import load_figures

DEFAULT_SOURCE = "import"
POINT = ("lon", "lat")
UNIT = ("province", "district", "commune", "stated_code")


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A file of records of one type, and whose they are.

    An actor writes in his own units only, and his file is parsed in a child process; without one,
    as from the machine's own commands, no unit is refused.
    """

    path: Path
    record_type: RecordType
    source: str = DEFAULT_SOURCE
    actor: Actor | None = None
    max_bytes: int = DEFAULT_MAX_BYTES
    name: str | None = None
    corrections: Corrections = field(default_factory=dict)


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
        today=today(),
        max_bytes=file.max_bytes,
        progress=progress,
        corrections=file.corrections if file.actor else None,
    )
    report = ImportReport(dry_run=dry_run)
    try:
        account = file.actor.account_id if file.actor else None
        with acting(engine, account) as connection:
            report = _store(connection, file, result, names)
            if dry_run:
                report.dry_run = True
                raise _DryRun
    except _DryRun:
        pass
    return report


def unit_names(connection: Connection) -> UnitNames:
    """The names of all units of both editions, for looking up what a file says.

    Kept in memory until they change. What a row says of its place in words alone is read as the
    place box reads it.
    """
    return _names.of(connection).read_by(partial(read_descriptions, connection.engine))


def _read_names(connection: Connection) -> UnitNames:
    """Communes of 2024 come from the crosswalk where their boundaries are not loaded."""
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
    heirs = connection.execute(
        text(
            "SELECT DISTINCT ON (old_code) old_code, new_code FROM crosswalk"
            " ORDER BY old_code, share_area DESC NULLS LAST, new_code"
        )
    )
    return UnitNames(rows.tuples().all(), dict(heirs.tuples().all()))


_names = KeptNames(_read_names)


def _store(
    connection: Connection, file: RecordFile, result: ReadResult, names: UnitNames
) -> ImportReport:
    with file.path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256")
    if file.corrections:
        digest.update(json.dumps(dict(file.corrections), sort_keys=True, default=dict).encode())
    own = file.actor.own_units if file.actor else None
    actor = file.actor.username if file.actor else None
    units = [] if file.actor is None else ["country"] if own is None else own
    name = file.name or file.path.name
    batch = open_batch(
        connection, Batch(file.record_type, name, digest.hexdigest(), file.source, actor, units)
    )
    outcome = load_checked(
        connection, result, Origin(file.source, actor, batch), file.record_type, own
    )
    rejected = sorted(
        [*result.rejected, *refused_rows(result, outcome)], key=lambda row: row.row_number
    )
    rejections = [
        Rejection(row.row_number, row.external_id, dict(row.content), row.problems)
        for row in rejected
    ]
    if _says_places(result):
        find_misfits(connection, Looked(batch=batch))
    warn_of_doubtful_rows(connection, file.record_type, batch, result, names)
    remarks = Remarks(
        [asdict(note) for note in result.notes],
        [asdict(warning) for warning in result.warnings.listed],
        sum(result.warnings.counts.values()),
    )
    close_batch(connection, batch, result.rows_read, outcome, rejections, remarks)
    return ImportReport(
        read=result.rows_read,
        added=outcome.added,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        mended=mark_mended(connection, file.record_type, file.source, batch),
        rejected=[ReportedRow(**asdict(row)) for row in rejected],
        notes=result.notes,
        warnings=result.warnings,
        batch=batch,
        # Asked for by the page alone, which links to the map of these days.
        days=days_of_batch(connection, file.record_type, batch) if file.actor else None,
    )


def _says_places(result: ReadResult) -> bool:
    """Whether any row says in words where it was; nodes of networks always may."""
    if result.rows is None or "place_text" not in result.rows.column_names:
        return result.networks is not None
    return result.rows["place_text"].null_count < result.rows.num_rows


def load_checked(
    connection: Connection,
    result: ReadResult,
    origin: Origin,
    record_type: str,
    own: list[str] | None,
) -> LoadOutcome:
    """Store the good rows of what was read; `own` as load_records has it."""
    if result.networks is not None:
        made = result.networks
        return load_networks(connection, made.networks, made.nodes, made.legs, origin, own=own)
    link_models(connection, result, origin.source)
    if result.rows is None or not result.rows.num_rows:
        return LoadOutcome()
    if record_type == "support_measure":
        return load_figures(connection, result.rows, origin)
    return load_records(connection, record_type, result.rows, origin, own=own)


def refused_rows(result: ReadResult, outcome: LoadOutcome) -> list[RejectedCells]:
    """Rows that the store left out, as rejected rows; a network goes with its bad place."""
    refused = [
        *((row.row_number, outside_problem(row)) for row in outcome.outside),
        *((number, _ELSEWHERE) for number in outcome.elsewhere),
        *((number, _TAKEN) for number in outcome.taken),
    ]
    rejected = []
    for number, problem in refused:
        cells = result.contents(number)
        is_taken = problem is _TAKEN
        column = result.headings.get("external_id", "") if is_taken else _place(result, cells)
        rejected.append(
            RejectedCells(
                cells.row_number, cells.external_id, cells.content, [problem | {"column": column}]
            )
        )
    return rejected


def _place(result: ReadResult, cells: RejectedCells) -> str:
    """The headings of the cells by which a row says where it was: of points, else of units."""
    for names in (POINT, UNIT, ("place_text",)):
        written = [result.headings[one] for one in names if one in result.headings]
        if filled := [heading for heading in written if cells.content.get(heading)]:
            return ", ".join(filled)
    return ", ".join(result.headings.get(name, name) for name in POINT)


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


_ELSEWHERE: dict[str, Any] = {
    "value": None,
    "code": "row_elsewhere",
    "vi": "Địa điểm nằm ngoài địa bàn được giao cho tài khoản của bạn. Hãy kiểm tra vị trí, hoặc"
    " gửi hàng này cho đơn vị phụ trách địa bàn đó.",
    "en": "The place lies outside the units that your account is responsible for. Check the"
    " position, or give this row to the unit that is responsible there.",
}
_TAKEN: dict[str, Any] = {
    "value": None,
    "code": "row_taken",
    "vi": "Mã này thuộc một bản ghi nay nằm ngoài địa bàn của bạn. Hãy dùng mã khác.",
    "en": "This ID belongs to a record that now lies outside your units. Take another ID.",
}
