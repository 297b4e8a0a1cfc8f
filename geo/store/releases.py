"""What releases of counts are made from: true counts by month, and the secret."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.store.database import query

MONTHS = 12
# COPY in binary: a header of 19 bytes, then each row as its number of columns and each value after
# its length; all are integers that are never null, so that rows have one length. A trailer ends it.
COPY_HEADER, COPY_TRAILER = 19, 2
COLUMNS = 3 + 2 * MONTHS
COPIED_ROW = np.dtype(
    [("columns", ">i2"), ("values", [("length", ">i4"), ("value", ">i4")], COLUMNS)]
)


@dataclass(frozen=True, slots=True)
class State:
    """What a copy was made of; `is_outdated` holds it against what is stored now."""

    snapshot: str
    boundaries: str
    has_cells: bool
    inhabitants: datetime | None


@dataclass(frozen=True, slots=True)
class MonthCells:
    """Countable incidents and their victims by set, month and kind with any; arrays of shape (n,).

    `unit_set` is the set's identifier, `month` year * 12 + month - 1, `kind` the kind's number.
    """

    unit_set: NDArray[np.int64]
    month: NDArray[np.int64]
    kind: NDArray[np.int64]
    incidents: NDArray[np.int64]
    victims: NDArray[np.int64]


def read_secret(connection: Connection) -> bytes:
    """The secret of this installation."""
    secret: bytes = connection.execute(text("SELECT secret FROM disclosure_secret")).scalar_one()
    return secret


def current_state(connection: Connection) -> State:
    """What is stored now, to be asked before it is read."""
    row = connection.execute(
        text(
            "SELECT pg_current_snapshot()::text AS snapshot, (SELECT coalesce(string_agg("
            "fingerprint, ',' ORDER BY edition, level), '') FROM boundary_layer) AS boundaries,"
            " EXISTS (SELECT FROM incident_cell) AS has_cells,"
            " (SELECT max(updated_at) FROM population) AS inhabitants"
        )
    ).one()
    return State(row.snapshot, row.boundaries, row.has_cells, row.inhabitants)


def is_outdated(connection: Connection, state: State) -> bool:
    """Whether counts, boundaries or inhabitants changed since."""
    values = {
        "boundaries": state.boundaries,
        "has_cells": state.has_cells,
        "inhabitants": state.inhabitants,
        "oldest": int(state.snapshot.split(":")[0]),
        "snapshot": state.snapshot,
    }
    return bool(connection.execute(query("cells_changed"), values).scalar_one())


def read_cells(connection: Connection, kinds: Sequence[str]) -> MonthCells:
    """All countable incidents and their victims by set, month and kind."""
    rows = _copied(connection, kinds)
    # Running totals of a year become counts of its months.
    incidents = np.diff(rows[:, 3 : 3 + MONTHS], axis=1, prepend=0)
    victims = np.diff(rows[:, 3 + MONTHS :], axis=1, prepend=0)
    row, month = np.nonzero(incidents)
    return MonthCells(
        unit_set=rows[row, 0],
        month=rows[row, 2] * MONTHS + month,
        kind=rows[row, 1] - 1,
        incidents=incidents[row, month],
        victims=victims[row, month],
    )


def _copied(connection: Connection, kinds: Sequence[str]) -> NDArray[np.int64]:
    months = ", ".join(
        f"{name}[{month}]" for name in ("incidents", "victims") for month in range(1, MONTHS + 1)
    )
    statement = (
        f"COPY (SELECT unit_set_id, array_position(%(kinds)s::text[], kind), year, {months}"  # noqa: S608
        " FROM incident_cell WHERE kind = ANY (%(kinds)s)) TO STDOUT (FORMAT binary)"
    )
    content = io.BytesIO()
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(statement, {"kinds": list(kinds)}) as copy:
        for block in copy:
            content.write(block)
    data = content.getbuffer()[COPY_HEADER:-COPY_TRAILER]
    return np.frombuffer(data, COPIED_ROW)["values"]["value"].astype(np.int64)
