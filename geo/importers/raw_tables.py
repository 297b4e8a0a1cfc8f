"""A file's cells as text before anybody asked what they mean, and where its heading is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow

from geo.boundaries.names import plain
from geo.errors import InputError
from geo.records.fields import Field

HEADING_WITHIN = 10
MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a file that its sender should know."""

    code: str
    vi: str
    en: str


@dataclass(slots=True)
class RaggedRow:
    """A row that has more or fewer cells than the heading, with its text as written."""

    row_number: int
    cells: int
    expected: int
    text: str


@dataclass(slots=True)
class RawTable:
    """The rows below the heading: text or null, by field name, and each row's number in Excel."""

    columns: dict[str, pyarrow.Array]
    headings: dict[str, str]
    row_numbers: pyarrow.Array
    ragged: list[RaggedRow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


# What somebody wrote in place of cells: by number of the row, text by heading.
Corrections = Mapping[int, Mapping[str, str | None]]


def correct(raw: RawTable, corrections: Corrections) -> None:
    """Put corrections in place of a table's cells.

    Raises:
        InputError: the table has no such row or column.
    """
    names = {heading: name for name, heading in raw.headings.items()}
    places = {number: at for at, number in enumerate(raw.row_numbers.to_pylist())}
    changes: dict[str, dict[int, str | None]] = {}
    for number, cells in corrections.items():
        for heading, value in cells.items():
            if number not in places or heading not in names:
                raise InputError(
                    "correction.place",
                    f"Tệp không có ô để sửa: hàng {number}, cột “{heading[:60]}”. Hãy sửa trong tệp"
                    " rồi gửi lại.",
                    f"The file has no cell to correct in row {number}, column “{heading[:60]}”."
                    " Correct the file, then send it again.",
                )
            changes.setdefault(names[heading], {})[places[number]] = value
    for name, values in changes.items():
        column = raw.columns[name].to_pylist()
        for at, value in values.items():
            column[at] = value or None
        raw.columns[name] = pyarrow.array(column, pyarrow.string())


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading ends (index of its last row), and which column holds which field."""

    last_row: int
    positions: dict[str, int]
    texts: dict[str, str]
    unknown: tuple[str, ...]

    def notes(self) -> list[Note]:
        """What to say about columns that nobody asked for."""
        if not self.unknown:
            return []
        shown = ", ".join(f"“{name[:60]}”" for name in self.unknown[:20])
        return [
            Note(
                "columns_unknown",
                f"Bỏ qua {len(self.unknown)} cột không nhận ra: {shown}.",
                f"{len(self.unknown)} columns were not recognised and left out: {shown}.",
            )
        ]


def find_heading(rows: Sequence[Sequence[str | None]], fields: Mapping[str, Field]) -> Heading:
    """Find the heading among a file's first rows; titles may stand above it, cells be merged.

    Raises:
        InputError: there is none, or required columns are missing.
    """
    names = _known_names(fields)
    known = [[_field_name(cell, names) for cell in row] for row in rows]
    scores = [len(set(filter(None, row))) for row in known]
    best = max(range(len(rows)), key=lambda index: scores[index], default=0)
    if not rows or scores[best] < 1:
        raise _missing([field for field in fields.values() if field.required], [])
    last = best
    # A heading of two rows: groups above ("Tọa độ"), what they hold below ("Kinh độ", "Vĩ độ").
    while last + 1 < len(rows) and scores[last + 1] and scores[last + 1] == _filled(rows[last + 1]):
        last += 1
    band = range(max(0, best - 1), last + 1)
    positions: dict[str, int] = {}
    texts: dict[str, str] = {}
    unknown = []
    for column in range(max(len(rows[index]) for index in band)):
        cells = [index for index in reversed(band) if column < len(rows[index])]
        hit = next((index for index in cells if known[index][column]), None)
        heading = next((rows[i][column] for i in cells if i >= best and rows[i][column]), None)
        if hit is not None and (name := known[hit][column]) and name not in positions:
            positions[name] = column
            texts[name] = _tidy(rows[hit][column] or "")
        elif heading:
            unknown.append(_tidy(heading))
    _demand(fields, positions, unknown)
    return Heading(last, positions, texts, tuple(unknown))


def in_order(headings: Iterable[str], fields: Mapping[str, Field]) -> list[str]:
    """Headings in the order of the fields that they name; those that name none come last."""
    names, places = _known_names(fields), {name: at for at, name in enumerate(fields)}
    return sorted(headings, key=lambda one: places.get(_field_name(one, names) or "", len(places)))


def _demand(
    fields: Mapping[str, Field], positions: Mapping[str, int], unknown: Sequence[str]
) -> None:
    missing = [one for one in fields.values() if one.required and one.name not in positions]
    # The first row of a network may lack what later ones have, but not the whole file.
    if missing:
        raise _missing(missing, unknown)
    point, unit = {"lon", "lat"}, {"province", "district", "commune", "stated_code", "place_text"}
    if not point <= positions.keys() and not unit & positions.keys():
        raise InputError(
            "columns_missing",
            "Tệp thiếu vị trí: cần hai cột “Kinh độ” và “Vĩ độ”, hoặc cột “Tỉnh”, “Huyện”, “Xã”, "
            "hoặc cột “Địa điểm” ghi xã và tỉnh.",
            "The file says no place: it needs the columns “Longitude” and “Latitude”, or "
            "“Province”, “District”, “Commune”, or “Place” with the commune and province.",
            missing=["lon", "lat"],
        )


def _missing(fields: Sequence[Field], unknown: Sequence[str]) -> InputError:
    vi = ", ".join(f"“{one.label_vi}”" for one in fields)
    en = ", ".join(f"“{one.label_en}”" for one in fields)
    there = ", ".join(f"“{name[:60]}”" for name in unknown[:20])
    return InputError(
        "columns_missing",
        f"Không tìm thấy cột bắt buộc trong {HEADING_WITHIN} hàng đầu: {vi}."
        + (f" Các cột chưa nhận ra: {there}." if there else ""),
        f"Required columns were not found in the first {HEADING_WITHIN} rows: {en}."
        + (f" Columns that were not recognised: {there}." if there else ""),
        missing=[one.name for one in fields],
    )


def _known_names(fields: Mapping[str, Field]) -> dict[str, str]:
    names: dict[str, str] = {}
    for one in fields.values():
        for text in (one.name, one.label_vi, one.label_en, *one.aliases):
            names.setdefault(plain(text), one.name)
    return names


def _field_name(cell: str | None, names: Mapping[str, str]) -> str | None:
    if not cell or len(cell) > 200:
        return None
    bare = re.sub(r"\(.*?\)|\[.*?\]|\*", " ", cell)
    return names.get(plain(cell)) or names.get(plain(bare))


def _filled(row: Sequence[str | None]) -> int:
    return sum(1 for cell in row if cell and cell.strip())


def _tidy(heading: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in heading).split())
