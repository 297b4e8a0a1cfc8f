"""Counts of a bulk load, added to incident_cell at once.

They are those that the triggers of migration 0003 keep statement by statement; a test holds the two
ways against each other.
"""

import numpy as np
import pyarrow
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.store.bulk import copy_table, filling, stage
from geo.store.database import query

COUNTED = ("kind", "status", "occurred_from", "unit_set_id", "victims")
# As the database's is_countable says.
NOT_COUNTABLE = pyarrow.array(["duplicate", "not_victim"])
COUNTRY_TIME = pyarrow.timestamp("us", "Asia/Ho_Chi_Minh")
MONTHS = 12


def add_cells(connection: Connection, cells: pyarrow.Table) -> None:
    """Add what `count_cells` counted to the counts in the store."""
    if connection.scalar(text("SELECT EXISTS (SELECT FROM incident_cell)")):
        stage(connection, "incident_cell", cells, "staged_cell")
        connection.execute(query("add_cells"))
        connection.execute(text("DROP TABLE staged_cell"))
    else:
        with filling(connection, "incident_cell"):
            copy_table(connection, "incident_cell", cells)


def count_cells(rows: pyarrow.Table) -> pyarrow.Table:
    """Countable incidents and their victims as running totals over the months of each year.

    Args:
        rows: kind, occurred_from, unit_set_id, victims where any are known, and status where any is
            not that of new records.

    Returns:
        kind ('' is all kinds), year in Vietnamese time, unit_set_id, incidents, victims: rows of
        incident_cell.
    """
    if "status" in rows.column_names:
        rows = rows.filter(pc.invert(pc.is_in(rows["status"], NOT_COUNTABLE)))
    if "victims" not in rows.column_names:
        rows = rows.append_column("victims", pyarrow.array(np.zeros(rows.num_rows, np.int32)))
    kind = rows["kind"].combine_chunks().dictionary_encode()
    of_kinds = _running_totals(rows, kind.indices.to_numpy(), kind.dictionary)
    of_all = _running_totals(rows, np.zeros(rows.num_rows, np.int64), pyarrow.array([""]))
    return pyarrow.concat_tables([of_all, of_kinds])


def _running_totals(
    rows: pyarrow.Table, kind: NDArray[np.integer], kinds: pyarrow.Array
) -> pyarrow.Table:
    moment = pc.cast(rows["occurred_from"], COUNTRY_TIME)
    year, month = pc.year(moment).to_numpy(), pc.month(moment).to_numpy() - 1
    unit_set = rows["unit_set_id"].to_numpy().astype(np.int64)
    shape = (len(kinds), year.max(initial=0) + 1, unit_set.max(initial=0) + 1)
    keys, group = np.unique(
        np.ravel_multi_index((kind, year, unit_set), shape), return_inverse=True
    )
    kind, year, unit_set = np.unravel_index(keys, shape)

    def totals(weights: NDArray[np.integer] | None) -> pyarrow.Array:
        place = group * MONTHS + month
        counts = np.bincount(place, weights, minlength=len(keys) * MONTHS).reshape(-1, MONTHS)
        running = counts.cumsum(axis=1).astype(np.int32).ravel()
        return pyarrow.FixedSizeListArray.from_arrays(running, MONTHS)

    return pyarrow.table(
        {
            "kind": kinds.take(pyarrow.array(kind)),
            "year": year,
            "unit_set_id": unit_set,
            "incidents": totals(None),
            "victims": totals(rows["victims"].to_numpy()),
        }
    )
