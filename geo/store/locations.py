"""Giving located records their units, always by the one rule of sql/locate.sql."""

import numpy as np
import pyarrow
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.boundaries.grid import grid_cells
from geo.store.database import query, statements

LOCATED_TABLES = {
    "incident": "id::text",
    "outreach_event": "id::text",
    "network_node": "network_id::text || '/' || sequence",
}
TEMPORARY = (
    "staged_location",
    "location_cell",
    "location_other",
    "location_candidate",
    "location_tested",
    "location_code",
    "location_stated",
    "location_combination",
    "location_answer",
    "located",
)


def locate_staged(connection: Connection) -> None:
    """Run the rule over the temporary table staged_location; the result is the table located.

    Both vanish with the transaction; call `drop_staged` to locate again within it.
    """
    connection.execute(text("SET LOCAL work_mem = '256MB'"))
    connection.execute(text("ANALYZE staged_location"))
    for statement in statements("locate"):
        connection.execute(statement)


def stand_ins(connection: Connection, rows: pyarrow.Table) -> NDArray[np.intp]:
    """For each row the position of one that the rule cannot tell from it, shape (rows,).

    Points in grid cells that lie properly inside the same unit of each edition have the same
    answer where the input states no unit: one is asked for all. Others stand for themselves.

    Args:
        rows: lon and lat (degrees, EPSG:4326, null where unknown), stated_code.
    """
    inside = connection.execute(query("cells_inside")).one()
    stands = np.arange(rows.num_rows)
    if inside.cells is None:
        return stands
    known, pairs = (np.frombuffer(part, ">i4").astype(np.int32) for part in inside)
    lon, lat = (rows[name].to_numpy().astype(np.float64) for name in ("lon", "lat"))
    cell = grid_cells(lon, lat)
    place = np.minimum(np.searchsorted(known, cell), len(known) - 1)
    silent = rows["stated_code"].is_null().to_numpy()
    alike = np.flatnonzero((known[place] == cell) & silent & ~np.isnan(lon))
    _, first, group = np.unique(pairs[place[alike]], return_index=True, return_inverse=True)
    stands[alike] = alike[first][group]
    return stands


def located_units(connection: Connection, row_numbers: pyarrow.ChunkedArray) -> pyarrow.Table:
    """What `locate_staged` found for the rows of these numbers, in their order.

    Returns:
        unit_set_id, assignment and location_flags, one row for each number.
    """
    groups = connection.execute(query("located_groups")).all()
    numbers = np.frombuffer(b"".join(group.row_numbers for group in groups), ">i4")
    group_of = np.repeat(np.arange(len(groups)), [len(g.row_numbers) // 4 for g in groups])
    places = np.searchsorted(numbers, row_numbers, sorter=(order := np.argsort(numbers)))
    columns = {
        "unit_set_id": pyarrow.int32(),
        "assignment": pyarrow.string(),
        "location_flags": pyarrow.list_(pyarrow.string()),
    }
    answers = pyarrow.table(
        {
            name: pyarrow.array([getattr(group, name) for group in groups], kind)
            for name, kind in columns.items()
        }
    )
    return answers.take(pyarrow.array(group_of[order[places]]))


def drop_staged(connection: Connection) -> None:
    """Clear the way for another run in the same transaction."""
    connection.execute(text(f"DROP TABLE IF EXISTS {', '.join(TEMPORARY)}"))


def reassign_records(connection: Connection) -> dict[str, int]:
    """Derive the units of all records again, as after a boundary swap.

    Returns:
        How many records of each table changed their units.
    """
    moved = {}
    for table, key in LOCATED_TABLES.items():
        drop_staged(connection)
        connection.execute(
            text(
                "CREATE TEMP TABLE staged_location ON COMMIT DROP AS"  # noqa: S608  own names only
                f" SELECT (row_number() OVER ())::integer AS row_number, {key} AS key, point,"
                f" stated_edition, stated_level, stated_code FROM {table}"
            )
        )
        locate_staged(connection)
        moved[table] = connection.execute(
            text(
                f"UPDATE {table} AS record"  # noqa: S608  own names only
                " SET unit_set_id = located.unit_set_id, assignment = located.assignment,"
                " location_flags = located.location_flags"
                " FROM staged_location AS staged JOIN located USING (row_number)"
                f" WHERE staged.key = {key} AND (record.unit_set_id, record.assignment)"
                " IS DISTINCT FROM (located.unit_set_id, located.assignment)"
            )
        ).rowcount
    drop_staged(connection)
    return moved
