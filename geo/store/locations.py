"""Giving located records their units, always by the one rule of sql/locate.sql."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.boundaries.grid import grid_cells
from geo.store.bulk import stage
from geo.store.database import query, statements

LOCATED_TABLES = {
    "incident": "id::text",
    "outreach_event": "id::text",
    "prevention_model": "id::text",
    "network_node": "network_id::text || '/' || sequence",
    "added_name": "id::text",
}
# Tables of records: what records are called where moves are kept, and how a place of one is known.
MOVED = {
    "incident": ("incident", "id", "0"),
    "outreach_event": ("outreach_event", "id", "0"),
    "prevention_model": ("prevention_model", "id", "0"),
    "network_node": ("network", "network_id", "sequence"),
}
# What the rule of sql/locate.sql asks of a row.
LOCATION_COLUMNS = ["row_number", "stated_edition", "stated_level", "stated_code"]
TEMPORARY = (
    "staged_location",
    "location_cell",
    "location_other",
    "location_tested",
    "location_code",
    "location_stated",
    "location_combination",
    "location_answer",
    "location_row",
    "location_set",
    "located",
)


UNIT_SET = ("commune_2025", "province_2025", "commune_2024", "district_2024", "province_2024")


def locate_staged(connection: Connection) -> None:
    """Run the rule over the temporary table staged_location; the result is the table located.

    Both vanish with the transaction; call `drop_staged` to locate again within it.
    """
    _run_rule(connection)
    for statement in (*statements("unit_sets"), *statements("located")):
        connection.execute(statement)


def _run_rule(connection: Connection) -> None:
    connection.execute(text("SET LOCAL work_mem = '256MB'"))
    connection.execute(text("ANALYZE staged_location (stated_code)"))
    for statement in statements("locate"):
        connection.execute(statement)


def hold_boundaries(connection: Connection) -> None:
    """Until the transaction ends no boundaries are swapped: records keep the units they get."""
    connection.execute(text("SELECT boundaries_hold()"))


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


def outside_rows(connection: Connection) -> list[OutsideRow]:
    """The located rows whose point lies in no unit, with a hint at what may be wrong."""
    return [OutsideRow(*row) for row in connection.execute(query("outside_rows"))]


@dataclass(frozen=True, slots=True)
class InsideCells:
    """Grid cells that lie properly inside one unit of each edition, and a number of these units.

    Both have the shape (cells,); the cells ascend.
    """

    cells: NDArray[np.int32]
    pairs: NDArray[np.int32]


def inside_cells(connection: Connection) -> InsideCells:
    """Those of the boundaries in the store."""
    # More than sessions have by default: the join would go to disk.
    connection.execute(text("SET LOCAL work_mem = '256MB'"))
    lists = connection.scalars(query("cells_inside")).all()
    cells = np.frombuffer(b"".join(lists), ">i4").astype(np.int32)
    sizes = [len(one) // cells.itemsize for one in lists]
    pairs = np.repeat(np.arange(len(lists), dtype=np.int32), sizes)
    order = np.argsort(cells)
    return InsideCells(cells[order], pairs[order])


def stand_ins(inside: InsideCells, rows: pyarrow.Table) -> NDArray[np.intp]:
    """For each row the position of one that the rule cannot tell from it, shape (rows,).

    Points in grid cells that lie properly inside the same unit of each edition have the same
    answer where the input states no unit: one is asked for all. Others stand for themselves.

    Args:
        rows: lon and lat (degrees, EPSG:4326, null where unknown), stated_code.
    """
    stands = np.arange(rows.num_rows)
    if not len(inside.cells):
        return stands
    lon, lat = (rows[name].to_numpy().astype(np.float64) for name in ("lon", "lat"))
    cell = grid_cells(lon, lat)
    place = np.minimum(np.searchsorted(inside.cells, cell), len(inside.cells) - 1)
    silent = rows["stated_code"].is_null().to_numpy()
    alike = np.flatnonzero((inside.cells[place] == cell) & silent & ~np.isnan(lon))
    pair = inside.pairs[place[alike]]
    first = np.zeros(inside.pairs.max() + 1, np.intp)
    first[pair[::-1]] = alike[::-1]  # of several for one pair the last that is written stays
    stands[alike] = first[pair]
    return stands


@dataclass(frozen=True, slots=True)
class FoundUnits:
    """What the rule found for some rows, of which many share an answer.

    `rows` are their positions and `answer_of` the position of each one's answer, shape (rows,).
    `answers` has the codes of UNIT_SET, assignment and location_flags.
    """

    rows: NDArray[np.intp]
    answers: pyarrow.Table
    answer_of: NDArray[np.intp]
    outside: list[OutsideRow]


def find_units(connection: Connection, rows: pyarrow.Table, at_once: int) -> Iterator[FoundUnits]:
    """The units of many rows by the rule, asked once for all that it cannot tell apart.

    Rows that share their answer with others come first and all together: they are most, and asked
    for by few. The others follow, `at_once` rows at a time. Writes nothing, so that it may run
    beside the connection that writes the rows.

    Args:
        rows: row_number, lon and lat (degrees, EPSG:4326, null where unknown), stated_edition,
            stated_level, stated_code.
    """
    stands = stand_ins(inside_cells(connection), rows)
    is_shared = np.bincount(stands, minlength=len(stands))[stands] > 1
    alone = np.flatnonzero(~is_shared)
    parts = [np.flatnonzero(is_shared)]
    parts += [alone[start : start + at_once] for start in range(0, len(alone), at_once)]
    for part in parts:
        if len(part):
            yield _ask(connection, rows, part, stands[part])


def _ask(
    connection: Connection, rows: pyarrow.Table, part: NDArray[np.intp], stands: NDArray[np.intp]
) -> FoundUnits:
    """The units of those rows whose positions are in `part`, found for what stands for them."""
    chosen, chosen_for = np.unique(stands, return_inverse=True)
    asked = rows.select([*LOCATION_COLUMNS, "lon", "lat"]).take(pyarrow.array(chosen))
    # Any table of places lends its types; the one that is being filled is locked.
    stage(connection, "network_node", asked, "staged_location")
    _run_rule(connection)
    outside = outside_rows(connection)
    found = connection.execute(query("combinations")).all()
    drop_staged(connection)
    numbers = np.frombuffer(b"".join(one.row_numbers for one in found), ">i4")
    answer_of = np.repeat(np.arange(len(found)), [len(one.row_numbers) // 4 for one in found])
    places = np.searchsorted(numbers, asked["row_number"], sorter=(order := np.argsort(numbers)))
    columns = dict.fromkeys([*UNIT_SET, "assignment"], pyarrow.string())
    answers = pyarrow.table(
        {
            name: pyarrow.array([getattr(one, name) for one in found], kind)
            for name, kind in {**columns, "location_flags": pyarrow.list_(pyarrow.string())}.items()
        }
    )
    return FoundUnits(part, answers, answer_of[order[places]][chosen_for], outside)


def unit_sets(connection: Connection, codes: pyarrow.Table) -> pyarrow.Array:
    """The number of each combination of units, shape (rows,); new combinations are written.

    Args:
        codes: the columns of UNIT_SET.
    """
    lists = {name: codes[name].to_pylist() for name in UNIT_SET}
    connection.execute(query("stage_combinations"), lists)
    for statement in statements("unit_sets"):
        connection.execute(statement)
    numbers = connection.scalars(text("SELECT unit_set_id FROM location_set ORDER BY number")).all()
    connection.execute(text("DROP TABLE location_combination, location_set"))
    return pyarrow.array(numbers, pyarrow.int32())


def drop_staged(connection: Connection) -> None:
    """Clear the way for another run in the same transaction."""
    connection.execute(text(f"DROP TABLE IF EXISTS {', '.join(TEMPORARY)}"))


def reassign_records(connection: Connection) -> dict[str, int]:
    """Derive the units of all records again, as after a boundary swap; what moves is kept.

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
        if table in MOVED:
            _keep_moves(connection, table, key)
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
    apportion(connection)
    return moved


def apportion(connection: Connection) -> None:
    """Make the shares of all sets anew, after boundaries or inhabitants became others."""
    connection.execute(text("SELECT unit_set_apportion(ARRAY(SELECT id FROM unit_set))"))


def _keep_moves(connection: Connection, table: str, key: str) -> None:
    """Write down which records are about to get other units, for those who review places."""
    record_type, identifier, sequence = MOVED[table]
    connection.execute(
        text(
            "INSERT INTO record_move (record_type, record_id, sequence, from_set, to_set)"  # noqa: S608
            f" SELECT '{record_type}', {identifier}, {sequence}, record.unit_set_id,"
            f" located.unit_set_id FROM {table} AS record"
            f" JOIN staged_location AS staged ON staged.key = {key}"
            " JOIN located USING (row_number)"
            " WHERE record.unit_set_id <> located.unit_set_id"
        )
    )
