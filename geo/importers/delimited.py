"""CSV files to raw tables: encoding, separator, rows that do not fit; confined if need be."""

import codecs
import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.ipc
from pyarrow import csv as arrow_csv

from geo.errors import InputError
from geo.importers.raw_tables import (
    HEADING_WITHIN,
    MOST_COLUMNS,
    Heading,
    Note,
    RaggedRow,
    RawTable,
    find_heading,
)
from geo.importers.sandbox import Limits, run_sandboxed
from geo.records.fields import Field, RowType, fields_of

_HEAD_BYTES = 256 * 1024
_BLOCK = 8 * 2**20
_LONGEST_CELL = 1_000_000
_LONGEST_RAGGED = 20_000


def read_delimited(
    path: Path,
    fields: Mapping[str, Field],
    max_bytes: int,
    progress: Callable[[int, int], None] | None,
) -> RawTable:
    """Read a CSV file.

    Args:
        progress: called with bytes read and bytes in all.

    Raises:
        InputError: the file cannot be read as a table, or lacks columns.
    """
    data, notes = _as_utf8(_content(path, max_bytes, progress))
    head, lines = _head(data)
    heading = find_heading(head, fields)
    if len(head[heading.last_row]) > MOST_COLUMNS:
        raise InputError(
            "too_many_columns",
            f"Tệp có hơn {MOST_COLUMNS} cột. Hãy bỏ bớt cột.",
            f"The file has more than {MOST_COLUMNS} columns. Remove some.",
        )
    _refuse_open_quote(data)
    body = _after_line(data, lines[heading.last_row])
    width = len(head[heading.last_row])
    raw = _body(body, width, heading, _separator(data))
    raw.notes = notes + heading.notes()
    return raw


def read_delimited_confined(path: Path, record_type: RowType, max_bytes: int) -> RawTable:
    """Read a CSV file of a record type in a child process that can do nothing else.

    Raises:
        InputError: as `read_delimited`, or the file costs too much time or memory.
    """
    answer = run_sandboxed(
        "geo.importers.delimited:parse_delimited",
        path,
        arguments={"record_type": record_type, "max_bytes": max_bytes},
        limits=Limits(input_bytes=max_bytes, cpu_seconds=60, wall_seconds=90.0),
    )
    table = pyarrow.ipc.open_stream(answer).read_all()
    table.validate(full=True)
    about = json.loads(table.schema.metadata[b"raw"])
    columns = {name: table[name].combine_chunks() for name in table.column_names}
    return RawTable(
        row_numbers=columns.pop(""),
        columns=columns,
        headings=about["headings"],
        ragged=[RaggedRow(**row) for row in about["ragged"]],
        notes=[Note(**note) for note in about["notes"]],
    )


def prepare() -> None:
    """In the child, while it may still read: load what is loaded late."""
    for name in ("utf-16", "utf-16-le", "utf-16-be", "cp1258", "latin-1"):
        codecs.lookup(name)
    _parse(b"a\n", ["0"], ["0"], ",", lambda _row: "skip")
    pyarrow.array(["a"])  # Arrow looks for pandas when it first sees a list


def parse_delimited(path: Path, record_type: RowType, max_bytes: int) -> bytes:
    """In the child: the raw table in Arrow, with what goes beside it as JSON."""
    raw = read_delimited(path, fields_of(record_type), max_bytes, None)
    ragged = [asdict(row) | {"text": row.text[:_LONGEST_RAGGED]} for row in raw.ragged]
    notes = [asdict(note) for note in raw.notes]
    about = json.dumps({"headings": raw.headings, "ragged": ragged, "notes": notes})
    table = pyarrow.table({"": raw.row_numbers, **raw.columns})
    sink = pyarrow.BufferOutputStream()
    schema = table.schema.with_metadata({"raw": about})
    with pyarrow.ipc.new_stream(sink, schema) as stream:
        stream.write_table(table.replace_schema_metadata({"raw": about}))
    return sink.getvalue().to_pybytes()


def _content(path: Path, max_bytes: int, progress: Callable[[int, int], None] | None) -> bytes:
    total = path.stat().st_size
    if total > max_bytes:
        raise InputError(
            "file_too_big",
            f"Tệp {path.name} nặng {total / 2**20:.0f} MB, quá giới hạn {max_bytes / 2**20:.0f} MB."
            f" Hãy chia nhỏ tệp hoặc nâng giới hạn bằng --max-bytes {total}.",
            f"{path.name} has {total / 2**20:.0f} MB, over the limit of {max_bytes / 2**20:.0f} MB."
            f" Split it, or raise the limit with --max-bytes {total}.",
        )
    blocks, done = [], 0
    with path.open("rb") as file:
        while done <= max_bytes and (block := file.read(_BLOCK)):
            blocks.append(block)
            done += len(block)
            if progress:
                progress(done, max(total, done))
    if not done:
        raise InputError(
            "file_empty", f"Tệp {path.name} rỗng (0 byte).", f"{path.name} is empty (0 bytes)."
        )
    return b"".join(blocks)


def _as_utf8(data: bytes) -> tuple[bytes, list[Note]]:
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _recoded(data, "utf-16"), []
    elif b"\x00" in data[:4096] and data[:4096].count(b"\x00") > len(data[:4096]) // 4:
        return _recoded(data, "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"), []
    try:
        # No copy is kept: only the check is wanted.
        codecs.utf_8_decode(data, "strict", True)
    except UnicodeDecodeError as error:
        for encoding in ("cp1258", "latin-1"):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            note = Note(
                "encoding_guessed",
                f"Tệp không phải UTF-8 (byte {error.start}); đã đọc theo {encoding}. Hãy kiểm tra "
                "dấu tiếng Việt, hoặc lưu lại tệp dạng “CSV UTF-8”.",
                f"The file is not UTF-8 (byte {error.start}); it was read as {encoding}. Check the "
                "Vietnamese letters, or save it as “CSV UTF-8”.",
            )
            return text.encode(), [note]
    return data, []


def _recoded(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeError as error:
        raise InputError(
            "encoding_broken",
            "Tệp ghi là UTF-16 nhưng bị hỏng. Hãy lưu lại tệp dạng “CSV UTF-8”.",
            "The file claims to be UTF-16 but is damaged. Save it as “CSV UTF-8”.",
        ) from error


def _separator(data: bytes) -> str:
    """The sign that parts most cells of the first lines, and the same number in several."""
    lines = data[:_HEAD_BYTES].decode("utf-8", "replace").splitlines()[: HEADING_WITHIN * 2]
    counts = {sign: sorted(line.count(sign) for line in lines) for sign in ",;\t"}
    # Most lines, not the longest: a title or a narrative may be full of commas.
    return max(counts, key=lambda sign: (counts[sign][len(lines) // 2], max(counts[sign])))


def _head(data: bytes) -> tuple[list[list[str]], list[int]]:
    """The first rows, and the number of physical lines up to the end of each."""
    text = data[:_HEAD_BYTES].decode("utf-8", "ignore")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(data))
    csv.field_size_limit(_LONGEST_CELL)
    rows, lines = [], []
    try:
        for row in reader:
            rows.append(row)
            lines.append(reader.line_num)
            if len(rows) == HEADING_WITHIN:
                break
    except csv.Error as error:
        raise _unreadable(str(error)) from error
    return rows, lines


def _refuse_open_quote(data: bytes) -> None:
    """A quote that is never closed would take all rows after it for one cell, and say nothing."""
    if data.count(b'"') % 2 == 0:
        return
    text = io.StringIO(data.decode("utf-8", "replace"), newline="")
    reader = csv.reader(text, delimiter=_separator(data), strict=True)
    line = 1
    try:
        for _ in reader:
            line = reader.line_num + 1
    except csv.Error as error:
        # Other faults are met, row by row, where the body is read.
        if "unexpected end" in str(error):
            raise InputError(
                "quote_open",
                f"Dấu nháy kép mở ở dòng {line} không được đóng, nên các dòng sau bị coi là một ô. "
                "Hãy đóng hoặc bỏ dấu nháy rồi gửi lại; chưa có dòng nào được ghi.",
                f"A double quote opened on line {line} is never closed: the lines after it would be"
                " one cell. Close or remove it and send the file again; no row was stored.",
                line=line,
            ) from error


def _after_line(data: bytes, lines: int) -> bytes:
    place = 0
    ending = b"\n" if b"\n" in data[:_HEAD_BYTES] else b"\r"
    for _ in range(lines):
        place = data.find(ending, place) + 1
        if not place:
            return b""
    return data[place:]


def _body(body: bytes, width: int, heading: Heading, separator: str) -> RawTable:
    ragged: list[RaggedRow] = []
    empty: list[int] = []
    first = heading.last_row + 2

    def handle(row: arrow_csv.InvalidRow) -> str:
        number = first + row.number - 1
        if row.text.strip(" \t\r\n"):
            ragged.append(RaggedRow(number, row.actual_columns, row.expected_columns, row.text))
        else:
            empty.append(number)
        return "skip"

    names = [str(index) for index in range(width)]
    wanted = {name: str(index) for name, index in heading.positions.items()}
    columns: dict[str, pyarrow.Array] = {
        name: pyarrow.array([], pyarrow.string()) for name in wanted
    }
    count = 0
    if body.strip():
        table = _parse(body, names, list(wanted.values()), separator, handle)
        count = table.num_rows
        columns = {name: table[column].combine_chunks() for name, column in wanted.items()}
    skipped = [row.row_number for row in ragged] + empty
    numbers = np.arange(first, first + count + len(skipped))
    if skipped:
        numbers = np.setdiff1d(numbers, skipped, assume_unique=True)
    return RawTable(columns, heading.texts, pyarrow.array(numbers, pyarrow.int64()), ragged)


def _parse(
    body: bytes,
    names: list[str],
    wanted: list[str],
    separator: str,
    handle: Callable[[arrow_csv.InvalidRow], str],
) -> pyarrow.Table:
    try:
        return arrow_csv.read_csv(
            pyarrow.BufferReader(body),
            # Rows get their numbers only from a single thread.
            read_options=arrow_csv.ReadOptions(
                column_names=names, use_threads=False, block_size=_BLOCK
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=handle,
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(names, pyarrow.string()),
                strings_can_be_null=True,
                null_values=[""],
                quoted_strings_can_be_null=True,
            ),
        )
    except pyarrow.ArrowInvalid as error:
        raise _unreadable(str(error)) from error


def _unreadable(reason: str) -> InputError:
    return InputError(
        "csv_unreadable",
        "Không đọc được tệp CSV: các hàng không theo cùng một cách ghi. Hãy kiểm tra dấu nháy kép "
        f"chưa đóng, hoặc lưu lại tệp bằng Excel. (Chi tiết kỹ thuật: {reason[:200]}.)",
        f"The CSV file cannot be read: {reason[:200]}. Look for an unclosed double quote, "
        "or save it again with Excel.",
    )
