"""Rows of support figures: the period, the unit, and a breakdown that adds up."""

import calendar
import json
import re
from datetime import date
from typing import Any

import pyarrow

from geo.boundaries.names import UnitNames, plain
from geo.importers.cells import FIRST_DAY, CellError, parse_count, parse_flag
from geo.importers.columns import Work
from geo.records.figures import GROUPS, Period, fault_of_breakdown, figure_key

_MONTH_FIRST = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*(?:[/.\-]|năm)?\s*(\d{4})", re.IGNORECASE)
# A spreadsheet keeps a month as its first day.
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})(?:[/.\-]0?1(?:[T\s]0?0:00(?::00)?)?)?")
_YEAR = re.compile(r"(?:năm\s*)?(\d{4})(?:\.0)?", re.IGNORECASE)
_COUNTRY = {"ca nuoc", "toan quoc", "viet nam", "country", "national", "vn"}


def figure_columns(
    work: Work, names: UnitNames, plain_columns: dict[str, pyarrow.Array], today: date
) -> dict[str, pyarrow.Array]:
    """What the cells of figures say together, among it each figure's key as its external_id.

    Args:
        plain_columns: programme, measure and value, as far as there are any.

    Returns:
        period_from, period_to (its last day), edition, code (both empty for the country), value_by
        (JSON), the flags, and external_id, null where the key cannot be told.
    """
    periods = _periods(work, today)
    units = [_unit(work, row, names) for row in range(work.count)]
    columns = {
        "period_from": pyarrow.array([one and one.first for one in periods], pyarrow.date32()),
        "period_to": pyarrow.array([one and one.last for one in periods], pyarrow.date32()),
        "edition": pyarrow.array([one and one[0] for one in units], pyarrow.string()),
        "code": pyarrow.array([one and one[1] for one in units], pyarrow.string()),
    }
    for name, one in work.fields.items():
        if one.kind == "flag":
            nothing = pyarrow.nulls(work.count, pyarrow.bool_())
            given = (
                work.convert(name, parse_flag, pyarrow.bool_()) if name in work.cells else nothing
            )
            columns[name] = given.fill_null(False)
    known: dict[str, list[Any]] = {
        name: plain_columns[name].to_pylist() if name in plain_columns else [None] * work.count
        for name in ("programme", "measure", "value")
    }
    columns["value_by"] = _breakdowns(work, known["value"])
    columns["external_id"] = pyarrow.array(
        [
            figure_key(programme, measure, unit, period) if period and unit is not None else None
            for programme, measure, unit, period in zip(
                known["programme"], known["measure"], units, periods, strict=True
            )
        ],
        pyarrow.string(),
    )
    return columns


def parse_period(text: str, today: date) -> Period | CellError:
    """A month (03/2026, 2026-03, tháng 3/2026) or a year (2024, năm 2024)."""
    words = " ".join(text.split())
    year, month = 0, 0
    if found := _YEAR_FIRST.fullmatch(words):
        year, month = int(found[1]), int(found[2])
    elif found := _MONTH_FIRST.fullmatch(words):
        year, month = int(found[2]), int(found[1])
    elif found := _YEAR.fullmatch(words):
        year = int(found[1])
    if not FIRST_DAY.year <= year <= 9998 or month > 12 or (month == 0 and not found):
        return _NO_PERIOD
    first = date(year, month or 1, 1)
    if first > today:
        return _FUTURE
    if month:
        return Period(first, date(year, month, calendar.monthrange(year, month)[1]))
    return Period(first, date(year, 12, 31))


def _periods(work: Work, today: date) -> list[Period | None]:
    pair = pyarrow.struct([("first", pyarrow.date32()), ("last", pyarrow.date32())])

    def parse(text: str) -> dict[str, date] | CellError:
        period = parse_period(text, today)
        if isinstance(period, CellError):
            return period
        return {"first": period.first, "last": period.last}

    if "period" not in work.cells:
        return [None] * work.count
    parsed = work.convert("period", parse, pair)
    return [one and Period(one["first"], one["last"]) for one in parsed.to_pylist()]


def _unit(work: Work, row: int, names: UnitNames) -> tuple[str, str] | None:
    """Edition and code of the province that a row names; empty where it says the country.

    An empty cell is no country: a province that was forgotten must not become a national figure.
    """
    province, edition, code = (work.value(row, name) for name in ("province", "edition", "code"))
    if not province and not code:
        if "province" in work.cells:
            work.reject(row, "province", _NO_UNIT)
            return None
        return "", ""
    if province and plain(province) in _COUNTRY and not code:
        return "", ""
    if code:
        editions = (edition,) if edition else ("2025", "2024")
        unit = next(filter(None, (names.by_code(one, "province", code) for one in editions)), None)
    else:
        unit = names.find(province, None, None, edition or None).unit
    if unit is None or unit.level != "province":
        column = "code" if code else "province"
        work.reject(row, column, _unknown_unit(code or province or ""))
        return None
    return unit.edition, unit.code


def _breakdowns(work: Work, values: list[int | None]) -> pyarrow.Array:
    """The parts of each row as JSON, from its own columns or from one that holds them all."""
    counts = {
        name: work.convert(name, parse_count, pyarrow.int64()).to_pylist()
        for name, one in work.fields.items()
        if one.kind == "breakdown" and name in work.cells
    }
    written: list[Any] = [None] * work.count
    if "value_by" in work.cells:
        written = work.convert("value_by", _checked_json, pyarrow.string()).to_pylist()
    texts = []
    for row, (value, text) in enumerate(zip(values, written, strict=True)):
        parts: dict[str, dict[str, int]] = json.loads(text) if text else {}
        for name, column in counts.items():
            if column[row] is not None:
                group, code = name.split(".", 1)
                parts.setdefault(group, {})[code] = column[row]
        fault = None if value is None else fault_of_breakdown(value, parts)
        if fault and row not in work.problems:
            first = next((n for n in counts if n.startswith(f"{fault.group}.")), "value_by")
            work.reject(row, first, CellError("breakdown_sum", fault.vi, fault.en), str(value))
        texts.append(json.dumps(parts, sort_keys=True))
    return pyarrow.array(texts, pyarrow.string())


def _checked_json(text: str) -> str | CellError:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return _BAD_JSON
    if not isinstance(content, dict) or not all(map(_is_group, content.items())):
        return _BAD_JSON
    return json.dumps(content)


def _is_group(item: tuple[str, Any]) -> bool:
    name, counts = item
    return (
        name in GROUPS
        and isinstance(counts, dict)
        and all(
            code in GROUPS[name].codes and type(count) is int and 0 <= count < 2**31
            for code, count in counts.items()
        )
    )


def _unknown_unit(text: str) -> CellError:
    return CellError(
        "unit_unknown",
        f"Không có tỉnh, thành phố “{text[:80]}”. Hãy ghi tên hoặc mã của tỉnh, hoặc “cả nước”.",
        f"There is no province “{text[:80]}”. Write a province's name or code, or “country”.",
    )


_NO_UNIT = CellError(
    "unit_missing",
    "Chưa ghi tỉnh. Hãy ghi tên tỉnh, hoặc “cả nước” nếu là số liệu toàn quốc.",
    "No province. Write its name, or “country” for a national figure.",
)
_NO_PERIOD = CellError(
    "period_unreadable",
    "Không hiểu kỳ này. Hãy ghi tháng (03/2026) hoặc năm (2024).",
    "This is no month or year. Write a month (03/2026) or a year (2024).",
)
_FUTURE = CellError(
    "period_in_future",
    "Kỳ này ở tương lai. Hãy kiểm tra tháng và năm.",
    "This period lies in the future. Check month and year.",
)
_BAD_JSON = CellError(
    "breakdown_unreadable",
    'Cơ cấu phải có dạng {"sex": {"f": 2, "m": 1}}, với các mã của danh mục.',
    'The breakdown must have the form {"sex": {"f": 2, "m": 1}}, with codes of the lists.',
)
