"""Batches of imported files, and the rows that could not be used."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from geo.errors import NotFoundError
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
    units: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that cannot be used: as it was written, and every problem with the way to mend it."""

    row_number: int
    external_id: str | None
    content: dict[str, Any]
    problems: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Remarks:
    """What else a sender should know: of the file, and of rows that went in; {code, vi, en}."""

    notes: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    rows_doubtful: int


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
    remarks: Remarks,
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
    # Not straight into the table: who may write single rows may not always COPY.
    connection.execute(
        text(
            "CREATE TEMP TABLE staged_rejection (import_batch_id uuid, row_number integer,"
            " external_id text, content jsonb, problems jsonb) ON COMMIT DROP"
        )
    )
    copy_rows(connection, "staged_rejection", columns, rows)
    connection.execute(query("insert_rejections"))
    connection.execute(text("DROP TABLE staged_rejection"))
    connection.execute(
        query("close_batch"),
        {
            "batch": identifier,
            "rows_read": rows_read,
            "rows_added": outcome.added,
            "rows_changed": outcome.changed,
            "rows_unchanged": outcome.unchanged,
            "rows_rejected": len(rows),
            "rows_doubtful": remarks.rows_doubtful,
            "notes": Jsonb(remarks.notes),
            "warnings": Jsonb(remarks.warnings),
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


def days_of_batch(
    connection: Connection, record_type: str, batch: UUID
) -> tuple[date, date] | None:
    """The first and the last day, in Vietnam, of the records that a batch brought."""
    found = connection.execute(query(f"days_of_{record_type}_batch"), {"batch": batch}).one()
    return None if found[0] is None else (found[0], found[1])


def list_batches(
    connection: Connection, *, after: UUID | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """The batches that the actor may see; `after` is the last of the page before.

    The newest first. Everybody sees his own; a leader those of people whose units all lie in his.
    """
    return _batches(connection, after=after, limit=limit)


def get_batch(connection: Connection, identifier: UUID) -> dict[str, Any]:
    """One batch.

    Raises:
        NotFoundError: there is none, or whom the transaction acts for may not see it.
    """
    for found in _batches(connection, identifier=identifier):
        return found
    raise NotFoundError(
        "import.unknown",
        f"Không có lần nạp {identifier}, hoặc bạn không được xem.",
        f"There is no import {identifier}, or you may not see it.",
    )


def _batches(
    connection: Connection,
    *,
    identifier: UUID | None = None,
    after: UUID | None = None,
    limit: int = 1,
) -> list[dict[str, Any]]:
    values = {"identifier": identifier, "after": after, "limit": limit}
    return [dict(row) for row in connection.execute(query("import_batches"), values).mappings()]


def rejected_rows(
    connection: Connection, batch: UUID, *, after: int = 0, limit: int | None = None
) -> list[Rejection]:
    """Rows of a batch that wait to be mended, in the file's order, those after row `after`."""
    rows = connection.execute(
        text(
            "SELECT row_number, external_id, content, problems FROM rejected_row"
            " WHERE import_batch_id = :batch AND mended_at IS NULL AND row_number > :after"
            " ORDER BY row_number LIMIT :limit"
        ),
        {"batch": batch, "after": after, "limit": limit},
    )
    return [Rejection(*row) for row in rows]


def hold_rejected(
    connection: Connection, batch: UUID, numbers: Iterable[int], *, with_network: bool
) -> list[Rejection]:
    """Those of the rows that wait to be mended, held; `with_network` adds the network's others."""
    values = {"batch": batch, "numbers": list(numbers), "with_network": with_network}
    return [Rejection(*row) for row in connection.execute(query("open_rejections"), values)]


def settle_rejected(
    connection: Connection, batch: UUID, mended: Iterable[Rejection], still: Iterable[Rejection]
) -> None:
    """Keep what became of rows that were sent again."""
    values = [
        {
            "batch": batch,
            "row_number": row.row_number,
            "external_id": row.external_id,
            "content": Jsonb(row.content),
            "problems": Jsonb(row.problems),
            "is_mended": is_mended,
        }
        for rows, is_mended in ((mended, True), (still, False))
        for row in rows
    ]
    if values:
        connection.execute(query("close_rejection"), values)
