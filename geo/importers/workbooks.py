"""XLSX workbooks to raw tables, opened in the sandbox."""

import codecs
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.ipc

from geo.errors import InputError
from geo.importers.cells import FORMULA
from geo.importers.raw_tables import (
    HEADING_WITHIN,
    MOST_COLUMNS,
    Note,
    RawTable,
    find_heading,
)
from geo.importers.sandbox import Limits, not_readable, run_sandboxed
from geo.records.fields import Field

MOST_ENTRIES = 1_000
MOST_UNPACKED = 500 * 2**20
HIGHEST_RATIO = 100
# Below this size even a high ratio costs nothing: sheets of empty styled cells pack very well.
_RATIO_FROM = 10 * 2**20
_ZIP_SIGN, _OLE_SIGN = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def is_workbook(path: Path) -> bool:
    """Whether the contents are an XLSX workbook, whatever the file is called.

    Raises:
        InputError: there is no such file, or it is a workbook of before 2007 or under a password.
    """
    try:
        with path.open("rb") as file:
            sign = file.read(4)
    except OSError as error:
        raise not_readable(path, error) from error
    if sign == _OLE_SIGN:
        raise InputError(
            "workbook_old",
            f"{path.name} là tệp Excel cũ (.xls) hoặc có mật khẩu. Hãy lưu lại dạng .xlsx không "
            "mật khẩu.",
            f"{path.name} is an old Excel file (.xls) or has a password. Save it as .xlsx without "
            "a password.",
        )
    return sign == _ZIP_SIGN


def read_workbook(path: Path, fields: Mapping[str, Field], max_bytes: int) -> RawTable:
    """Read the first sheet that has the heading of the record type.

    Raises:
        InputError: the workbook cannot be read, or lacks columns.
    """
    limits = Limits(input_bytes=max_bytes, cpu_seconds=300, wall_seconds=330.0)
    answer = run_sandboxed("geo.importers.workbooks:parse_workbook", path, limits=limits)
    table = pyarrow.ipc.open_stream(answer).read_all()
    table.validate(full=True)
    found = json.loads(table.schema.metadata[b"workbook"])
    notes = [Note(**note) for note in found["notes"]]
    return _chosen_sheet(table, found["sheets"], fields, notes)


def _chosen_sheet(
    table: pyarrow.Table, sheets: list[dict[str, Any]], fields: Mapping[str, Field],
    notes: list[Note],
) -> RawTable:  # fmt: skip
    refused: InputError | None = None
    for sheet in sheets:
        rows = table.slice(sheet["first"], sheet["rows"])
        columns = [rows.column(index).combine_chunks() for index in range(sheet["columns"])]
        head = [[column[row].as_py() for column in columns]
                for row in range(min(HEADING_WITHIN, sheet["rows"]))]  # fmt: skip
        try:
            heading = find_heading(head, fields)
        except InputError as error:
            refused = refused or error
            continue
        if len(sheets) > 1:
            notes.append(
                Note(
                    "sheet_chosen",
                    f"Đã đọc trang tính “{sheet['name']}”; bỏ qua {len(sheets) - 1} trang khác.",
                    f"Read the sheet “{sheet['name']}”; {len(sheets) - 1} others were left out.",
                )
            )
        below = heading.last_row + 1
        data = {name: columns[at].slice(below) for name, at in heading.positions.items()}
        numbers = pyarrow.array(range(below + 1, sheet["rows"] + 1), pyarrow.int64())
        return RawTable(data, heading.texts, numbers, notes=notes + heading.notes())
    raise refused or InputError(
        "workbook_empty", "Tệp Excel không có dữ liệu.", "The workbook holds no data."
    )


def prepare() -> None:
    """In the child, while it may still read: load what openpyxl and Arrow load late."""
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.create_sheet("a", 0).append([1, "a", date(2025, 1, 1)])
    book.save(made)
    for _ in _rows(openpyxl.load_workbook(made, read_only=True).worksheets[0]):
        pass
    codecs.lookup("cp437")  # names in a zip that are not in UTF-8
    _arrow([["a"]], [], [])  # Arrow looks for pandas when it first sees a list


def parse_workbook(path: Path) -> bytes:
    """In the child: the cells of all sheets as text, in Arrow."""
    notes = _check_archive(path)
    content = path.read_bytes()
    book = _opened(content, data_only=True)
    formulas = _opened(content, data_only=False) if _has_formulas(path) else None
    columns: list[list[str | None]] = []
    sheets, total = [], 0
    for sheet in book.worksheets:
        first = total
        for row in _rows(sheet, formulas[sheet.title] if formulas else None):
            while len(columns) < len(row):
                columns.append([None] * total)
            for index, column in enumerate(columns):
                column.append(row[index] if index < len(row) else None)
            total += 1
        sheets.append(
            {"name": sheet.title, "first": first, "rows": total - first, "columns": len(columns)}
        )
    return _arrow(columns, [one for one in sheets if one["rows"]], notes)


def _opened(content: bytes, *, data_only: bool) -> openpyxl.Workbook:
    try:
        return openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False
        )
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise _refused("hỏng", "damaged") from error


def _rows(sheet: Any, with_formulas: Any = None) -> Iterator[list[str | None]]:
    """Rows in order from the sheet's first, also empty ones; cells as text."""
    sheet.reset_dimensions()
    other = None
    if with_formulas is not None:
        with_formulas.reset_dimensions()
        other = with_formulas.iter_rows(values_only=True)
    for values in sheet.iter_rows(values_only=True):
        row = [_text(value) for value in _trimmed(values)]
        if other is not None:
            for index, source in enumerate(next(other, ())):
                if index < len(row) and row[index] is None and _is_formula(source):
                    row[index] = FORMULA
        yield row


def _trimmed(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(values) <= MOST_COLUMNS:
        return values
    last = max((index for index, value in enumerate(values) if value is not None), default=-1)
    if last >= MOST_COLUMNS:
        raise InputError(
            "too_many_columns",
            f"Trang tính có hơn {MOST_COLUMNS} cột. Hãy bỏ bớt cột.",
            f"The sheet has more than {MOST_COLUMNS} columns. Remove some.",
        )
    return values[: last + 1]


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        # Excel has no dates without a time: midnight means the day.
        if value.time() == time():
            return value.date().isoformat()
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value) or None


def _is_formula(value: Any) -> bool:
    return (isinstance(value, str) and value.startswith("=")) or type(value).__name__ in (
        "ArrayFormula",
        "DataTableFormula",
    )


def _check_archive(path: Path) -> list[dict[str, str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _refused("hỏng", "damaged") from error
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if len(entries) > MOST_ENTRIES:
        raise _refused(f"có hơn {MOST_ENTRIES} phần", f"of more than {MOST_ENTRIES} parts")
    if unpacked > MOST_UNPACKED:
        raise _refused("giải nén quá 500 MB", "more than 500 MB unpacked")
    if unpacked > _RATIO_FROM and unpacked / packed > HIGHEST_RATIO:
        raise _refused("nén bất thường (quá 100 lần)", "packed suspiciously (over 100:1)")
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise _refused("không phải XLSX", "not an XLSX file")
    if any(name.endswith("vbaProject.bin") for name in names):
        note = {
            "code": "macros_ignored",
            "vi": "Tệp có macro; macro không được chạy và bị bỏ qua.",
            "en": "The file has macros; they are not run and were left out.",
        }
        return [note]
    return []


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/") and _contains(archive, entry):
                return True
    return False


def _contains(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    tail = b""
    with archive.open(entry) as file:
        while block := file.read(2**20):
            seen = tail + block
            if b"<f>" in seen or b"<f " in seen or b":f>" in seen:
                return True
            tail = seen[-3:]
    return False


def _refused(vi: str, en: str) -> InputError:
    return InputError(
        "workbook_refused",
        f"Không nhận tệp Excel này: {vi}. Hãy lưu lại bằng Excel, hoặc xuất ra CSV UTF-8.",
        f"This workbook is not accepted: {en}. Save it again with Excel, or export CSV UTF-8.",
    )


def _arrow(
    columns: list[list[str | None]], sheets: list[dict[str, Any]], notes: list[dict[str, str]]
) -> bytes:
    arrays = [pyarrow.array(column, pyarrow.string()) for column in columns]
    table = pyarrow.table(arrays, names=[str(index) for index in range(len(arrays))])
    about = json.dumps({"sheets": sheets, "notes": notes})
    table = table.replace_schema_metadata({"workbook": about})
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()
