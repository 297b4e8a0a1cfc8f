"""Whole columns of cells to whole columns of values; only cells that fail are looked at singly."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.errors import NotFoundError
from geo.importers.cells import (
    BROKEN_FORMULA,
    FORMULA,
    CellError,
    CodeReader,
    broken_formula,
    parse_count,
    parse_number,
)
from geo.importers.raw_tables import Note, RawTable
from geo.importers.warnings import MOST_LISTED, Remark
from geo.records.code_lists import code_list
from geo.records.fields import EXAMPLE, Field
from geo.records.personal_data import NUMBER_MASK

# Control, format (direction marks, zero width) and private characters; line ends stay.
_UNSEEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\p{Cf}\p{Co}\x{80}-\x{9f}\x{2028}\x{2029}"
# What NFC may change: combining marks, Hangul parts, and signs that stand for other characters.
_UNCOMPOSED = (
    r"\p{M}\x{1100}-\x{11ff}\x{1f71}-\x{1fff}\x{2000}-\x{2001}\x{2126}\x{212a}\x{212b}"
    r"\x{2329}\x{232a}\x{f900}-\x{faff}"
)
# A file of rejected rows has an apostrophe before what Excel would take for a formula.
_ESCAPED = r"^'([=+\-@])"
# What a formula leaves that failed or was never computed stands out as well.
_NEEDS_CARE = rf"[{_UNSEEN}{_UNCOMPOSED}]|^\s|\s$|{_ESCAPED}|^#|^Err:|{FORMULA}"
# Identity cards have 9 or 12 digits (together or in threes), phones 9 to 11 from 0 or +84.
_PERSONAL = (
    r"(?:\+84|\b84|\b0)(?:[ .\-]?[0-9]){8,10}\b|\b[0-9]{12}\b|\b[0-9]{9}\b"
    r"|\b[0-9]{3} [0-9]{3} [0-9]{3} [0-9]{3}\b"
)
MASK = NUMBER_MASK
LONGEST_TEXT = 20_000
# Kinds of fields that hold words, where a number may be somebody's.
_WORDS = {"text", "open_code", "open_codes", "code", "codes", "unit"}


@dataclass(slots=True)
class Work:
    """A raw table on its way to values: cleaned cells, and the problems of rows by their index."""

    raw: RawTable
    fields: dict[str, Field]
    count: int = 0
    cells: dict[str, pyarrow.Array] = field(default_factory=dict)
    problems: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    # Cells that hold the remains of a formula, with what they hold: for everybody else empty.
    broken: dict[tuple[int, str], str] = field(default_factory=dict)
    failed: set[tuple[int, str]] = field(default_factory=set)

    def heading(self, name: str) -> str:
        """The column as the file calls it, else as we do."""
        return self.raw.headings.get(name) or self.fields[name].label_vi

    def reject(self, row: int, name: str, error: CellError, value: str | None = None) -> None:
        """Note a problem of a row; that a broken formula leaves its cell empty is none more."""
        if (row, name) in self.broken:
            return
        self.failed.add((row, name))
        shown = value if value is not None else self.value(row, name)
        problem = error.problem(self.heading(name), shown and shown.replace(FORMULA, "=")[:200])
        if self.fields[name].kind in _WORDS:
            problem |= {key: masked(problem[key]) for key in ("value", "vi", "en")}
        self.problems.setdefault(row, []).append(problem)

    def value(self, row: int, name: str) -> str | None:
        """The cleaned text of one cell."""
        text: str | None = self.cells[name][row].as_py() if name in self.cells else None
        return text

    def reject_where(self, mask: np.ndarray, name: str, error: CellError) -> None:
        """Note the same problem for all rows of a mask."""
        for row in np.flatnonzero(mask):
            self.reject(int(row), name, error)

    def contents(self, row: int) -> dict[str, str | None]:
        """The cleaned cells of a row by heading, without numbers that tell a person."""
        cells = {}
        for name, column in self.cells.items():
            text = self.broken.get((row, name)) or column[row].as_py()
            text = text and text.replace(FORMULA, "=")
            cells[self.heading(name)] = masked(text) if self.fields[name].kind in _WORDS else text
        return cells

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
    """Drop rows without any cell and a template's examples, clean the rest, reject NUL."""
    work = Work(raw, fields, notes=list(raw.notes))
    with ThreadPoolExecutor() as pool:
        tidy = dict(zip(raw.columns, pool.map(tidied, raw.columns.values()), strict=True))
    present = np.zeros(len(raw.row_numbers), bool)
    for column in tidy.values():
        present |= as_mask(pc.is_valid(column))
    if "external_id" in tidy:
        present &= ~_examples(work, tidy["external_id"])
    kept = slice(None) if present.all() else pyarrow.array(np.flatnonzero(present))
    if not isinstance(kept, slice):
        raw.row_numbers = raw.row_numbers.take(kept)
        tidy = {name: column.take(kept) for name, column in tidy.items()}
    work.count = len(raw.row_numbers)
    work.cells = tidy
    for name, column in tidy.items():
        before = raw.columns[name]
        if column is not before:
            before = before if isinstance(kept, slice) else before.take(kept)
            work.reject_where(as_mask(pc.match_substring(before, "\x00")), name, _NUL)
            work.cells[name] = _without_broken(work, name, column)
        if (pc.max(pc.binary_length(column)).as_py() or 0) > LONGEST_TEXT:
            long = as_mask(pc.greater(pc.utf8_length(column), LONGEST_TEXT))
            work.reject_where(long, name, _TOO_LONG)
    return work


def _examples(work: Work, identities: pyarrow.Array) -> np.ndarray:
    """Which rows are the examples of a template; the sender is told of them."""
    found = as_mask(pc.is_in(identities, pyarrow.array(EXAMPLE.values(), pyarrow.string())))
    if count := int(found.sum()):
        work.notes.append(
            Note(
                "examples_left_out",
                f"Bỏ qua {count} hàng ví dụ của tệp mẫu.",
                f"Rows left out as the template's examples: {count}.",
            )
        )
    return found


def _without_broken(work: Work, name: str, column: pyarrow.Array) -> pyarrow.Array:
    """Reject the cells in which a formula failed, here for all kinds of columns, and empty them."""
    broken = pc.match_substring_regex(column, BROKEN_FORMULA).fill_null(False)
    rows = np.flatnonzero(as_mask(broken))
    if not len(rows):
        return column
    for row in rows:
        text = column[row].as_py()
        work.reject(int(row), name, broken_formula(text), text)
        work.broken[int(row), name] = text
    return pc.if_else(broken, pyarrow.scalar(None, pyarrow.string()), column)


def tidied(column: pyarrow.Array) -> pyarrow.Array:
    """Text in NFC without unseen characters and outer space; null where nothing is left.

    A column that needs nothing is returned itself.
    """
    care = pc.match_substring_regex(column, _NEEDS_CARE).fill_null(False)
    if not pc.any(care).as_py():
        return column
    cells = pc.utf8_normalize(column.filter(care), "NFC")
    cells = pc.utf8_trim_whitespace(pc.replace_substring_regex(cells, f"[{_UNSEEN}]", ""))
    cells = pc.replace_substring_regex(cells, _ESCAPED, r"\1")
    empty = pc.equal(cells, "")
    cells = pc.if_else(empty, pyarrow.scalar(None, pyarrow.string()), cells)
    return pc.replace_with_mask(column, care, cells)


def masked(text: str | None) -> str | None:
    """Words without numbers of identity papers and phones."""
    return re.sub(_PERSONAL, MASK, text) if text else text


def mask_personal(work: Work) -> None:
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
        _note_understood(work, one.name, reader)
    elif one.kind == "count":
        values = work.convert(one.name, parse_count, pyarrow.int32())
    elif one.kind == "number":
        values = work.convert(one.name, parse_number, pyarrow.float64())
    else:
        values = work.cells[one.name]
    if one.default is not None:
        values = values.fill_null(one.default)
    return values


def _note_understood(work: Work, name: str, reader: CodeReader) -> None:
    """Say which words stood for a whole label: the sender knows whether they were meant so."""
    if not reader.understood:
        return
    shown = list(reader.understood.items())[:MOST_LISTED]
    vi = "; ".join(f"“{text[:60]}” là “{code.label_vi}”" for text, code in shown)
    en = "; ".join(f"“{text[:60]}” as “{code.label_en}”" for text, code in shown)
    heading = work.heading(name)
    work.notes.append(
        Note(
            "labels_understood",
            f"Cột “{heading}”: đã hiểu {vi}.",
            f"Column “{heading}”: read {en}.",
        )
    )


def _entries(one: Field) -> dict[str, Any]:
    if one.codes is None:
        return {}
    try:
        return dict(code_list(one.codes))
    except NotFoundError as error:
        raise LookupError(f"field {one.name} names no code list") from error


def _indices(encoded: pyarrow.DictionaryArray) -> np.ndarray:
    return encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)


def as_mask(mask: pyarrow.Array) -> np.ndarray:
    """A mask of Arrow as one of numpy; null is false."""
    return mask.fill_null(False).to_numpy(zero_copy_only=False)


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
