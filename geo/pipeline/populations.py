"""Files of inhabitants by unit and year into the store."""

from pathlib import Path
from typing import Any, Literal

import pyarrow
from sqlalchemy import Engine

from geo.dates import today
from geo.importers.cells import CellError
from geo.importers.report import ImportReport
from geo.importers.tables import ReadResult, RejectedCells, read_records
from geo.pipeline import row_files
from geo.pipeline.records import unit_names
from geo.store.database import transaction
from geo.store.populations import save_populations
from geo.store.records import LoadOutcome

ROW_TYPE: Literal["population"] = "population"
KEY = ("edition", "level", "code", "year")
FIGURE = ("value", "source", "estimated")


def import_populations(
    engine: Engine, path: Path, source: str, actor: str | None = None
) -> ImportReport:
    """Read a file of inhabitants by unit and year, all in one transaction.

    A figure takes the place of the one known of its unit and year, whether that was imported or
    came with the product, and stays when boundaries are loaded again. Rejected rows are kept with
    their reasons; sent again, a file changes nothing.

    Args:
        source: of rows that name none.

    Raises:
        InputError: the file as a whole cannot be used.
    """
    with transaction(engine) as connection:
        result = read_records(path, ROW_TYPE, names=unit_names(connection), today=today())
    rows, again, repeated = _by_unit_and_year(result, source)
    with transaction(engine) as connection:
        batch = row_files.begin(connection, ROW_TYPE, path, source, actor)
        outcome = LoadOutcome()
        if rows:
            outcome = save_populations(connection, pyarrow.Table.from_pylist(rows), batch)
        counts = LoadOutcome(outcome.added, outcome.changed, outcome.unchanged + again)
        return row_files.end(connection, batch, result, counts, [*result.rejected, *repeated])


def _by_unit_and_year(
    result: ReadResult, source: str
) -> tuple[list[dict[str, Any]], int, list[RejectedCells]]:
    """Each unit and year once; how many rows only said so again, and those that say otherwise."""
    rows = [] if result.rows is None else result.rows.to_pylist()
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    again, rejected = 0, []
    for row in rows:
        row["source"] = row.get("source") or source
        known = first.setdefault(tuple(row[name] for name in KEY), row)
        if known is row:
            continue
        if all(known[name] == row[name] for name in FIGURE):
            again += 1
        else:
            rejected.append(_repeated(result, row, known))
    return list(first.values()), again, rejected


def _repeated(result: ReadResult, row: dict[str, Any], known: dict[str, Any]) -> RejectedCells:
    error = CellError(
        "population_repeated",
        f"Hàng {known['row_number']} đã ghi {known['value']} người cho đơn vị này, năm"
        f" {known['year']}, khác số, nguồn hoặc mức ước tính. Hãy bỏ một trong hai hàng.",
        f"Row {known['row_number']} has {known['value']} inhabitants for this unit and"
        f" {known['year']}; number, source or estimate differ. Remove one of the two rows.",
    )
    cells = result.contents(row["row_number"])
    problem = error.problem(result.headings["value"], str(row["value"]))
    return RejectedCells(cells.row_number, cells.external_id, cells.content, [problem])
