"""Files of records to checked columns, and the rows that cannot be used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pyarrow
import pyarrow.compute as pc

from geo.boundaries.names import UnitNames
from geo.importers.cells import EMPTY, CellError, Moment, parse_moment
from geo.importers.columns import Work, as_mask, mask_personal, masked, plain_column, start_work
from geo.importers.delimited import read_delimited, read_delimited_confined
from geo.importers.figures import figure_columns
from geo.importers.network_tables import NETWORK_WIDE, NetworkTables, network_tables
from geo.importers.personal_data import cover_passages, find_persons
from geo.importers.places import place_columns
from geo.importers.populations import population_columns
from geo.importers.raw_tables import Corrections, Note, RaggedRow, RawTable, correct
from geo.importers.report import MADE_IDENTITY
from geo.importers.victims import victim_columns
from geo.importers.warnings import MOST_LISTED, RowWarning, Warnings
from geo.importers.workbooks import is_workbook, read_workbook
from geo.records.digests import content_digests
from geo.records.fields import RowType, fields_of
from geo.records.personal_data import without_personal_data

DEFAULT_MAX_BYTES = 300 * 2**20
_TIME = pyarrow.timestamp("us", "UTC")
# The column under which the text of a row stands that does not fit its heading.
AS_WRITTEN = "Nguyên văn / as written"
LONGEST_RAGGED = 20_000


@dataclass(frozen=True, slots=True)
class RejectedCells:
    """A row that cannot be used: its cells by heading, and each problem with its remedy."""

    row_number: int
    external_id: str | None
    content: dict[str, str | None]
    problems: list[dict[str, Any]]


@dataclass(slots=True)
class ReadResult:
    """What a file gave: `rows` as load_records takes them, or `networks` as load_networks does."""

    rows_read: int
    rows: pyarrow.Table | None
    networks: NetworkTables | None
    rejected: list[RejectedCells]
    notes: list[Note]
    warnings: Warnings
    headings: dict[str, str]
    contents: Callable[[int], RejectedCells] = field(repr=False)


def read_records(
    path: Path,
    record_type: RowType,
    *,
    names: UnitNames,
    today: date,
    max_bytes: int = DEFAULT_MAX_BYTES,
    progress: Callable[[int, int], None] | None = None,
    corrections: Corrections | None = None,
) -> ReadResult:
    """Read a CSV or XLSX file of one record type and check every cell.

    Args:
        names: the units that a row may name in place of a point.
        today: the day at the place of entry; later dates are mistakes.
        progress: called with bytes read and bytes in all.
        corrections: cells in place of the file's own, empty for none: the file comes from a desk,
            and CSV too is parsed in a child process, as XLSX always is. None: from the machine.

    Raises:
        InputError: the file as a whole cannot be used.
    """
    fields = fields_of(record_type)
    if is_workbook(path):
        raw = read_workbook(path, fields, max_bytes)
    elif corrections is not None:
        raw = read_delimited_confined(path, record_type, max_bytes)
    else:
        raw = read_delimited(path, fields, max_bytes, progress)
    if corrections:
        correct(raw, corrections)
    return check_table(raw, record_type, names, today)


def check_entry(
    values: Mapping[str, str | None], record_type: RowType, *, names: UnitNames, today: date
) -> ReadResult:
    """Check the values of one record, by the names of fields, as those of a file's row."""
    columns = {name: pyarrow.array([value], pyarrow.string()) for name, value in values.items()}
    raw = RawTable(columns, {name: name for name in values}, pyarrow.array([1], pyarrow.int32()))
    return check_table(raw, record_type, names, today, is_entry=True)


def check_table(
    raw: RawTable, record_type: RowType, names: UnitNames, today: date, *, is_entry: bool = False
) -> ReadResult:
    """Check every cell of a table that was read: the one way for files and single records.

    Whoever is named in a file is masked there. With `is_entry` it is a single record, which is
    refused for that until a person has looked at it.
    """
    work = start_work(raw, fields_of(record_type))
    # First said, then masked: what is taken out of a text must not go without a word. Names for
    # the gazetteer and sources of populations name no victim, and come from the machine alone.
    is_masked = not is_entry and record_type not in {"place_name", "population"}
    named = find_persons(work) if is_masked else {}
    mask_personal(work)
    cover_passages(work, named)
    columns = _columns(work, names, today)
    if record_type == "network":
        return _network_result(work, columns)
    return _record_result(work, columns)


def _columns(work: Work, names: UnitNames, today: date) -> dict[str, pyarrow.Array]:
    columns: dict[str, pyarrow.Array] = {}
    for name, one in work.fields.items():
        if name in work.cells and one.kind not in _DERIVED:
            columns[name] = plain_column(work, one)
        # What a network says of itself may stand in any one of its rows.
        if one.required and name in work.cells and name not in NETWORK_WIDE:
            work.reject_where(as_mask(pc.is_null(work.cells[name])), name, EMPTY)
    if "programme" in work.fields:
        return columns | figure_columns(work, names, columns, today)
    if "estimated" in work.fields:
        return columns | population_columns(work, names, today)
    columns |= _periods(work, today)
    if "victims" in work.fields:
        columns |= victim_columns(work, columns.get("victims"))
    return columns | place_columns(work, names, columns.get("precision"), columns.get("accuracy_m"))


def _periods(work: Work, today: date) -> dict[str, pyarrow.Array]:
    """Times in UTC; a bare date is the whole day in Vietnam."""
    columns: dict[str, pyarrow.Array] = {}
    for name, one in work.fields.items():
        if one.kind == "day" and name in work.cells:
            columns[name] = work.convert(
                name, lambda text: _day(parse_moment(text, today)), pyarrow.date32()
            )
    if {"started_on", "ended_on"} <= columns.keys():
        backwards = as_mask(pc.less(columns["ended_on"], columns["started_on"]))
        work.reject_where(backwards, "ended_on", _BACKWARDS)
    if "occurred_from" not in work.cells:
        return columns
    pair = pyarrow.struct([("start", _TIME), ("end", _TIME)])

    def parse(text: str) -> dict[str, Any] | CellError:
        moment = parse_moment(text, today)
        if isinstance(moment, CellError):
            return moment
        return {"start": moment.start, "end": moment.end}

    first = work.convert("occurred_from", parse, pair)
    columns["occurred_from"], end = pc.struct_field(first, "start"), pc.struct_field(first, "end")
    if "occurred_to" in work.cells:
        last = work.convert("occurred_to", parse, pair)
        end = pc.coalesce(pc.struct_field(last, "end"), end)
        backwards = as_mask(pc.less(end, columns["occurred_from"]))
        work.reject_where(backwards, "occurred_to", _BACKWARDS)
    columns["occurred_to"] = end
    return columns


def _day(moment: Moment | CellError) -> date | CellError:
    return moment if isinstance(moment, CellError) else moment.start.date()


def _record_result(work: Work, columns: dict[str, pyarrow.Array]) -> ReadResult:
    good = np.ones(work.count, bool)
    good[list(work.problems)] = False
    identities = _identities(work, columns)
    _reject_repeated(work, identities, good)
    good[list(work.problems)] = False
    everything = pyarrow.table(
        {
            "row_number": work.raw.row_numbers,
            "external_id": identities,
            **columns,
        }
    )
    rows = everything if good.all() else everything.filter(pyarrow.array(good))
    return _result(work, identities, rows, None)


def _network_result(work: Work, columns: dict[str, pyarrow.Array]) -> ReadResult:
    case = work.cells["case_code"]
    own = work.cells.get("external_id", pyarrow.nulls(work.count, pyarrow.string()))
    identities = pc.coalesce(own, case)
    tables = network_tables(work, columns, identities)
    return _result(work, identities, None, tables)


def _result(
    work: Work,
    identities: pyarrow.Array,
    rows: pyarrow.Table | None,
    networks: NetworkTables | None,
) -> ReadResult:
    numbers = work.raw.row_numbers.to_numpy(zero_copy_only=False)

    def cells(index: int) -> RejectedCells:
        return RejectedCells(
            int(numbers[index]),
            identities[index].as_py(),
            work.contents(index),
            work.problems.get(index, []),
        )

    rejected = [cells(index) for index in sorted(work.problems)]
    rejected += [_ragged(row) for row in work.raw.ragged]
    return ReadResult(
        rows_read=work.count + len(work.raw.ragged),
        rows=rows,
        networks=networks,
        rejected=sorted(rejected, key=lambda row: row.row_number),
        notes=work.notes,
        warnings=_warnings(work, numbers, identities),
        headings={name: work.heading(name) for name in work.cells},
        contents=lambda number: cells(int(np.searchsorted(numbers, number))),
    )


def _warnings(work: Work, numbers: np.ndarray, identities: pyarrow.Array) -> Warnings:
    warnings = Warnings()
    for remark in work.remarks:
        rows = remark.rows[~np.isin(remark.rows, list(work.problems))]
        first = [
            RowWarning(
                int(numbers[row]), identities[row].as_py(), remark.code,
                *remark.explain(int(row)),
            )
            for row in rows[:MOST_LISTED]
        ]  # fmt: skip
        warnings.add(remark.code, len(rows), first)
    return warnings


def _identities(work: Work, columns: dict[str, pyarrow.Array]) -> pyarrow.Array:
    """The file's own identity, else the row's content and which of its twins it is.

    A figure is what it is of: it has its identity among its columns.
    """
    if "external_id" in columns:
        return columns["external_id"]
    own = work.cells.get("external_id")
    if own is not None and not own.null_count:
        return own
    digests = content_digests(pyarrow.table(columns))
    codes = pandas.Series(digests.dictionary_encode().indices.to_numpy())
    made = pc.binary_join_element_wise(MADE_IDENTITY, digests, "")
    repeated = codes.duplicated().to_numpy()
    if repeated.any():
        order = pyarrow.array(codes.groupby(codes).cumcount().to_numpy() + 1)
        numbered = pc.binary_join_element_wise(made, pc.cast(order, pyarrow.string()), ":")
        made = pc.if_else(pyarrow.array(repeated), numbered, made)
    return made if own is None else pc.coalesce(own, made)


def _reject_repeated(work: Work, identities: pyarrow.Array, good: np.ndarray) -> None:
    named = "measure" if "measure" in work.cells else "external_id"
    if named not in work.cells:
        return
    rows = np.flatnonzero(good)
    # count_distinct takes five times as long.
    if len(identities.unique()) == len(identities):
        return
    series = pandas.Series(identities.take(pyarrow.array(rows)).to_numpy(zero_copy_only=False))
    again = series.duplicated().to_numpy()
    if not again.any():
        return
    numbers = work.raw.row_numbers.to_numpy(zero_copy_only=False)
    first = {value: index for index, value in reversed(list(enumerate(series)))}
    for place in np.flatnonzero(again):
        number = numbers[rows[first[series[place]]]]
        repeated = _same_figure if named == "measure" else _same_identity
        work.reject(int(rows[place]), named, repeated(number))


def _same_identity(number: int) -> CellError:
    return CellError(
        "identity_repeated",
        f"Mã này đã có ở hàng {number} của tệp. Hãy bỏ hàng trùng hoặc sửa mã.",
        f"Row {number} of the file has the same ID. Remove one of them, or correct the ID.",
    )


def _same_figure(number: int) -> CellError:
    return CellError(
        "figure_repeated",
        f"Hàng {number} của tệp đã có số liệu này. Hãy bỏ một hàng, hoặc sửa kỳ hay tỉnh.",
        f"Row {number} of the file has this figure. Remove one, or correct its period or unit.",
    )


def _ragged(row: RaggedRow) -> RejectedCells:
    """Such a row is kept whole: which cell belongs to which column is not known."""
    error = CellError(
        "row_ragged",
        f"Hàng có {row.cells} ô, tiêu đề có {row.expected} cột. Hãy đặt ô có dấu phân cách trong "
        "nháy kép.",
        f"The row has {row.cells} cells, the heading {row.expected}. Quote cells that hold the "
        "separator.",
    )
    text = without_personal_data(masked(row.text) or "").replace("\x00", "")[:LONGEST_RAGGED]
    return RejectedCells(row.row_number, None, {AS_WRITTEN: text}, [error.problem("", None)])


# What is read from several cells together, or from one in a way of its own.
_DERIVED = {
    "identity", "period_from", "period_to", "day", "coordinate", "unit", "breakdown",
    "breakdown_json", "months", "flag", "year", "people",
}  # fmt: skip
_BACKWARDS = CellError(
    "period_backwards",
    "Ngày kết thúc trước ngày bắt đầu.",
    "The end lies before the start.",
)
