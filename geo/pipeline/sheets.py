"""Tables for people, as CSV and as a workbook."""

import csv
import io
from collections.abc import Sequence
from datetime import date

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from geo.importers.report import harmless

Cell = str | float | date | None


def to_csv(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Rows as CSV for Excel; no text is taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def to_workbook(title: str, rows: Sequence[Sequence[Cell]]) -> bytes:
    """Rows as XLSX, headings first: texts stay texts, whatever they begin with."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            known = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
            cell = WriteOnlyCell(sheet)
            cell.value = known
            if isinstance(value, str):
                cell.data_type = "s"
                cell.quotePrefix = True
            if isinstance(value, date):
                cell.number_format = "DD/MM/YYYY"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
