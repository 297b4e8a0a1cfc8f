"""What files of other rows than records share: a batch that keeps rejected rows, and the report."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from geo.importers.report import ImportReport, ReportedRow
from geo.importers.tables import ReadResult, RejectedCells
from geo.store.imports import Batch, Rejection, Remarks, close_batch, open_batch
from geo.store.records import LoadOutcome


def begin(
    connection: Connection, row_type: str, path: Path, source: str, actor: str | None
) -> UUID:
    """Open the batch of a file; its id."""
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return open_batch(connection, Batch(row_type, path.name, digest, source, actor))


def end(
    connection: Connection,
    batch: UUID,
    result: ReadResult,
    counts: LoadOutcome,
    rejected: Sequence[RejectedCells],
) -> ImportReport:
    """Close the batch with the rows that did not go in, and say what became of all."""
    rejected = sorted(rejected, key=lambda row: row.row_number)
    kept = [Rejection(row.row_number, None, dict(row.content), row.problems) for row in rejected]
    close_batch(connection, batch, result.rows_read, counts, kept, Remarks([], [], 0))
    return ImportReport(
        read=result.rows_read,
        added=counts.added,
        changed=counts.changed,
        unchanged=counts.unchanged,
        rejected=[ReportedRow(**asdict(row) | {"external_id": None}) for row in rejected],
        notes=result.notes,
        warnings=result.warnings,
        batch=batch,
    )
