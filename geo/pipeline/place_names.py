"""Names that people add to the gazetteer: single ones and files, by the rules of records."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import numpy as np
import pyarrow
from sqlalchemy import Engine

from geo.boundaries.names import UnitNames
from geo.dates import today
from geo.errors import ConflictError, InputError
from geo.importers.cells import CellError
from geo.importers.report import ImportReport
from geo.importers.tables import ReadResult, RejectedCells, check_entry, read_records
from geo.pipeline import row_files
from geo.pipeline.entries import refuse_personal_data
from geo.pipeline.records import outside_problem, unit_names
from geo.places.spelling import name_key
from geo.store.actors import Actor
from geo.store.database import transaction
from geo.store.place_names import AddedNames, add_names, remove_name, require_own_name
from geo.store.records import LoadOutcome

ROW_TYPE: Literal["place_name"] = "place_name"
DEFAULT_KIND = "hamlet"
LONGEST_NAME = 100
COLUMNS = ("row_number", "name", "kind", "lon", "lat", "stated_edition", "stated_level",
           "stated_code")  # fmt: skip


def add_place_name(
    engine: Engine,
    values: Mapping[str, str | None],
    source: str,
    actor: Actor | None = None,
    *,
    personal_data_checked: bool = False,
) -> tuple[UUID, bool]:
    """Add a name; its id, and whether it is new. What is known just so already changes nothing.

    Args:
        values: name, kind, lon and lat (degrees, EPSG:4326), stated_edition, stated_level,
            stated_code or the names of units, as cells of a file.
        source: empty for the actor's own name.
        actor: adds in his own units only; without one no unit is refused.
        personal_data_checked: somebody has read name and source, and they name no person.

    Raises:
        InputError: values are wrong, or the point lies outside the country.
        ConflictError: the name stands in that unit with another point.
        AccessError: it lies outside the actor's units.
    """
    if not personal_data_checked:
        refuse_personal_data({"name": values.get("name"), "source": source})
    if actor:
        source = source or actor.display_name
    with transaction(engine) as connection:
        names = unit_names(connection) if _names_unit(values) else UnitNames([])
        result = check_entry(values, ROW_TYPE, names=names, today=today())
        rows, rejected = _checked(result)
        outcome = AddedNames()
        if not rejected:
            outcome = add_names(connection, rows, source, actor.username if actor else None)
            rejected = _misplaced(result, outcome)
        if rejected:
            problems = rejected[0].problems
            raise InputError(
                "place_name.invalid",
                "; ".join(f"{one['column']}: {one['vi']}" for one in problems),
                "; ".join(f"{one['column']}: {one['en']}" for one in problems),
                errors=problems,
            )
        (identifier,) = outcome.added or outcome.known
        if actor:
            require_own_name(connection, actor, identifier)
        if outcome.changed:
            raise ConflictError(
                "place_name.known",
                f"Đơn vị này đã có tên “{values.get('name')}” ở vị trí khác. Hãy xóa tên cũ rồi"
                " thêm lại, hoặc ghi tên phân biệt.",
                f"This unit has the name “{values.get('name')}” at another point already. Remove"
                " that one and add it again, or add a name that differs.",
                id=str(identifier),
            )
        return identifier, bool(outcome.added)


def import_place_names(
    engine: Engine, path: Path, source: str, actor: str | None = None
) -> ImportReport:
    """Read a file of names into the gazetteer, all in one transaction.

    Rejected rows are kept with their reasons. A name that its unit has already gets the file's
    point; sent again, a file changes nothing.

    Raises:
        InputError: the file as a whole cannot be used.
    """
    with transaction(engine) as connection:
        result = read_records(path, ROW_TYPE, names=unit_names(connection), today=today())
    rows, rejected = _checked(result)
    with transaction(engine) as connection:
        batch = row_files.begin(connection, ROW_TYPE, path, source, actor)
        outcome = add_names(connection, rows, source, actor) if rows.num_rows else AddedNames()
        counts = LoadOutcome(len(outcome.added), len(outcome.changed), outcome.unchanged)
        rejected += _misplaced(result, outcome)
        return row_files.end(connection, batch, result, counts, rejected)


def remove_place_name(
    engine: Engine,
    identifier: UUID,
    reason: str,
    actor: Actor | None = None,
    *,
    personal_data_checked: bool = False,
) -> None:
    """Take a name out of the place box; it stays in the store with who, when and why.

    Raises:
        InputError: the reason seems to name somebody.
        NotFoundError: there is none, or it was removed before.
        AccessError: it lies outside the actor's units.
    """
    if not personal_data_checked:
        refuse_personal_data({"reason": reason})
    with transaction(engine) as connection:
        remove_name(connection, identifier, reason, actor.username if actor else None)
        if actor:
            require_own_name(connection, actor, identifier)


def _names_unit(values: Mapping[str, str | None]) -> bool:
    point = ("lon", "lat", "name", "kind")
    return any(value for name, value in values.items() if name not in point)


def _checked(result: ReadResult) -> tuple[pyarrow.Table, list[RejectedCells]]:
    """Rows as the store takes them, and those that cannot be used with the reasons."""
    rows = result.rows
    rejected = list(result.rejected)
    if rows is None or not rows.num_rows:
        return pyarrow.table({"row_number": pyarrow.array([], pyarrow.int32())}), rejected
    if "kind" not in rows.column_names:
        rows = rows.append_column("kind", pyarrow.array([DEFAULT_KIND] * rows.num_rows))
    given = rows.select(COLUMNS).to_pylist()
    keys = [name_key(row["name"])[1] for row in given]
    faults = [_fault(row, key) for row, key in zip(given, keys, strict=True)]
    for row, fault in zip(given, faults, strict=True):
        if fault is not None:
            column, error = fault
            problem = error.problem(result.headings.get(column, column), row[column])
            rejected.append(_with(result, row["row_number"], problem))
    good = np.array([fault is None for fault in faults])
    named = rows.select(COLUMNS).append_column("name_key", pyarrow.array(keys, pyarrow.string()))
    return named.filter(pyarrow.array(good)), rejected


def _fault(row: Mapping[str, Any], key: str) -> tuple[str, CellError] | None:
    """The column that is wrong, and why; None for a name that can be used."""
    if len(row["name"]) > LONGEST_NAME or not any(letter.isalpha() for letter in key):
        return "name", _NO_NAME
    if row["kind"] == "alternative":
        return None if row["lon"] is None and row["stated_code"] else ("kind", _NO_UNIT)
    if row["lon"] is None and row["stated_level"] != "commune":
        return "stated_code", _TOO_COARSE
    return None


def _misplaced(result: ReadResult, outcome: AddedNames) -> list[RejectedCells]:
    """Rows that the store left out: outside the country, or at odds with one before them."""
    rejected = [_with(result, row.row_number, outside_problem(row)) for row in outcome.outside]
    for row, first in outcome.repeated.items():
        error = CellError(
            "name_repeated",
            f"Hàng {first} ghi tên này ở vị trí khác trong cùng xã. Hãy bỏ một hàng.",
            f"Row {first} has this name at another point of the same commune. Remove one of them.",
        )
        rejected.append(_with(result, row, error.problem(result.headings["name"], None)))
    return rejected


def _with(result: ReadResult, row_number: int, problem: dict[str, Any]) -> RejectedCells:
    cells = result.contents(row_number)
    return RejectedCells(cells.row_number, cells.external_id, cells.content, [problem])


_NO_NAME = CellError(
    "name_unusable",
    f"Tên phải có chữ cái và không dài quá {LONGEST_NAME} ký tự.",
    f"A name has letters, and at most {LONGEST_NAME} characters.",
)
_NO_UNIT = CellError(
    "name_of_no_unit",
    "Tên khác của một đơn vị cần đơn vị đó (mã, hoặc tên xã và tỉnh), không cần tọa độ.",
    "Another name of a unit needs the unit (code, or commune and province), and no point.",
)
_TOO_COARSE = CellError(
    "place_coarse",
    "Hãy ghi tọa độ của nơi này, hoặc xã, phường mà nó thuộc về.",
    "Give the point of this place, or the commune that it lies in.",
)
