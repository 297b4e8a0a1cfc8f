"""What the report of an import says of rows whose place does not quite fit."""

from itertools import groupby
from typing import Any
from uuid import UUID

import pyarrow
import pyarrow.compute as pc
from sqlalchemy import Connection

from geo.boundaries.names import UnitNames
from geo.importers.tables import ReadResult
from geo.importers.warnings import MOST_LISTED, RowWarning
from geo.store.doubtful_rows import doubtful_rows


def warn_of_doubtful_rows(
    connection: Connection, record_type: str, batch: UUID, result: ReadResult, names: UnitNames
) -> None:
    """Add to the warnings of a file what the database found: how many rows, and the first of them.

    One query for the whole file, whatever its size.
    """
    found = doubtful_rows(connection, record_type, batch, MOST_LISTED)
    numbers = _row_numbers(result, {row.external_id for row in found})
    for code, group in groupby(found, key=lambda row: str(row.code)):
        rows = [(numbers[row.external_id, row.sequence], row) for row in group
                if (row.external_id, row.sequence) in numbers]  # fmt: skip
        rows.sort(key=lambda pair: pair[0])
        first = [
            RowWarning(number, row.external_id, code, *_EXPLANATIONS[code](row, names))
            for number, row in rows
        ]
        if first:
            result.warnings.add(code, rows[0][1].rows_in_all, first)


def _row_numbers(result: ReadResult, identities: set[str]) -> dict[tuple[str, int], int]:
    """Where the rows of these records stand in the file, by identity and place in the network."""
    if result.networks is not None:
        table, identity = result.networks.nodes, "network_external_id"
    elif result.rows is not None and identities:
        table, identity = result.rows, "external_id"
    else:
        return {}
    wanted = pc.is_in(table[identity], pyarrow.array(list(identities), pyarrow.string()))
    columns = [name for name in ("sequence", "row_number", identity) if name in table.column_names]
    rows = table.select(columns).filter(wanted).to_pylist()
    return {(row[identity], row.get("sequence", 0)): row["row_number"] for row in rows}


def _across(row: Any, names: UnitNames) -> tuple[str, str]:
    metres = f"{row.distance_m:,.0f}"
    taken = _described(names, "2025", "commune", row.commune_2025)
    return (
        f"Điểm nằm ngoài ranh giới {metres.replace(',', '.')} m; đã tính cho {taken}. Hãy kiểm tra "
        "tọa độ nếu điểm không ở sát biên giới hoặc bờ biển.",
        f"The point lies {metres} m outside the boundary; it was taken for {taken}. Check the "
        "coordinates unless it lies close to the border or coast.",
    )


def _differs(row: Any, names: UnitNames) -> tuple[str, str]:
    stated = _described(names, row.stated_edition, row.stated_level, row.stated_code)
    edition, level, code = row.stated_edition, row.stated_level, None
    code = getattr(row, f"{level}_{edition}", None)
    if code is None:
        edition, level, code = "2025", "commune", row.commune_2025
    located = _described(names, edition, level, code)
    return (
        f"Tệp ghi {stated}, nhưng tọa độ nằm ở {located}; đã tính theo tọa độ. Hãy sửa một trong "
        "hai nếu sai.",
        f"The file says {stated}, but the point lies in {located}; the point decided. Correct the "
        "one that is wrong.",
    )


def _described(names: UnitNames, edition: str, level: str, code: str | None) -> str:
    unit = names.by_code(edition, level, code) if code else None
    return names.described(unit) if unit else str(code)


_EXPLANATIONS = {"point_across_edge": _across, "stated_unit_differs": _differs}
