"""What became of a file of records: for reading, and as a file to mend and send again."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import Language
from geo.importers.raw_tables import Note

MOST_SHOWN = 20
EXPLANATION = "Lỗi / cách sửa"
ROW = "Hàng trong tệp"
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
    """Counts of rows (for networks: of networks in added, changed, unchanged), and the rejected."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    mended: int = 0
    rejected: list[ReportedRow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    dry_run: bool = False

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
            lines += [f"  {code}: {count}" for code, count in counts.most_common()]
        for row in self.rejected[:MOST_SHOWN]:
            place = f"Hàng {row.row_number}" if vi else f"Row {row.row_number}"
            name = f" ({row.external_id})" if row.external_id else ""
            lines += [f"{place}{name}: {_explained(one, vi)}" for one in row.problems]
        rest = len(self.rejected) - MOST_SHOWN
        if rest > 0:
            lines.append(f"… và {rest} hàng khác." if vi else f"… and {rest} more rows.")
        return "\n".join(lines)

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
        headings = list(dict.fromkeys(name for row in self.rejected for name in row.content))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([_harmless(name) for name in [ROW, *headings, EXPLANATION]])
            for row in self.rejected:
                reasons = " | ".join(_explained(one, language == "vi") for one in row.problems)
                cells = [_harmless(row.content.get(name)) for name in headings]
                writer.writerow([row.row_number, *cells, _harmless(reasons)])


def _explained(problem: dict[str, Any], vi: bool) -> str:
    column = f"[{problem['column']}] " if problem["column"] else ""
    value = problem["value"]
    said = f"“{value}”: " if value not in (None, "") and len(str(value)) <= 80 else ""
    return f"{column}{said}{problem['vi'] if vi else problem['en']}"


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text
