"""COPY into the store: whole columns at a time, never a row at a time."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import pyarrow
from psycopg import sql
from pyarrow import csv
from sqlalchemy import Connection


def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """COPY rows of Python values; for thousands of rows, not for millions."""
    with _cursor(connection) as cursor, cursor.copy(_statement(table, columns, "")) as copy:
        for row in rows:
            copy.write_row(row)


def copy_table(connection: Connection, table: str, rows: pyarrow.Table) -> None:
    """COPY an Arrow table whose columns bear the names of the target's; null is the empty cell.

    Lists must have been written as array literals of PostgreSQL before.
    """
    options = csv.WriteOptions(include_header=False, quoting_style="needed")
    statement = _statement(table, rows.column_names, "(FORMAT csv)")
    with _cursor(connection) as cursor, cursor.copy(statement) as copy:
        for batch in rows.to_batches(max_chunksize=50_000):
            buffer = BytesIO()
            csv.write_csv(batch, buffer, options)
            copy.write(buffer.getbuffer())


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _statement(table: str, columns: Sequence[str], options: str) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN " + options).format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
