"""Whole columns of cells to whole columns of values; only cells that fail are looked at singly."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.errors import NotFoundError
from geo.importers.cells import CellError, CodeReader, parse_count, parse_number
from geo.importers.raw_tables import Note, RawTable
from geo.records.code_lists import code_list
from geo.records.fields import Field

# Control, format (direction marks, zero width) and private characters; line ends stay.
_UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\p{Cf}\p{Co}\x{80}-\x{9f}\x{2028}\x{2029}]"
# Identity cards have 9 or 12 digits (together or in threes), phones 9 to 11 from 0 or +84.
_PERSONAL = (
    r"(?:\+84|\b84|\b0)(?:[ .\-]?[0-9]){8,10}\b|\b[0-9]{12}\b|\b[0-9]{9}\b"
    r"|\b[0-9]{3} [0-9]{3} [0-9]{3} [0-9]{3}\b"
)
MASK = "[đã che số]"
LONGEST_TEXT = 20_000


@dataclass(slots=True)
class Work:
    """A raw table on its way to values: cleaned cells, and the problems of rows by their index."""

    raw: RawTable
    fields: dict[str, Field]
    count: int = 0
    cells: dict[str, pyarrow.Array] = field(default_factory=dict)
    problems: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def heading(self, name: str) -> str:
        """The column as the file calls it, else as we do."""
        return self.raw.headings.get(name) or self.fields[name].label_vi

    def reject(self, row: int, name: str, error: CellError, value: str | None = None) -> None:
        """Note a problem of a row."""
        shown = value if value is not None else self.value(row, name)
        if shown is not None:
            shown = shown.replace("\ufdd0", "=")[:200]
        self.problems.setdefault(row, []).append(error.problem(self.heading(name), shown))

    def value(self, row: int, name: str) -> str | None:
        """The cleaned text of one cell."""
        text: str | None = self.cells[name][row].as_py() if name in self.cells else None
        return text

    def reject_where(self, mask: np.ndarray, name: str, error: CellError) -> None:
        """Note the same problem for all rows of a mask."""
        for row in np.flatnonzero(mask):
            self.reject(int(row), name, error)

    def convert(
        self, name: str, parse: Callable[[str], Any], kind: pyarrow.DataType
    ) -> pyarrow.Array:
        """Parse each distinct value of a column once; cells that fail are rejected and null."""
        encoded = self.cells[name].dictionary_encode()
        parsed = [parse(text) for text in encoded.dictionary.to_pylist()]
        failed = [index for index, item in enumerate(parsed) if isinstance(item, CellError)]
        if failed:
            codes = _indices(encoded)
            for row in np.flatnonzero(np.isin(codes, failed)):
                self.reject(int(row), name, parsed[codes[row]])
            for index in failed:
                parsed[index] = None
        return pyarrow.array(parsed, kind).take(encoded.indices)


def start_work(raw: RawTable, fields: dict[str, Field]) -> Work:
    """Drop rows without any cell, clean the rest, reject cells with NUL."""
    work = Work(raw, fields, notes=list(raw.notes))
    present = np.zeros(len(raw.row_numbers), bool)
    columns = {}
    for name, column in raw.columns.items():
        columns[name] = tidied(column)
        present |= _numpy(pc.is_valid(columns[name]))
    raw.row_numbers = raw.row_numbers.filter(pyarrow.array(present))
    work.count = len(raw.row_numbers)
    for name, column in columns.items():
        whole = present.all()
        before = raw.columns[name] if whole else raw.columns[name].filter(pyarrow.array(present))
        work.cells[name] = column if whole else column.filter(pyarrow.array(present))
        work.reject_where(_numpy(pc.match_substring(before, "\x00")), name, _NUL)
        long = _numpy(pc.greater(pc.utf8_length(work.cells[name]), LONGEST_TEXT))
        work.reject_where(long, name, _TOO_LONG)
    for row in [*work.problems]:
        for problem in work.problems[row]:
            problem["value"] = (problem["value"] or "")[:200]
    _mask_personal(work)
    return work


def tidied(column: pyarrow.Array) -> pyarrow.Array:
    """Text in NFC without unseen characters and outer space; null where nothing is left."""
    if not len(column):
        return column
    column = pc.utf8_normalize(column, "NFC")
    if pc.any(pc.match_substring_regex(column, _UNSEEN)).as_py():
        column = pc.replace_substring_regex(column, _UNSEEN, "")
    column = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(column, ""), pyarrow.scalar(None, pyarrow.string()), column)


def _mask_personal(work: Work) -> None:
    """The law keeps persons out of the register: no identity or phone numbers in words."""
    masked = 0
    for name, column in work.cells.items():
        if work.fields[name].kind not in ("text", "open_code", "open_codes"):
            continue
        hit = pc.match_substring_regex(column, _PERSONAL)
        found = pc.sum(hit).as_py() or 0
        if found:
            masked += found
            work.cells[name] = pc.replace_substring_regex(column, _PERSONAL, MASK)
    if masked:
        work.notes.append(
            Note(
                "personal_numbers_masked",
                f"Đã che số giấy tờ hoặc số điện thoại trong {masked} ô: hệ thống không lưu "
                "thông tin định danh cá nhân.",
                f"Identity or phone numbers were masked in {masked} cells: no personal identity "
                "is stored.",
            )
        )


def plain_column(work: Work, one: Field) -> pyarrow.Array:
    """The values of a field that needs no other: codes, counts, numbers, text."""
    if one.kind in ("code", "open_code", "codes", "open_codes"):
        reader = CodeReader(_entries(one), takes_other_words=one.kind.startswith("open"))
        if one.kind.endswith("codes"):
            values = work.convert(one.name, reader.several, pyarrow.list_(pyarrow.string()))
        else:
            values = work.convert(one.name, reader.one, pyarrow.string())
    elif one.kind == "count":
        values = work.convert(one.name, parse_count, pyarrow.int32())
    elif one.kind == "number":
        values = work.convert(one.name, parse_number, pyarrow.float64())
    else:
        values = work.cells[one.name]
        formula = _numpy(pc.equal(values, "\ufdd0"))
        if formula.any():
            work.reject_where(formula, one.name, CellError(*_FORMULA))
    if one.default is not None:
        values = values.fill_null(one.default)
    return values


def _entries(one: Field) -> dict[str, Any]:
    if one.codes is None:
        return {}
    try:
        return dict(code_list(one.codes))
    except NotFoundError as error:
        raise LookupError(f"field {one.name} names no code list") from error


def _indices(encoded: pyarrow.DictionaryArray) -> np.ndarray:
    return encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)


def _numpy(mask: pyarrow.Array) -> np.ndarray:
    """A mask of Arrow as one of numpy; null is false."""
    return mask.fill_null(False).to_numpy(zero_copy_only=False)


as_mask = _numpy
_FORMULA = (
    "formula_without_value",
    "Ô này là công thức chưa có kết quả. Hãy mở tệp bằng Excel rồi lưu lại, hoặc dán giá trị.",
    "This cell is a formula without a stored result. Open the file in Excel and save it, "
    "or paste the value.",
)
_NUL = CellError(
    "nul_character",
    "Ô này chứa ký tự NUL, dấu hiệu tệp bị hỏng. Hãy gõ lại ô này.",
    "This cell holds a NUL character, a sign of a damaged file. Type it again.",
)
_TOO_LONG = CellError(
    "text_too_long",
    f"Ô này dài hơn {LONGEST_TEXT} ký tự. Hãy rút gọn.",
    f"This cell has more than {LONGEST_TEXT} characters. Shorten it.",
)
