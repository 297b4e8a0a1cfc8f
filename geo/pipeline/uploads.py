"""Files that somebody sends from a desk: into his own units, and mended row by row."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import pyarrow
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine

from geo.dates import today
from geo.errors import NotFoundError
from geo.importers.raw_tables import Corrections, RawTable, correct, find_heading, in_order
from geo.importers.report import ImportReport, ReportedRow
from geo.importers.tables import AS_WRITTEN, ReadResult, RejectedCells, check_table
from geo.pipeline.records import load_checked, refused_rows, unit_names
from geo.records.fields import RecordType, fields_of
from geo.store.actors import Actor
from geo.store.database import acting
from geo.store.imports import (
    Rejection,
    days_of_batch,
    get_batch,
    hold_rejected,
    rejected_rows,
    settle_rejected,
)
from geo.store.records import Origin


def source_of(actor: Actor) -> str:
    """Whose records an upload brings: those of all who have the same units.

    So an ID in a file never meets a record of other units, which it must not change.
    """
    return "upload:" + ("country" if actor.own_units is None else ",".join(actor.own_units))


def rows_to_mend(
    connection: Connection, batch: Mapping[str, Any], *, after: int = 0, limit: int | None = None
) -> list[ReportedRow]:
    """Rows of a batch that wait to be mended, those after row `after`, in the file's order.

    The store keeps no order of cells, so they come in that of the fields.
    """
    rows = rejected_rows(connection, batch["id"], after=after, limit=limit)
    fields = fields_of(batch["record_type"])
    order = in_order(dict.fromkeys(name for row in rows for name in row.content), fields)
    return [
        ReportedRow(
            row.row_number,
            row.external_id,
            {name: row.content[name] for name in order if name in row.content},
            row.problems,
        )
        for row in rows
    ]


def mend_rows(
    engine: Engine, actor: Actor, identifier: UUID, corrections: Corrections
) -> ImportReport:
    """Correct cells of rejected rows, and store the rows that are good now.

    The report counts these rows alone; `rejected` are those that still cannot be used.

    Raises:
        NotFoundError: there is no such batch for the actor, or one of the rows does not wait.
        InputError: there is no such cell.
    """
    with acting(engine, actor.account_id) as connection:
        batch = get_batch(connection, identifier)
        record_type: RecordType = batch["record_type"]
        held = hold_rejected(
            connection, identifier, corrections, with_network=record_type == "network"
        )
        _require_all(held, corrections)
        raw = _table_of(held, record_type)
        correct(raw, corrections)
        names = unit_names(connection)
        result = check_table(raw, record_type, names, today())
        result.rejected += _repeated_still(held, corrections, result)
        if result.rows is not None and result.rejected:
            bad = pyarrow.array([row.row_number for row in result.rejected], pyarrow.int64())
            is_bad = pc.is_in(result.rows["row_number"].cast(pyarrow.int64()), bad)
            result.rows = result.rows.filter(pc.invert(is_bad))
        origin = Origin(batch["source"], actor.username, identifier)
        outcome = load_checked(connection, result, origin, record_type, actor.own_units)
        rejected = [*result.rejected, *refused_rows(result, outcome)]
        still = [Rejection(**asdict(row)) for row in rejected]
        bad_numbers = {row.row_number for row in still}
        mended = [replace(row, problems=[]) for row in held if row.row_number not in bad_numbers]
        settle_rejected(connection, identifier, mended, still)
        days = days_of_batch(connection, record_type, identifier)
    return ImportReport(
        read=len(held),
        added=outcome.added,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        mended=len(mended),
        rejected=[ReportedRow(**asdict(row)) for row in rejected],
        notes=result.notes,
        warnings=result.warnings,
        batch=identifier,
        days=days,
    )


def _require_all(held: list[Rejection], corrections: Corrections) -> None:
    missing = sorted(set(corrections) - {row.row_number for row in held})
    if missing:
        listed = ", ".join(map(str, missing[:20]))
        raise NotFoundError(
            "import.row_unknown",
            f"Hàng {listed} không có, hoặc không còn chờ sửa. Hãy tải lại danh sách.",
            f"Row {listed} is not there, or waits no longer. Load the list again.",
        )


def _table_of(held: list[Rejection], record_type: RecordType) -> RawTable:
    """The rows as the file's reader gave them; those of no known columns cannot be mended here."""
    fields = fields_of(record_type)
    headings = in_order(dict.fromkeys(name for row in held for name in row.content), fields)
    if AS_WRITTEN in headings:
        raise NotFoundError(
            "import.row_ragged",
            "Hàng có số ô khác tiêu đề chỉ sửa được trong tệp. Hãy tải tệp các hàng lỗi về để sửa.",
            "A row whose cells do not match the heading can only be mended in the file. Download"
            " the rejected rows.",
        )
    heading = find_heading([headings], fields)
    return RawTable(
        {
            name: pyarrow.array([row.content.get(headings[at]) for row in held], pyarrow.string())
            for name, at in heading.positions.items()
        },
        {name: headings[at] for name, at in heading.positions.items()},
        pyarrow.array([row.row_number for row in held], pyarrow.int64()),
    )


def _repeated_still(
    held: list[Rejection], corrections: Corrections, result: ReadResult
) -> list[RejectedCells]:
    """Rows that still bear the ID of another row of their file, which they would overwrite."""
    found = []
    for row in held:
        for problem in row.problems:
            column = problem["column"]
            said = corrections.get(row.row_number, {}).get(column, row.content.get(column))
            if problem["code"] == "identity_repeated" and said == row.content.get(column):
                now = result.contents(row.row_number)
                found.append(RejectedCells(now.row_number, now.external_id, now.content, [problem]))
    return found
