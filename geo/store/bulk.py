"""COPY into the store: whole columns at a time, never a row at a time."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pyarrow
from psycopg import sql
from pyarrow import csv
from sqlalchemy import Connection, Executable, text

from geo.store.database import query


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


def fill_in_bulk(connection: Connection, target: str, statement: Executable) -> None:
    """Run an INSERT with the table's constraints and indexes off; they are built and checked after.

    All inside the caller's transaction: others wait, and a failure leaves everything as it was.
    The counts that follow incidents row by row are made anew as well.
    """
    with _bare(connection, target):
        follows = target == "incident"
        if follows:
            connection.execute(text("ALTER TABLE incident DISABLE TRIGGER incident_cell_insert"))
        connection.execute(statement)
        if follows:
            connection.execute(text("ALTER TABLE incident ENABLE TRIGGER incident_cell_insert"))
    connection.execute(text(f"ANALYZE {target}"))
    if follows:
        with _bare(connection, "incident_cell"):
            connection.execute(text("TRUNCATE incident_cell"))
            connection.execute(query("count_cells"))
        connection.execute(text("ANALYZE incident_cell"))


@contextmanager
def _bare(connection: Connection, target: str) -> Iterator[None]:
    """The table without constraints that need an index or another table, and without indexes."""
    constraints = connection.execute(query("constraints_of"), {"target": target}).all()
    for row in reversed(constraints):
        connection.execute(text(f"ALTER TABLE {target} DROP CONSTRAINT {row.name}"))
    indexes = connection.execute(query("indexes_of"), {"target": target}).all()
    for row in indexes:
        connection.execute(text(f"DROP INDEX {row.name}"))
    yield
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    for row in indexes:
        connection.execute(text(row.definition))
    for row in constraints:
        definition = f"ALTER TABLE {target} ADD CONSTRAINT {row.name} {row.definition}"
        connection.execute(text(definition))


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _statement(table: str, columns: Sequence[str], options: str) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN " + options).format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
