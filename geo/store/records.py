"""Writing located records: whole files and single entries by the same statements."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import pyarrow
import pyarrow.compute as pc
import sqlalchemy
import uuid_utils
from sqlalchemy import Connection, column, literal, select, table, text
from sqlalchemy.dialects.postgresql import Insert, insert

from geo.store.bulk import copy_table, filling, with_points
from geo.store.database import query, require_room
from geo.store.locations import drop_staged, locate_staged, located_units, stand_ins
from geo.store.tables import Incident, OutreachEvent

MODELS: dict[str, type[Incident] | type[OutreachEvent]] = {
    "incident": Incident,
    "outreach_event": OutreachEvent,
}
# What says which record a row is; everything else may change with a new version of it.
IDENTITY = {"id", "source", "external_id", "created_at", "created_by"}
# What the rule of sql/locate.sql asks of a row.
LOCATION_COLUMNS = ["row_number", "point", "stated_edition", "stated_level", "stated_code"]
# From this many rows on, if they outnumber those in the table, indexes are built anew at the end.
FILL_FROM = 50_000
# A million plain rows: 125 MB in memory; 320 MB in the table, as much of log, 250 MB of indexes.
STORED_PER_BYTE, SPARE_BYTES = 8, 64 * 2**20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from; written into every record of a batch."""

    source: str
    actor: str | None = None
    batch: UUID | None = None
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """A row whose point lies in no unit, and what may have happened to it.

    `distance_m` is the geodesic distance to the nearest commune, null beyond some 50 km;
    `swapped_inside` says that with its axes swapped the point would lie in the country.
    """

    row_number: int
    distance_m: float | None
    nearest: str | None
    swapped_inside: bool


@dataclass(slots=True)
class LoadOutcome:
    """What became of the rows of a batch."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    outside: list[OutsideRow] = field(default_factory=list)


def load_records(
    connection: Connection, record_type: str, rows: pyarrow.Table, origin: Origin
) -> LoadOutcome:
    """Add or change incidents or outreach events, each known by its source and external id.

    Rows whose content is stored already change nothing; rows whose point lies outside the country
    are left out and returned. Runs inside the caller's transaction.

    Args:
        rows: row_number, external_id, content_hash, lon and lat (degrees, EPSG:4326, null where
            unknown), and further columns of the record's table by their names.

    Raises:
        sqlalchemy.exc.DBAPIError: translated by the caller's `transaction`.
    """
    if _outweighs(connection, record_type, rows.num_rows, origin.source):
        return _fill(connection, record_type, rows, origin)
    return _merge(connection, record_type, rows, origin)


def _merge(connection: Connection, target: str, rows: pyarrow.Table, origin: Origin) -> LoadOutcome:
    """Rows among others that may be the same: compared and located in a temporary table."""
    stage(connection, target, rows)
    outcome = LoadOutcome(unchanged=drop_unchanged(connection, target, origin.source))
    locate(connection)
    outcome.outside = outside_rows(connection)
    connection.execute(query("drop_outside"))
    outcome.added, outcome.changed = count_new(connection, target, "staged_record", origin.source)
    connection.execute(_insert_or_update(MODELS[target], rows.column_names, origin))
    drop_staged(connection)
    connection.execute(text("DROP TABLE staged_record"))
    return outcome


def _outweighs(connection: Connection, target: str, count: int, source: str) -> bool:
    """Whether all rows are new, and so many that making indexes anew beats keeping them."""
    if count < FILL_FROM:
        return False
    present, known = connection.execute(
        text(f"SELECT count(*), count(*) FILTER (WHERE source = :source) FROM {target}"),  # noqa: S608
        {"source": source},
    ).one()
    return not known and count > present


def _fill(connection: Connection, target: str, rows: pyarrow.Table, origin: Origin) -> LoadOutcome:
    """Rows that are all new go straight into the table; only what their places need is staged."""
    require_room(connection, rows.nbytes * STORED_PER_BYTE + SPARE_BYTES)
    chosen, chosen_for = np.unique(stand_ins(connection, rows), return_inverse=True)
    rows = with_points(rows)
    asked = rows.select(LOCATION_COLUMNS).take(pyarrow.array(chosen))
    stage(connection, target, asked, "staged_location")
    with ThreadPoolExecutor(1) as pool:
        identifiers = pool.submit(_new_identifiers, rows.num_rows)
        locate_staged(connection)
        rows = rows.append_column("id", identifiers.result())
    outcome = LoadOutcome(outside=outside_rows(connection))
    found = located_units(connection, asked["row_number"]).take(pyarrow.array(chosen_for))
    for name in found.column_names:
        rows = rows.append_column(name, found[name])
    if outcome.outside:
        rows = rows.filter(pc.not_equal(rows["assignment"], "outside"))
    drop_staged(connection)
    for name, value in (
        ("source", origin.source),
        ("is_demo", origin.is_demo),
        ("import_batch_id", origin.batch and origin.batch.bytes),
        ("created_by", origin.actor),
        ("updated_by", origin.actor),
    ):
        rows = rows.append_column(name, pyarrow.repeat(value, rows.num_rows))
    with filling(connection, target):
        copy_table(connection, target, rows.drop_columns("row_number"))
    outcome.added = rows.num_rows
    return outcome


def _new_identifiers(count: int) -> pyarrow.Array:
    return pyarrow.array([uuid_utils.uuid7().bytes for _ in range(count)], pyarrow.binary())


# Columns that staged rows have beside those of the table they are meant for.
STAGING_COLUMNS = {
    "row_number": "0 AS row_number",
    "network_external_id": "''::text AS network_external_id",
}


def stage(
    connection: Connection, target: str, rows: pyarrow.Table, name: str = "staged_record"
) -> None:
    """COPY rows into a temporary table whose columns have the types of the target's."""
    if "lon" in rows.column_names:
        rows = with_points(rows)
    columns = ", ".join(STAGING_COLUMNS.get(column, column) for column in rows.column_names)
    connection.execute(
        text(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT {columns} FROM {target} LIMIT 0")  # noqa: S608
    )
    copy_table(connection, name, rows)


def locate(connection: Connection) -> None:
    """Give the rows of staged_record their units; see sql/locate.sql."""
    connection.execute(
        text(
            "CREATE TEMP TABLE staged_location ON COMMIT DROP AS"  # noqa: S608  own names only
            f" SELECT {', '.join(LOCATION_COLUMNS)} FROM staged_record"
        )
    )
    locate_staged(connection)


def outside_rows(connection: Connection) -> list[OutsideRow]:
    """The located rows whose point lies in no unit, with a hint at what may be wrong."""
    return [OutsideRow(*row) for row in connection.execute(query("outside_rows"))]


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
    model: type[Incident] | type[OutreachEvent], names: list[str], origin: Origin
) -> Insert:
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
    changes = {name: statement.excluded[name] for name in values if name not in IDENTITY}
    return statement.on_conflict_do_update(
        index_elements=["source", "external_id"],
        set_=changes | {"deleted_at": None, "deleted_reason": None},
        where=(model.content_hash != statement.excluded.content_hash)
        | model.deleted_at.is_not(None),
    )
