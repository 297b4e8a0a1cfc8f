"""Rows of inhabitants: of which unit, in which year, how many."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow

from geo.boundaries.names import EDITIONS, LEVELS, Found, NamedUnit, UnitNames, plain
from geo.importers.cells import CellError, parse_count, parse_flag
from geo.importers.columns import Work
from geo.importers.places import MOST_SUGGESTIONS, NAMING, column_of, passed_over, unit_error
from geo.importers.warnings import Remark

# The first census of the whole country.
FIRST_YEAR = 1979
MOST_PEOPLE = 15_000_000
_YEAR = re.compile(r"(?:nam )?(\d{4})(?: 0)?")
_LEVELS = {
    "commune": ("commune", "xa", "cap xa", "phuong", "dac khu", "thi tran", "xa phuong", "ward"),
    "district": ("district", "huyen", "cap huyen", "quan", "thi xa", "quan huyen"),
    "province": ("province", "tinh", "cap tinh", "thanh pho", "tinh thanh", "tinh thanh pho"),
}
# Groups of three by one sign throughout, and zeros that the other sign cuts off.
_GROUPED = re.compile(
    r"\d{1,3}(?:(?:\.\d{3})+(?:,0{1,2})?|(?:,\d{3})+(?:\.0{1,2})?|(?: \d{3})+(?:[.,]0{1,2})?)"
)
# Without a stated level a short code may be a commune's that lost its zeros, or this one's.
_SHORT_CODES = {2: "province", 3: "district"}


def population_columns(work: Work, names: UnitNames, today: date) -> dict[str, pyarrow.Array]:
    """edition, level, code, year, value and estimated of all rows; null where they are rejected."""
    units = _units(work, names)
    columns = {
        name: pyarrow.array([unit and getattr(unit, name) for unit in units], pyarrow.string())
        for name in ("edition", "level", "code")
    }
    for name, parse, kind in (
        ("year", lambda text: parse_year(text, today), pyarrow.int32()),
        ("value", parse_people, pyarrow.int32()),
        ("estimated", parse_flag, pyarrow.bool_()),
    ):
        nothing = pyarrow.nulls(work.count, kind)
        columns[name] = work.convert(name, parse, kind) if name in work.cells else nothing
    columns["estimated"] = columns["estimated"].fill_null(False)
    return columns


def parse_people(text: str) -> int | CellError:
    """Inhabitants; people are whole, so 1.234, 1,234 and 1 234 all are 1234.

    >>> [parse_people(text) for text in ("1.234", "1,234", "1 234 567", "12345.0")]
    [1234, 1234, 1234567, 12345]
    """
    words = re.sub(r"\s", " ", text)
    if _GROUPED.fullmatch(words) and words.isascii():
        words = re.sub(r"[.,]0{1,2}$|[., ]", "", words)
    value = parse_count(words)
    if isinstance(value, CellError):
        return _OF_COUNTS.get(value.code, value)
    return value if value <= MOST_PEOPLE else _TOO_MANY


def parse_year(text: str, today: date) -> int | CellError:
    """A year from FIRST_YEAR to the one after this."""
    found = _YEAR.fullmatch(plain(text))
    if found is None:
        return _NO_YEAR
    year, last = int(found[1]), today.year + 1
    if FIRST_YEAR <= year <= last:
        return year
    return CellError(
        "year_range",
        f"Năm phải từ {FIRST_YEAR} đến {last}. Hãy kiểm tra lại năm.",
        f"A year lies between {FIRST_YEAR} and {last}. Check it.",
    )


def _units(work: Work, names: UnitNames) -> list[NamedUnit | None]:
    """The unit of each row; every distinct way of naming one is looked up once."""
    usual = _usual_level(work)
    known: dict[tuple[str | None, ...], Found | tuple[str, CellError]] = {}
    units: list[NamedUnit | None] = []
    partly: list[int] = []
    taken: dict[int, Found] = {}
    for row in range(work.count):
        said = tuple(work.value(row, name) for name in NAMING)
        if said not in known:
            asks = sum(not isinstance(one, Found) for one in known.values()) < MOST_SUGGESTIONS
            known[said] = _unit(work, row, names, usual, suggests=asks)
        found = known[said]
        if isinstance(found, Found):
            units.append(found.unit)
            if found.left_out:
                partly.append(row)
                taken[row] = found
            continue
        units.append(None)
        column, error = found
        # A broken formula in a cell that names the unit is the reason, and said already.
        if not any((row, name) in work.broken for name in NAMING):
            work.reject(row, column, error)
    if partly:
        work.remarks.append(
            Remark("unit_partly_read", np.array(partly), lambda row: passed_over(names, taken[row]))
        )
    return units


def _usual_level(work: Work) -> str:
    """The level of rows that state none: communes, unless the file has no column for them."""
    if "stated_code" in work.cells:
        return "commune"
    return next((level for level in LEVELS if level in work.cells), "commune")


def _unit(
    work: Work, row: int, names: UnitNames, usual: str, *, suggests: bool
) -> Found | tuple[str, CellError]:
    """The unit that a row names, or the column to mend and why."""
    cells: dict[str, Any] = {name: work.value(row, name) for name in NAMING}
    edition = cells["stated_edition"] or EDITIONS[0]
    if edition not in EDITIONS:
        return "stated_edition", _NO_EDITION
    level = _level(cells["stated_level"]) if cells["stated_level"] else usual
    if level is None:
        return "stated_level", _NO_LEVEL
    if code := cells["stated_code"]:
        return _unit_of_code(names, edition, level, code, is_stated=bool(cells["stated_level"]))
    province, district, commune = (cells[name] for name in ("province", "district", "commune"))
    if province or district or commune:
        found = names.find(province, district, commune, edition)
        return _of_level(work, row, found, level, names.suggestions(found) if suggests else ())
    columns = ("commune", "district", "province", "stated_code")
    return next((name for name in columns if name in work.cells), "stated_code"), _NO_UNIT


def _of_level(
    work: Work, row: int, found: Found, level: str, similar: Sequence[str]
) -> Found | tuple[str, CellError]:
    if found.unit is None:
        return column_of(work, row, found), unit_error(found, similar, takes_point=False)
    if found.unit.level == level:
        return found
    column = (
        level if level in work.cells and not work.value(row, "stated_level") else "stated_level"
    )
    return column, _other_level(found.unit, level)


def _level(text: str) -> str | None:
    word = plain(text)
    return next((level for level, words in _LEVELS.items() if word in words), None)


def _unit_of_code(
    names: UnitNames, edition: str, level: str, code: str, *, is_stated: bool
) -> Found | tuple[str, CellError]:
    coarser = None if is_stated else _SHORT_CODES.get(len(code))
    if coarser and (unit := names.by_code(edition, coarser, code)):
        return "stated_code", _other_level(unit, level)
    if unit := names.by_code(edition, level, code):
        return Found(unit)
    title_vi, title_en = _LEVEL_TITLES[level]
    return "stated_code", CellError(
        "unit_unknown",
        f"Địa giới {edition} không có {title_vi} mang mã “{code[:80]}”. Hãy kiểm tra mã, cấp và"
        " phiên bản địa giới.",
        f"Edition {edition} has no {title_en} with the code “{code[:80]}”. Check code, level and"
        " edition.",
    )


def _other_level(unit: NamedUnit, level: str) -> CellError:
    (is_vi, is_en), (asked_vi, asked_en) = _LEVEL_TITLES[unit.level], _LEVEL_TITLES[level]
    return CellError(
        "unit_level",
        f"{unit.full_name} (mã {unit.code}) là {is_vi}, hàng này cần {asked_vi}. Hãy ghi đơn vị"
        f" {asked_vi}, hoặc ghi “{is_vi}” ở cột Cấp đơn vị (mã xã thì ghi đủ 5 chữ số).",
        f"{unit.full_name} (code {unit.code}) is a {is_en}, and this row needs a {asked_en}. Name"
        f" the {asked_en}, or write “{unit.level}” as the unit level (codes of communes have all"
        " 5 digits).",
    )


_LEVEL_TITLES = {
    "commune": ("cấp xã", "commune"),
    "district": ("cấp huyện", "district"),
    "province": ("cấp tỉnh", "province"),
}
_NO_PEOPLE = CellError(
    "people_unreadable",
    "Đây không phải số người. Hãy ghi số nguyên, tính bằng người (không phải nghìn người), ví dụ"
    " 12.345.",
    "This is no number of people. Write a whole number of persons (not of thousands), such as"
    " 12345.",
)
_TOO_MANY = CellError(
    "people_too_many",
    "Số dân quá lớn: không đơn vị nào quá 15.000.000 người. Hãy kiểm tra lại số và đơn vị tính.",
    "No unit has more than 15,000,000 inhabitants. Check the number and what it counts.",
)
_OF_COUNTS = {"count_unreadable": _NO_PEOPLE, "count_too_large": _TOO_MANY}
_NO_YEAR = CellError(
    "year_unreadable",
    "Không hiểu năm này. Hãy ghi năm bằng 4 chữ số, ví dụ 2024.",
    "This is no year. Write its 4 digits, such as 2024.",
)
_NO_EDITION = CellError(
    "edition_unknown",
    "Phiên bản địa giới là 2025 (từ 01/7/2025) hoặc 2024 (trước đó). Hãy ghi một trong hai, hoặc"
    " bỏ trống (2025).",
    "The boundary edition is 2025 (since 1 July 2025) or 2024 (before). Write one of them, or"
    " nothing (2025).",
)
_NO_LEVEL = CellError(
    "level_unknown",
    "Cấp đơn vị là xã, huyện hoặc tỉnh. Hãy ghi một trong ba, hoặc bỏ trống (xã).",
    "The unit level is commune, district or province. Write one of them, or nothing (commune).",
)
_NO_UNIT = CellError(
    "unit_unnamed",
    "Hàng này không ghi đơn vị nào. Hãy ghi mã đơn vị, hoặc tên xã và tỉnh.",
    "This row names no unit. Write its code, or the names of the commune and province.",
)
