"""Writing located records: whole files and single entries by the same statements."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
import pyarrow
import pyarrow.compute as pc
import sqlalchemy
import uuid_utils
from numpy.typing import NDArray
from sqlalchemy import Connection, column, literal, select, table, text
from sqlalchemy.dialects.postgresql import Insert, insert

from geo.records.digests import with_content_hash
from geo.store.audit import write_entry
from geo.store.bulk import (
    ARROW_TYPES,
    copy_table,
    filling,
    stage,
    with_points,
    without_triggers,
)
from geo.store.counts import COUNTED, add_cells, count_cells
from geo.store.database import query, require_room
from geo.store.locations import (
    LOCATION_COLUMNS,
    UNIT_SET,
    FoundUnits,
    OutsideRow,
    drop_staged,
    find_units,
    hold_boundaries,
    locate_staged,
    outside_rows,
    unit_sets,
)
from geo.store.reading import MODELS, Recorded

# What says which record a row is; everything else may change with a new version of it.
IDENTITY = {"id", "source", "external_id", "created_at", "created_by"}
# From this many rows on, if they outnumber those in the table, indexes are built anew at the end.
FILL_FROM = 50_000
FILLED = "incident"
SLICE = 50_000
# So many rows are asked for at once: each question reads the grid of all units.
ASKED = 200_000
HANDOVER_SECONDS = 0.0002
OFTEN_EMPTY = ("stated_edition", "stated_level", "stated_code", "location_flags")
# Of rows that were written: what counts depend on, and their digests.
KEPT = {*COUNTED, "content_hash"}

Item = TypeVar("Item")
# A million plain rows: 125 MB in memory; 320 MB in the table, as much of log, 250 MB of indexes.
STORED_PER_BYTE = 8


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from; written into every record of a batch."""

    source: str
    actor: str | None = None
    batch: UUID | None = None
    is_demo: bool = False


@dataclass(slots=True)
class LoadOutcome:
    """What became of the rows of a batch.

    `elsewhere` are numbers of rows that lie outside the sender's units, `taken` of those whose
    external id belongs to a record that does.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    outside: list[OutsideRow] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)


def load_records(
    connection: Connection,
    record_type: str,
    rows: pyarrow.Table,
    origin: Origin,
    *,
    own: list[str] | None = None,
) -> LoadOutcome:
    """Add or change incidents, outreach events or models, each known by source and external id.

    Rows whose content is stored already change nothing; rows whose point lies outside the country
    are left out and returned. Runs inside the caller's transaction.

    Args:
        rows: row_number, external_id, lon and lat (degrees, EPSG:4326, null where unknown),
            stated_edition, stated_level, stated_code, and further columns of the record's table by
            their names; content_hash is made of these unless it is among them.
        own: units by column and code, such as "commune_2025 17263"; what lies in none of them
            is left out and returned. None for the whole country.

    Raises:
        sqlalchemy.exc.DBAPIError: translated by the caller's `transaction`.
    """
    hold_boundaries(connection)
    # Others come by thousands; and to their keys rows refer, so that these could not be made anew.
    fills = record_type == FILLED and own is None
    if fills and _outweighs(connection, rows.num_rows, origin.source):
        return _fill(connection, rows, origin)
    return _merge(connection, record_type, rows, origin, own)


def _merge(
    connection: Connection,
    target: str,
    rows: pyarrow.Table,
    origin: Origin,
    own: list[str] | None,
) -> LoadOutcome:
    """Rows among others that may be the same: compared and located in a temporary table."""
    rows = _with_content_hash(rows)
    stage(connection, target, rows)
    outcome = LoadOutcome(unchanged=drop_unchanged(connection, target, origin.source))
    locate(connection)
    outcome.outside = outside_rows(connection)
    connection.execute(query("drop_outside"))
    if own is not None:
        values = {"own": own, "source": origin.source}
        outcome.elsewhere = list(connection.scalars(query("drop_elsewhere"), values))
        outcome.taken = list(connection.scalars(query(f"drop_taken_{target}"), values))
    outcome.added, outcome.changed = count_new(connection, target, "staged_record", origin.source)
    statement = _insert_or_update(
        MODELS[target], rows.column_names, origin, reads_all=_is_owner(connection, target)
    )
    connection.execute(statement)
    drop_staged(connection)
    connection.execute(text("DROP TABLE staged_record"))
    return outcome


def _outweighs(connection: Connection, count: int, source: str) -> bool:
    """Whether all rows are new, and so many that making indexes anew beats keeping them.

    To take indexes away is for the table's owner: what the server writes goes the other way.
    """
    if count < FILL_FROM or not _is_owner(connection, FILLED):
        return False
    present, known = connection.execute(
        text("SELECT count(*), count(*) FILTER (WHERE source = :source) FROM incident"),
        {"source": source},
    ).one()
    return not known and count > present


def _is_owner(connection: Connection, target: str) -> bool:
    return bool(connection.scalar(query("is_owner"), {"target": target}))


def _fill(connection: Connection, rows: pyarrow.Table, origin: Origin) -> LoadOutcome:
    """Incidents that are all new go straight into the table, and are counted and audited at once.

    Of an empty table nothing is lost by emptying it, so that its rows can be written frozen.
    """
    require_room(connection, rows.nbytes * STORED_PER_BYTE)
    done_here = ["audit_insert", "audit_truncate", "incident_cell_insert"]
    is_empty = not connection.scalar(text("SELECT EXISTS (SELECT FROM incident)"))
    with ThreadPoolExecutor(1) as pool:
        with without_triggers(connection, FILLED, done_here), filling(connection, FILLED):
            if is_empty:
                connection.execute(text("TRUNCATE incident"))
            outcome, written = _write(connection, rows, origin, freeze=is_empty)
            # Counted while the indexes are built.
            counting = pool.submit(count_cells, written)
            hashing = pool.submit(_digest_of_all, written)
        add_cells(connection, counting.result())
        details = {"rows": outcome.added, "sha256": hashing.result(), "batch": str(origin.batch)}
    write_entry(connection, origin.actor, "INSERT", FILLED, details)
    return outcome


def _digest_of_all(written: pyarrow.Table) -> str:
    digests = np.sort(np.array(written["content_hash"].to_pylist(), "S"))
    return sha256(b"\n".join(digests.tolist())).hexdigest()


def _write(
    connection: Connection, rows: pyarrow.Table, origin: Origin, *, freeze: bool
) -> tuple[LoadOutcome, pyarrow.Table]:
    """Another connection finds units and another thread makes rows ready, while others are written.

    Returns:
        What became of the rows, and of those written their digests and what counts depend on.
    """
    outcome, written = LoadOutcome(), []
    with (
        _short_turns(),
        connection.engine.begin() as other,
        _made_ahead(find_units(other, rows, ASKED)) as found_units,
    ):
        order = _order(rows)
        for found in found_units:
            sets = unit_sets(connection, found.answers)
            units = found.answers.drop_columns(UNIT_SET).append_column("unit_set_id", sets)
            outcome.outside += found.outside
            with _made_ahead(_located(rows, order, found, units, origin)) as parts:
                for part in parts:
                    copy_table(connection, FILLED, part, freeze=freeze)
                    outcome.added += part.num_rows
                    written.append(part.select([one for one in part.column_names if one in KEPT]))
    return outcome, pyarrow.concat_tables(written)


@contextmanager
def _short_turns() -> Iterator[None]:
    """Within it threads hand Python over sooner.

    The thread that feeds the server needs it for a moment only, for each of thousands of pieces;
    behind one that computes it would wait for as long each time as the server needs for the piece.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(HANDOVER_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@contextmanager
def _made_ahead(items: Iterator[Item]) -> Iterator[Iterator[Item]]:
    """The items, each made in a thread of its own while the one before is used."""
    pool = ThreadPoolExecutor(1)
    first = pool.submit(next, items, None)

    def taken() -> Iterator[Item]:
        coming = first
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item

    try:
        yield taken()
    finally:
        pool.shutdown(cancel_futures=True)


def _order(rows: pyarrow.Table) -> NDArray[np.intp]:
    """Where each incident comes when they are written, shape (rows,).

    They come by kind and time, as in their widest index: the server would need as long to sort a
    million texts, most of them equal to many, as to take in all rows.
    """
    kind = rows["kind"].combine_chunks().dictionary_encode()
    rank = np.argsort(np.argsort(kind.dictionary.to_numpy(zero_copy_only=False)))
    moment = pc.cast(rows["occurred_from"], ARROW_TYPES["timestamptz"]).to_numpy()
    order = np.empty(rows.num_rows, np.intp)
    order[np.lexsort((moment, rank[kind.indices.to_numpy()]))] = np.arange(rows.num_rows)
    return order


def _located(
    rows: pyarrow.Table,
    order: NDArray[np.intp],
    found: FoundUnits,
    units: pyarrow.Table,
    origin: Origin,
) -> Iterator[pyarrow.Table]:
    """The found rows in their order, some at a time, each with its part of `units`."""
    ordered = np.argsort(order[found.rows])
    for start in range(0, len(ordered), SLICE):
        some = ordered[start : start + SLICE]
        yield _complete(
            rows.take(pyarrow.array(found.rows[some])),
            units.take(pyarrow.array(found.answer_of[some])),
            origin,
        )


def _complete(rows: pyarrow.Table, units: pyarrow.Table, origin: Origin) -> pyarrow.Table:
    """Rows as the table stores them, those outside the country left out."""
    inside = pc.not_equal(units["assignment"], "outside")
    rows = with_points(_with_content_hash(rows)).drop_columns("row_number")
    identifiers = [uuid_utils.uuid7().bytes for _ in range(rows.num_rows)]
    rows = rows.append_column("id", pyarrow.array(identifiers, pyarrow.binary()))
    for name in units.column_names:
        rows = rows.append_column(name, units[name])
    for name, value in (
        ("source", origin.source),
        ("is_demo", origin.is_demo),
        ("import_batch_id", origin.batch and origin.batch.bytes),
        ("created_by", origin.actor),
        ("updated_by", origin.actor),
    ):
        if value is not None:
            rows = rows.append_column(name, pyarrow.repeat(value, rows.num_rows))
    # The server takes as long for a column in which nothing stands as for others.
    rows = rows.drop_columns([name for name in OFTEN_EMPTY if _is_empty(rows[name])])
    return rows if pc.all(inside).as_py() else rows.filter(inside)


def _is_empty(column: pyarrow.ChunkedArray) -> bool:
    """Whether the table's default says the same: nothing, or a list of nothing."""
    if pyarrow.types.is_list(column.type):
        return not pc.any(pc.greater(pc.list_value_length(column), 0)).as_py()
    return bool(column.null_count == len(column))


def _with_content_hash(rows: pyarrow.Table) -> pyarrow.Table:
    return rows if "content_hash" in rows.column_names else with_content_hash(rows)


def locate(connection: Connection) -> None:
    """Give the rows of staged_record their units; see sql/locate.sql."""
    connection.execute(
        text(
            "CREATE TEMP TABLE staged_location ON COMMIT DROP AS"  # noqa: S608  own names only
            f" SELECT point, {', '.join(LOCATION_COLUMNS)} FROM staged_record"
        )
    )
    locate_staged(connection)


def drop_unchanged(connection: Connection, target: str, source: str) -> int:
    """Forget staged rows that are stored already just as they are; how many they were."""
    return connection.execute(
        text(
            f"DELETE FROM staged_record AS staged USING {target} AS known"  # noqa: S608  own names
            " WHERE known.source = :source AND known.external_id = staged.external_id"
            " AND known.content_hash = staged.content_hash AND known.deleted_at IS NULL"
        ),
        {"source": source},
    ).rowcount


def count_new(connection: Connection, target: str, staged: str, source: str) -> tuple[int, int]:
    """How many of the staged rows are new, and how many change a record that is there."""
    added, changed = connection.execute(
        text(
            "SELECT count(*) FILTER (WHERE known.id IS NULL), count(known.id)"  # noqa: S608
            f" FROM {staged} AS staged LEFT JOIN {target} AS known"
            " ON known.source = :source AND known.external_id = staged.external_id"
        ),
        {"source": source},
    ).one()
    return added, changed


def _insert_or_update(
    model: Recorded, names: list[str], origin: Origin, *, reads_all: bool
) -> Insert:
    """`reads_all` says that every column may be read: that of narratives is the owner's alone."""
    located = ("unit_set_id", "assignment", "location_flags")
    own = [name for name in names if name not in ("row_number", "lon", "lat")]
    staged = table("staged_record", *map(column, ["row_number", "point", *own]))
    found = table("located", *map(column, ("row_number", *located)))
    values = {
        **{name: staged.c[name] for name in ["point", *own]},
        **{name: found.c[name] for name in located},
        "source": literal(origin.source),
        "is_demo": literal(origin.is_demo),
        "import_batch_id": literal(origin.batch, sqlalchemy.Uuid()),
        "created_by": literal(origin.actor, sqlalchemy.Text()),
        "updated_by": literal(origin.actor, sqlalchemy.Text()),
    }
    rows = (
        select(*values.values())
        .select_from(staged)
        .join(found, found.c.row_number == staged.c.row_number)
    )
    statement = insert(model).from_select(list(values), rows, include_defaults=False)
    # A file gives no reason, and must not seem to have that of the version before.
    changes: dict[str, Any] = {"updated_reason": None} | {
        name: statement.excluded[name] for name in values if name not in IDENTITY
    }
    if "narrative" in changes and not reads_all:
        # PostgreSQL takes the row that was to be inserted for one that is read from the table.
        sent = select(staged.c.narrative).where(staged.c.external_id == model.external_id)
        changes["narrative"] = sent.scalar_subquery()
    return statement.on_conflict_do_update(
        index_elements=["source", "external_id"],
        set_=changes | {"deleted_at": None, "deleted_reason": None},
        where=(model.content_hash != statement.excluded.content_hash)
        | model.deleted_at.is_not(None),
    )
