"""What became of a file of records: for reading, and as a file to mend and send again."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from geo.errors import Language
from geo.importers.problem_titles import title_of
from geo.importers.raw_tables import Note
from geo.importers.warnings import Warnings

MOST_SHOWN = 20
# As many characters as a cell of Excel holds.
LONGEST_CELL = 32_767
# How the identity of a row begins that states none.
MADE_IDENTITY = "sha:"
EXPLANATION = {"vi": "Lỗi / cách sửa", "en": "Problem / how to mend"}
ROW = {"vi": "Hàng trong tệp", "en": "Row in the file"}
# A spreadsheet would take a cell that starts so for a formula and run it.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReportedRow:
    """A rejected row: its number in Excel, its cells by heading, and its problems."""

    row_number: int
    external_id: str | None
    content: dict[str, Any]
    problems: list[dict[str, Any]]


@dataclass(slots=True)
class ImportReport:
    """Counts of rows (for networks: of networks in added, changed, unchanged), and the rejected.

    `days` are the first and the last day of the records that the file has brought.
    """

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    mended: int = 0
    rejected: list[ReportedRow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    warnings: Warnings = field(default_factory=Warnings)
    dry_run: bool = False
    batch: UUID | None = None
    days: tuple[date, date] | None = None

    def render(self, language: Language = "vi") -> str:
        """The report for people; the first problems in full, all of them counted."""
        vi = language == "vi"
        lines = [self._summary(vi)]
        if self.dry_run:
            lines.append("Chạy thử: chưa ghi gì cả." if vi else "Dry run: nothing was written.")
        lines += [f"• {note.vi if vi else note.en}" for note in self.notes]
        counts = Counter(problem["code"] for row in self.rejected for problem in row.problems)
        if counts:
            lines.append("Lý do từ chối:" if vi else "Reasons for rejection:")
            lines += [f"  {title_of(code, language)}: {n}" for code, n in counts.most_common()]
        for row in self.rejected[:MOST_SHOWN]:
            place = _place(row.row_number, row.external_id, vi)
            lines += [f"{place}: {_explained(one, vi)}" for one in row.problems]
        rest = len(self.rejected) - MOST_SHOWN
        if rest > 0:
            lines.append(f"… và {rest} hàng khác." if vi else f"… and {rest} more rows.")
        return "\n".join(lines + self._warned(language))

    def _warned(self, language: Language) -> list[str]:
        """What to look at in rows that went in."""
        vi = language == "vi"
        lines = []
        for code, count in self.warnings.counts.most_common():
            title = title_of(code, language)
            lines.append(
                f"Cảnh báo: {title}: {count} hàng." if vi else f"Warning: {title}: {count}."
            )
            shown = [one for one in self.warnings.listed if one.code == code]
            lines += [
                f"{_place(one.row_number, one.external_id, vi)}: {one.vi if vi else one.en}"
                for one in shown
            ]
            if count > len(shown):
                rest = count - len(shown)
                lines.append(f"… và {rest} hàng khác." if vi else f"… and {rest} more rows.")
        return lines

    def _summary(self, vi: bool) -> str:
        if vi:
            text = (
                f"Đã đọc {self.read} hàng: thêm {self.added}, thay đổi {self.changed}, "
                f"không đổi {self.unchanged}, từ chối {len(self.rejected)}."
            )
            mended = f" {self.mended} hàng từng bị từ chối nay đã sửa."
        else:
            text = (
                f"{self.read} rows read: {self.added} added, {self.changed} changed, "
                f"{self.unchanged} unchanged, {len(self.rejected)} rejected."
            )
            mended = f" {self.mended} rows rejected before are mended."
        return text + mended if self.mended else text

    def write_rejected(self, path: Path, language: Language = "vi") -> None:
        """Write the rejected rows as CSV for Excel: the cells as sent, and how to mend them."""
        path.write_bytes(rejected_csv(self.rejected, language))


def rejected_table(rows: Sequence[ReportedRow], language: Language) -> list[list[str]]:
    """Rejected rows as a table to mend: heading, the cells as sent, and what is wrong with each."""
    headings = list(dict.fromkeys(name for row in rows for name in row.content))
    table = [[ROW[language], *headings, EXPLANATION[language]]]
    for row in rows:
        reasons = " | ".join(_explained(one, language == "vi") for one in row.problems)
        cells = [str(row.content.get(name) or "") for name in headings]
        table.append([str(row.row_number), *cells, reasons])
    return table


def rejected_csv(rows: Sequence[ReportedRow], language: Language) -> bytes:
    """The same as CSV for Excel; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rejected_table(rows, language):
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def rejected_workbook(rows: Sequence[ReportedRow], language: Language) -> bytes:
    """The same as XLSX: every cell is text, whatever it begins with."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in rejected_table(rows, language):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL])
            cell.data_type = "s"
            # Edited in place it stays text.
            cell.quotePrefix = True
            cells.append(cell)
        sheet.append(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _place(row_number: int, external_id: str | None, vi: bool) -> str:
    # A row without an ID of its own has one made of its content, which tells nobody anything.
    name = f" ({external_id})" if external_id and not external_id.startswith(MADE_IDENTITY) else ""
    return f"{'Hàng' if vi else 'Row'} {row_number}{name}"


def _explained(problem: dict[str, Any], vi: bool) -> str:
    column = f"[{problem['column']}] " if problem["column"] else ""
    value = problem["value"]
    text = problem["vi"] if vi else problem["en"]
    is_said = value in (None, "") or len(str(value)) > 80 or f"“{value}”" in text
    said = "" if is_said else f"“{value}”: "
    return f"{column}{said}{text}"


def harmless(cell: object) -> str:
    """A cell of CSV that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
