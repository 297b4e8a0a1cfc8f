"""What releases of counts are made from: true counts by month, their units, the secret."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.store.database import query
from geo.store.statistics import Measure, Selection, counts_by_scan, period_values

MONTHS = 12
SET_COLUMNS = ("commune_2025", "province_2025", "commune_2024", "district_2024", "province_2024")
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


@dataclass(frozen=True, slots=True)
class MonthCells:
    """Countable incidents and their victims by set, month and kind with any; arrays of shape (n,).

    `place` is the number of the set, `month` year * 12 + month - 1, `kind` the number of the kind.
    """

    place: NDArray[np.int64]
    month: NDArray[np.int64]
    kind: NDArray[np.int64]
    incidents: NDArray[np.int64]
    victims: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class UnitSets:
    """The finest areas, by number: codes of the units of each, '' where it lies in none.

    `codes` has an array for each of SET_COLUMNS. `shares` has by column (set, code, share) of what
    falls in part on units of that level.
    """

    identifiers: NDArray[np.int64]
    codes: Mapping[str, NDArray[np.str_]]
    shares: Mapping[str, tuple[NDArray[np.int64], Sequence[str], NDArray[np.float64]]]

    @property
    def names(self) -> list[str]:
        """A lasting name for each set: the codes of its units."""
        rows = zip(*(self.codes[column].tolist() for column in SET_COLUMNS), strict=True)
        return ["/".join(row) for row in rows]


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
            " EXISTS (SELECT FROM incident_cell) AS has_cells"
        )
    ).one()
    return State(row.snapshot, row.boundaries, row.has_cells)


def is_outdated(connection: Connection, state: State) -> bool:
    """Whether counts or boundaries changed since."""
    values = {
        "boundaries": state.boundaries,
        "has_cells": state.has_cells,
        "oldest": int(state.snapshot.split(":")[0]),
        "snapshot": state.snapshot,
    }
    return bool(connection.execute(query("cells_changed"), values).scalar_one())


def read_unit_sets(connection: Connection) -> UnitSets:
    """All sets of units with their shares, numbered in the order of their names."""
    names = ", ".join(f"coalesce({column}, '')" for column in SET_COLUMNS)
    rows: Any = connection.execute(text(f"SELECT {names}, id FROM unit_set")).all()  # noqa: S608
    *codes, identifiers = zip(*sorted(rows), strict=True) if rows else ([] for _ in range(6))
    number = {identifier: place for place, identifier in enumerate(identifiers)}
    shares: dict[str, tuple[list[int], list[str], list[float]]] = {
        column: ([], [], []) for column in SET_COLUMNS
    }
    for row in connection.execute(
        text("SELECT target, unit_set_id, code, share FROM unit_set_share ORDER BY 1, 2, 3")
    ):
        if row.unit_set_id in number:
            places, of_codes, parts = shares[row.target]
            places.append(number[row.unit_set_id])
            of_codes.append(row.code)
            parts.append(row.share)
    return UnitSets(
        np.array(identifiers, np.int64),
        {column: np.array(of, np.str_) for column, of in zip(SET_COLUMNS, codes, strict=True)},
        {
            column: (np.array(places, np.int64), of_codes, np.array(parts, np.float64))
            for column, (places, of_codes, parts) in shares.items()
        },
    )


def read_cells(connection: Connection, sets: UnitSets, kinds: Sequence[str]) -> MonthCells:
    """All countable incidents and their victims by set, month and kind."""
    rows = _copied(connection, kinds)
    numbered = np.zeros(int(sets.identifiers.max(initial=0)) + 1, np.int64)
    numbered[sets.identifiers] = np.arange(len(sets.identifiers))
    # Running totals of a year become counts of its months.
    incidents = np.diff(rows[:, 3 : 3 + MONTHS], axis=1, prepend=0)
    victims = np.diff(rows[:, 3 + MONTHS :], axis=1, prepend=0)
    row, month = np.nonzero(incidents)
    return MonthCells(
        place=numbered[rows[row, 0]],
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


def read_units(connection: Connection) -> dict[tuple[str, str], list[tuple[str, str | None]]]:
    """By edition and level the codes of all units, in order, each with that of the unit above."""
    units: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
    for edition, level, code, parent in connection.execute(
        text(
            "SELECT edition, level, code, parent_code FROM unit ORDER BY edition, level,"
            ' code COLLATE "C"'
        )
    ):
        units.setdefault((edition, level), []).append((code, parent))
    return units


def counts_in_sets(
    connection: Connection, selection: Selection, measure: Measure, sets: NDArray[np.int64]
) -> dict[int, int]:
    """True counts of a period by set, of those with any."""
    if selection.is_by_border:
        found = counts_by_scan(connection, selection, measure)
        return {
            identifier: found[identifier] for identifier in sets.tolist() if identifier in found
        }
    values = period_values(selection, measure) | {"sets": sets.tolist()}
    return dict(connection.execute(query("counts_in_sets"), values).tuples().all())
