"""Writing located records: whole files and single entries by the same statements."""

from dataclasses import dataclass, field
from uuid import UUID

import pyarrow
import pyarrow.compute as pc
import sqlalchemy
from sqlalchemy import Connection, column, func, literal, select, table, text
from sqlalchemy.dialects.postgresql import Insert, insert

from geo.store.bulk import copy_table, fill_in_bulk
from geo.store.database import query
from geo.store.locations import drop_staged, locate_staged
from geo.store.tables import Incident, OutreachEvent

MODELS: dict[str, type[Incident] | type[OutreachEvent]] = {
    "incident": Incident,
    "outreach_event": OutreachEvent,
}
# What says which record a row is; everything else may change with a new version of it.
IDENTITY = {"id", "source", "external_id", "created_at", "created_by"}
# From this many rows on, if they outnumber those in the table, indexes are built anew at the end.
BULK_FROM = 50_000


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
    model = MODELS[record_type]
    target = model.__tablename__
    stage(connection, target, rows)
    outcome = LoadOutcome(unchanged=drop_unchanged(connection, target, origin.source))
    locate(connection)
    outcome.outside = outside_rows(connection)
    _drop_outside(connection)
    outcome.added, outcome.changed = count_new(connection, target, "staged_record", origin.source)
    names, statement = _insert(model, rows.column_names, origin)
    if outweighs(connection, target, outcome):
        fill_in_bulk(connection, target, statement)
    else:
        connection.execute(_or_update(model, statement, names))
    drop_staged(connection)
    connection.execute(text("DROP TABLE staged_record"))
    return outcome


# Columns that staged rows have beside those of the table they are meant for.
STAGING_COLUMNS = {
    "row_number": "0 AS row_number",
    "lon": "0::float8 AS lon",
    "lat": "0::float8 AS lat",
    "network_external_id": "''::text AS network_external_id",
}


def stage(
    connection: Connection, target: str, rows: pyarrow.Table, name: str = "staged_record"
) -> None:
    """COPY rows into a temporary table whose columns have the types of the target's."""
    columns = ", ".join(STAGING_COLUMNS.get(column, column) for column in rows.column_names)
    connection.execute(
        text(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT {columns} FROM {target} LIMIT 0")  # noqa: S608
    )
    copy_table(connection, name, array_literals(rows))


def array_literals(rows: pyarrow.Table) -> pyarrow.Table:
    """Lists as array literals of PostgreSQL, since CSV knows no lists."""
    for index, item in enumerate(rows.schema):
        if pyarrow.types.is_list(item.type):
            lists = rows.column(index).combine_chunks().fill_null([])
            escaped = pc.replace_substring_regex(lists.flatten(), r'([\\"])', r"\\\1")
            quoted = pc.binary_join_element_wise('"', escaped, '"', "")
            literal_text = pc.binary_join(pyarrow.ListArray.from_arrays(lists.offsets, quoted), ",")
            rows = rows.set_column(
                index, item.name, pc.binary_join_element_wise("{", literal_text, "}", "")
            )
    return rows


def locate(connection: Connection) -> None:
    """Give the rows of staged_record their units; see sql/locate.sql."""
    connection.execute(
        text(
            "CREATE TEMP TABLE staged_location ON COMMIT DROP AS SELECT row_number,"
            " CASE WHEN lon IS NOT NULL THEN ST_SetSRID(ST_MakePoint(lon, lat), 4326) END AS point,"
            " stated_edition, stated_level, stated_code FROM staged_record"
        )
    )
    locate_staged(connection)


def _drop_outside(connection: Connection) -> None:
    connection.execute(
        text(
            "DELETE FROM staged_record AS staged USING located"
            " WHERE located.row_number = staged.row_number AND located.assignment = 'outside'"
        )
    )


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


def _insert(
    model: type[Incident] | type[OutreachEvent], names: list[str], origin: Origin
) -> tuple[list[str], Insert]:
    staged = table("staged_record", *map(column, names))
    located = table(
        "located", *map(column, ("row_number", "unit_set_id", "assignment", "location_flags"))
    )
    own = [name for name in names if name not in ("row_number", "lon", "lat")]
    values = {name: staged.c[name] for name in own} | {
        "point": func.ST_SetSRID(func.ST_MakePoint(staged.c.lon, staged.c.lat), 4326),
        "unit_set_id": located.c.unit_set_id,
        "assignment": located.c.assignment,
        "location_flags": located.c.location_flags,
        "source": literal(origin.source),
        "is_demo": literal(origin.is_demo),
        "import_batch_id": literal(origin.batch, sqlalchemy.Uuid()),
        "created_by": literal(origin.actor, sqlalchemy.Text()),
        "updated_by": literal(origin.actor, sqlalchemy.Text()),
    }
    rows = (
        select(*values.values())
        .select_from(staged)
        .join(located, located.c.row_number == staged.c.row_number)
    )
    return list(values), insert(model).from_select(list(values), rows, include_defaults=False)


def _or_update(
    model: type[Incident] | type[OutreachEvent], statement: Insert, names: list[str]
) -> Insert:
    changes = {name: statement.excluded[name] for name in names if name not in IDENTITY}
    return statement.on_conflict_do_update(
        index_elements=["source", "external_id"],
        set_=changes | {"deleted_at": None, "deleted_reason": None},
        where=(model.content_hash != statement.excluded.content_hash)
        | model.deleted_at.is_not(None),
    )


def outweighs(connection: Connection, target: str, outcome: LoadOutcome) -> bool:
    """Whether so much is new that building indexes anew beats keeping them row by row."""
    if outcome.changed or outcome.added < BULK_FROM:
        return False
    present = connection.execute(select(func.count()).select_from(table(target))).scalar_one()
    return outcome.added > present
