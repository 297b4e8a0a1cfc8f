"""Tables for people, as CSV and as a workbook."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from geo.importers.report import harmless

Cell = str | float | date | None


def source_lines(facts: Mapping[str, Any]) -> list[list[Cell]]:
    """All that a table came from, a line for each; parameters come apart, after the rest."""
    parameters = facts.get("parameters", {})
    others = {name: value for name, value in facts.items() if name != "parameters"}
    return [
        [name, value if isinstance(value, str | int | float | date) else _as_json(value)]
        for name, value in (*others.items(), *parameters.items())
    ]


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def to_csv(rows: Sequence[Sequence[Cell]], source: Sequence[Sequence[Cell]] = ()) -> bytes:
    """Rows as CSV for Excel; no text is taken for a formula.

    Args:
        source: what they came from, as lines before the headings that begin with “# ”.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    said = [[f"# {name}", value] for name, value in source]
    for row in (*said, *rows):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def to_workbook(tables: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Rows by sheet as XLSX, headings first: texts stay texts, whatever they begin with."""
    book = openpyxl.Workbook(write_only=True)
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            sheet.append([_cell(sheet, value, is_heading=number == 0) for value in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _cell(sheet: Any, value: Cell, *, is_heading: bool) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = True
    if isinstance(value, date):
        cell.number_format = "DD/MM/YYYY"
    if is_heading:
        cell.font = Font(bold=True)
    return cell
