"""COPY into the store: whole columns at a time, never a row at a time."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow
import pyarrow.compute as pc
from pgpq import ArrowToPostgresBinaryEncoder
from pgpq.encoders import StringEncoderBuilder
from pgpq.schema import Jsonb
from psycopg import sql
from psycopg.copy import QueuedLibpqWriter
from sqlalchemy import Connection, text

from geo.store.database import query

BATCH = 50_000
# So many bytes may lie ready before the sender waits for the server to take them: to be woken for
# less, beside threads that compute, took longer than the server needed for the rows.
UNSENT = 16 * 2**20
# What COPY in binary expects of a column, by the name of its type; it converts nothing itself.
ARROW_TYPES = {
    "bool": pyarrow.bool_(),
    "int2": pyarrow.int16(),
    "int4": pyarrow.int32(),
    "_int4": pyarrow.list_(pyarrow.int32()),
    "float8": pyarrow.float64(),
    "text": pyarrow.string(),
    "_text": pyarrow.list_(pyarrow.string()),
    "jsonb": pyarrow.string(),
    "date": pyarrow.date32(),
    "timestamptz": pyarrow.timestamp("us", "UTC"),
    "uuid": pyarrow.binary(),
    "geometry": pyarrow.binary(),
}
# Columns that staged rows have beside those of the table they are meant for.
STAGING_COLUMNS = {"row_number": "integer", "network_external_id": "text"}
# A point with its SRID as PostGIS extends well-known binary: little-endian, 2D, SRID flag set.
EWKB_POINT = np.dtype(
    [("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("lon", "<f8"), ("lat", "<f8")]
)


def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """COPY rows of Python values; for thousands of rows, not for millions."""
    with _cursor(connection) as cursor, cursor.copy(_statement(table, columns, "")) as copy:
        for row in rows:
            copy.write_row(row)


def copy_table(
    connection: Connection, table: str, rows: pyarrow.Table, *, freeze: bool = False
) -> None:
    """COPY an Arrow table whose columns bear the names of the target's.

    Geometries are EWKB, UUIDs 16 bytes or text, JSON text; a missing list is an empty one. `freeze`
    is for a table that this transaction has truncated: nobody has to ask later of each row whether
    all may see it, neither what builds indexes nor what answers from them.

    Raises:
        pyarrow.ArrowInvalid: a value does not fit the type of its column.
    """
    types = dict(connection.execute(query("column_types"), {"target": table}).tuples().all())
    schema = pyarrow.schema([(name, ARROW_TYPES[types[name]]) for name in rows.column_names])
    encoders = {
        item.name: StringEncoderBuilder.new_with_output(item, Jsonb())
        if types[item.name] == "jsonb"
        else ArrowToPostgresBinaryEncoder.infer_encoder(item)
        for item in schema
    }
    encoder = ArrowToPostgresBinaryEncoder.new_with_encoders(schema, encoders)
    options = "(FORMAT binary, FREEZE)" if freeze else "(FORMAT binary)"
    statement = _statement(table, rows.column_names, options)
    with (
        _cursor(connection) as cursor,
        # One batch is sent while the next is made.
        cursor.copy(statement, writer=QueuedLibpqWriter(cursor, flush_threshold=UNSENT)) as copy,
    ):
        copy.write(encoder.write_header())
        for batch in _as_stored(rows, schema).to_batches(max_chunksize=BATCH):
            copy.write(encoder.write_batch(batch))
        copy.write(encoder.finish())


def stage(
    connection: Connection, target: str, rows: pyarrow.Table, name: str = "staged_record"
) -> None:
    """COPY rows into a temporary table whose columns have the types of the target's."""
    if "lon" in rows.column_names:
        rows = with_points(rows)
    # Asked of the catalogue, not of the table: the server may write columns that it may not read.
    found = connection.execute(query("column_definitions"), {"target": target})
    types = {**{row.attname: row.definition for row in found}, **STAGING_COLUMNS}
    columns = ", ".join(f"{column} {types[column]}" for column in rows.column_names)
    connection.execute(text(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP"))
    copy_table(connection, name, rows)


def _as_stored(rows: pyarrow.Table, schema: pyarrow.Schema) -> pyarrow.Table:
    columns = []
    for item, column in zip(schema, rows.columns, strict=True):
        whole = column.combine_chunks()
        if pyarrow.types.is_list(whole.type):
            whole = whole.fill_null([])
        elif pyarrow.types.is_string(whole.type) and item.type == ARROW_TYPES["uuid"]:
            texts = whole.to_pylist()
            whole = pyarrow.array([text and UUID(text).bytes for text in texts], item.type)
        columns.append(whole.cast(item.type))
    return pyarrow.table(columns, schema)


def with_points(rows: pyarrow.Table) -> pyarrow.Table:
    """lon and lat (degrees, EPSG:4326, null where unknown) as one column `point` of EWKB."""
    lon, lat = (
        rows[name].combine_chunks().cast(pyarrow.float64()).to_numpy(zero_copy_only=False)
        for name in ("lon", "lat")
    )
    points = np.zeros(len(lon), EWKB_POINT)
    points["order"], points["type"], points["srid"] = 1, 0x20000001, 4326
    points["lon"], points["lat"] = lon, lat
    fixed = pyarrow.array(
        points.view(f"V{EWKB_POINT.itemsize}"), pyarrow.binary(EWKB_POINT.itemsize)
    )
    written = pc.if_else(rows["lon"].is_valid(), fixed.cast(pyarrow.binary()), None)
    return rows.drop_columns(["lon", "lat"]).append_column("point", written)


@contextmanager
def without_triggers(connection: Connection, target: str, names: Sequence[str]) -> Iterator[None]:
    """Within it a table lacks triggers of these names; the caller does their work for all rows.

    To disable them would not do: a disabled trigger that asks for the new rows has them gathered
    all the same, which takes as long as to write them.
    """
    values = {"target": target, "names": list(names)}
    definitions = connection.scalars(query("triggers_of"), values).all()
    for name in names:
        connection.execute(text(f"DROP TRIGGER {name} ON {target}"))
    yield
    for definition in definitions:
        connection.execute(text(definition))


@contextmanager
def filling(connection: Connection, target: str) -> Iterator[None]:
    """Within it a table has neither indexes nor constraints that need an index or another table.

    Nor do policies hold for its owner, who could not COPY otherwise. All is built and checked
    after, inside the caller's transaction: others wait, and a failure leaves everything as it was.
    """
    searched = connection.scalars(query("searched_columns"), {"target": target}).all()
    constraints = connection.execute(query("constraints_of"), {"target": target}).all()
    for row in reversed(constraints):
        connection.execute(text(f"ALTER TABLE {target} DROP CONSTRAINT {row.name}"))
    indexes = connection.execute(query("indexes_of"), {"target": target}).all()
    for row in indexes:
        connection.execute(text(f"DROP INDEX {row.name}"))
    is_forced = connection.scalar(
        text("SELECT relforcerowsecurity FROM pg_class WHERE oid = to_regclass(:target)"),
        {"target": target},
    )
    if is_forced:
        connection.execute(text(f"ALTER TABLE {target} NO FORCE ROW LEVEL SECURITY"))
    yield
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    for row in indexes:
        connection.execute(text(row.definition))
    for row in constraints:
        definition = f"ALTER TABLE {target} ADD CONSTRAINT {row.name} {row.definition}"
        connection.execute(text(definition))
    # Not before: foreign keys would be checked through the policies.
    if is_forced:
        connection.execute(text(f"ALTER TABLE {target} FORCE ROW LEVEL SECURITY"))
    connection.execute(text(f"ANALYZE {target} ({', '.join(searched)})"))


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()


def _statement(table: str, columns: Sequence[str], options: str) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN " + options).format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
