"""Batches of imported files, and the rows that could not be used."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from geo.store.bulk import copy_rows
from geo.store.database import query
from geo.store.records import LoadOutcome


@dataclass(frozen=True, slots=True)
class Batch:
    """One file about to be imported."""

    record_type: str
    file_name: str
    file_sha256: str
    source: str
    actor: str | None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that cannot be used: as it was written, and every problem with the way to mend it."""

    row_number: int
    external_id: str | None
    content: dict[str, Any]
    problems: list[dict[str, Any]]


def open_batch(connection: Connection, batch: Batch) -> UUID:
    """The id of the batch; a file that was sent before keeps the one it had."""
    identifier: UUID = connection.execute(query("open_batch"), asdict(batch)).scalar_one()
    return identifier


def close_batch(
    connection: Connection,
    identifier: UUID,
    rows_read: int,
    outcome: LoadOutcome,
    rejections: Iterable[Rejection],
) -> None:
    """Write what became of the rows: counts, and the rejected ones with their reasons."""
    connection.execute(
        text("DELETE FROM rejected_row WHERE import_batch_id = :batch AND mended_at IS NULL"),
        {"batch": identifier},
    )
    rows = [
        (identifier, row.row_number, row.external_id, Jsonb(row.content), Jsonb(row.problems))
        for row in rejections
    ]
    columns = ["import_batch_id", "row_number", "external_id", "content", "problems"]
    # Policies let nobody COPY into the table itself.
    staged = "staged_rejection"
    connection.execute(
        text(
            f"CREATE TEMP TABLE {staged} (import_batch_id uuid, row_number integer,"
            " external_id text, content jsonb, problems jsonb) ON COMMIT DROP"
        )
    )
    copy_rows(connection, staged, columns, rows)
    names = ", ".join(columns)
    connection.execute(
        text(f"INSERT INTO rejected_row ({names}) SELECT {names} FROM {staged} ORDER BY row_number")  # noqa: S608
    )
    connection.execute(text(f"DROP TABLE {staged}"))
    connection.execute(
        query("close_batch"),
        {
            "batch": identifier,
            "rows_read": rows_read,
            "rows_added": outcome.added,
            "rows_changed": outcome.changed,
            "rows_unchanged": outcome.unchanged,
            "rows_rejected": len(rows),
        },
    )


def mark_mended(connection: Connection, record_type: str, source: str, batch: UUID) -> int:
    """Close rejected rows of earlier files whose record this transaction brought or changed.

    Rows of the batch itself stay open: a record that came in by its other row mends nothing.

    Returns:
        How many they were.
    """
    return connection.execute(
        text(
            "UPDATE rejected_row AS rejected SET mended_at = now() FROM import_batch AS batch"  # noqa: S608
            " WHERE batch.id = rejected.import_batch_id AND batch.source = :source"
            " AND batch.record_type = :record_type AND rejected.mended_at IS NULL"
            " AND batch.id <> :batch"
            f" AND EXISTS (SELECT FROM {record_type} AS record WHERE record.source = :source"
            " AND record.external_id = rejected.external_id AND record.updated_at = now())"
        ),
        {"source": source, "record_type": record_type, "batch": batch},
    ).rowcount
