"""Where the rows of a file say that something was: a point, a unit, or both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.boundaries.names import SEVERAL_NAMES, Found, UnitNames, parts_of
from geo.boundaries.report import with_comma
from geo.importers.cells import CellError
from geo.importers.columns import Work, as_mask
from geo.importers.raw_tables import Note
from geo.importers.warnings import Remark

STATED = ("stated_edition", "stated_level", "stated_code")
_NUMBER = r"^[+\-]?[0-9]{1,4}(?:[.,][0-9]{1,18})?$"
_PRECISION = {"commune": "commune", "district": "legacy_district", "province": "province"}
_EXPECTED_LEVEL = {2: "province", 3: "district", 5: "commune"}
NAMING = ("province", "district", "commune", *STATED)
_NOTHING = "\x1f" * (len(NAMING) - 1)
# Looking for similar names takes a tenth of a second: enough for the rows that a report shows.
MOST_SUGGESTIONS = 30


@dataclass(frozen=True, slots=True)
class _Said:
    """What rows say of their unit: the position of each row's combination, and what it means."""

    codes: np.ndarray
    combinations: list[list[str]]
    found: list[Found]

    def is_described(self, code: int) -> bool:
        return len(self.combinations[code]) > len(NAMING)

    def text(self, code: int) -> str:
        province, district, commune, _, _, unit_code, *description = self.combinations[code]
        parts = (*description, commune, district, province, unit_code)
        return ", ".join(part for part in parts if part)


def place_columns(
    work: Work, names: UnitNames, precision: pyarrow.Array | None
) -> dict[str, pyarrow.Array]:
    """lon, lat, stated_edition, stated_level, stated_code and precision of all rows."""
    lon, lat = _coordinates(work)
    has_point = ~np.isnan(lon)
    stated = _stated(work, names, has_point)
    default = pc.if_else(pyarrow.array(has_point), "exact", _precision_of(stated["stated_level"]))
    given = default if precision is None else pc.coalesce(precision, default)
    return {
        "lon": pyarrow.array(lon, pyarrow.float64(), from_pandas=True),
        "lat": pyarrow.array(lat, pyarrow.float64(), from_pandas=True),
        **stated,
        "precision": given.fill_null("country"),
    }


def _precision_of(level: pyarrow.Array) -> pyarrow.Array:
    encoded = level.dictionary_encode()
    mapped = [_PRECISION[name] for name in encoded.dictionary.to_pylist()]
    return pyarrow.array(mapped, pyarrow.string()).take(encoded.indices)


def _coordinates(work: Work) -> tuple[np.ndarray, np.ndarray]:
    if "lon" not in work.cells or "lat" not in work.cells:
        empty = np.full(work.count, np.nan)
        return empty, empty.copy()
    lon, lat = _degrees(work, "lon"), _degrees(work, "lat")
    has_lon, has_lat = (as_mask(pc.is_valid(work.cells[name])) for name in ("lon", "lat"))
    work.reject_where(has_lon & ~has_lat, "lat", _HALF)
    work.reject_where(has_lat & ~has_lon, "lon", _HALF)
    swapped = (lat >= 102) & (lat <= 110) & (lon >= 8) & (lon <= 24)
    for row in np.flatnonzero(swapped):
        work.reject(
            int(row),
            "lat",
            CellError(
                "coordinates_swapped",
                "Kinh độ và vĩ độ bị đổi chỗ. Hãy ghi: "
                + with_comma(f"kinh độ {lat[row]:g}, vĩ độ {lon[row]:g}")
                + ".",
                f"Longitude and latitude are swapped. Write: longitude {lat[row]:g}, "
                f"latitude {lon[row]:g}.",
            ),
        )
    work.reject_where((np.abs(lat) > 90) & ~swapped, "lat", _LATITUDE)
    work.reject_where(np.abs(lon) > 180, "lon", _LONGITUDE)
    work.reject_where((lon == 0) & (lat == 0), "lon", _ZERO)
    gone = np.isnan(lon) | np.isnan(lat)
    return np.where(gone, np.nan, lon), np.where(gone, np.nan, lat)


def _degrees(work: Work, name: str) -> np.ndarray:
    cells = work.cells[name]
    plain = as_mask(pc.match_substring_regex(cells, _NUMBER))
    bad = as_mask(pc.is_valid(cells)) & ~plain
    if bad.any():
        # What remains: a degree sign, letters of the hemisphere, spaces.
        cells = pc.replace_substring_regex(cells, r"[°º\s]|[ENĐB]$", "")
        plain = as_mask(pc.match_substring_regex(cells, _NUMBER))
        bad = as_mask(pc.is_valid(cells)) & ~plain
        work.reject_where(bad, name, _NO_NUMBER)
    numbers = pc.replace_substring(cells, ",", ".")
    if bad.any():
        numbers = pc.if_else(pyarrow.array(plain), numbers, pyarrow.scalar(None, pyarrow.string()))
    numbers = pc.utf8_ltrim(numbers, "+")
    degrees: np.ndarray = (
        pc.cast(numbers, pyarrow.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    )
    return degrees


def _stated(work: Work, names: UnitNames, has_point: np.ndarray) -> dict[str, pyarrow.Array]:
    """Look up each distinct combination of names once."""
    keys = _combined_names(work, has_point, is_read=len(names) > 0)
    if keys is None:
        if not has_point.all():
            _demand_place(work, has_point, np.zeros(work.count, bool))
        return dict.fromkeys(STATED, pyarrow.nulls(work.count, pyarrow.string()))
    encoded = keys.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    combinations = [key.split("\x1f") for key in encoded.dictionary.to_pylist()]
    found = [
        names.find_among(parts_of(combination[-1]))
        if len(combination) > len(NAMING)
        else _look_up(names, *combination)
        for combination in combinations
    ]
    lost = np.array([one.unit is None for one in found], bool)[codes]
    given = np.array([any(combination) for combination in combinations], bool)[codes]
    _demand_place(work, has_point, given)
    said = _Said(codes, combinations, found)
    _reject_lost(work, names, np.flatnonzero(lost & given & ~has_point), said)
    _note_lost(work, int((lost & given & has_point).sum()))
    _remark_on_taken(work, names, said)
    units = [one.unit for one in found]
    columns = (
        [unit and unit.edition for unit in units],
        [unit and unit.level for unit in units],
        [unit and unit.code for unit in units],
    )
    return {
        name: pyarrow.array(values, pyarrow.string()).take(encoded.indices)
        for name, values in zip(STATED, columns, strict=True)
    }


def _combined_names(work: Work, has_point: np.ndarray, *, is_read: bool) -> pyarrow.Array | None:
    """All that a row says of its unit as one text; null where no column says anything.

    The description of the place counts only where it is all there is, and names several units.

    Args:
        is_read: whether there are names of units, so that descriptions can be read at all.
    """
    present = [name for name in NAMING if name in work.cells]
    described = is_read and "place_text" in work.cells and not has_point.all()
    if not present and not described:
        return None
    empty = pyarrow.repeat("", work.count)
    texts = [work.cells[name].fill_null("") if name in present else empty for name in NAMING]
    keys = pc.binary_join_element_wise(*texts, "\x1f")
    if not described:
        return keys
    several = pc.match_substring_regex(work.cells["place_text"], SEVERAL_NAMES).fill_null(False)
    alone = pc.and_(pyarrow.array(~has_point & _at_home(work)), pc.equal(keys, _NOTHING))
    described_by = pc.binary_join_element_wise(keys, work.cells["place_text"].fill_null(""), "\x1f")
    return pc.if_else(pc.and_(alone, several), described_by, keys)


def _at_home(work: Work) -> np.ndarray:
    """Places of a network may lie abroad, and are then known by their country alone."""
    if "country" not in work.cells:
        return np.ones(work.count, bool)
    return as_mask(pc.is_in(work.cells["country"].fill_null("VN"), _AT_HOME))


def _look_up(
    names: UnitNames, province: str, district: str, commune: str, edition: str, level: str,
    code: str,
) -> Found:  # fmt: skip
    if code:
        expected = level or _EXPECTED_LEVEL.get(len(code))
        for of in (edition,) if edition else ("2025", "2024"):
            unit = names.by_code(of, expected, code) if expected in _PRECISION else None
            if unit:
                return Found(unit)
        return Found(unknown=code)
    return names.find(province or None, district or None, commune or None, edition or None)


def _demand_place(work: Work, has_point: np.ndarray, given: np.ndarray) -> None:
    for row in np.flatnonzero(~has_point & ~given & _at_home(work)):
        if int(row) not in work.problems:
            work.reject(int(row), "commune" if "commune" in work.cells else "lon", _NO_PLACE)


def _reject_lost(work: Work, names: UnitNames, rows: np.ndarray, said: _Said) -> None:
    """Reject rows that are known by their unit only where that could not be told."""
    errors: dict[int, CellError] = {}
    for row in rows:
        if any((int(row), name) in work.broken for name in NAMING):
            continue
        code = said.codes[row]
        if code not in errors:
            found = said.found[code]
            asked = len(errors) < MOST_SUGGESTIONS
            errors[code] = unit_error(found, names.suggestions(found) if asked else ())
        work.reject(int(row), column_of(work, int(row), said.found[code]), errors[code],
                    said.text(code))  # fmt: skip


def column_of(work: Work, row: int, found: Found) -> str:
    """The column that is to be mended: the one that holds what is unknown, else the finest."""
    order = ("stated_code", "commune", "district", "province", *STATED, "place_text")
    filled = [name for name in order if work.value(row, name)]
    return next((name for name in filled if work.value(row, name) == found.unknown), filled[0])


def unit_error(found: Found, similar: Sequence[str], *, takes_point: bool = True) -> CellError:
    """Why names or codes give no unit; `takes_point` where a point would do as well."""
    point_vi, point_en = (", hoặc ghi tọa độ", ", or give a point") if takes_point else ("", "")
    passed = _quoted(found.left_out)
    passed_vi = f" (đã bỏ qua {passed}, không phải tên đơn vị)" if passed else ""
    passed_en = f" ({passed}, which names no unit, was passed over)" if passed else ""
    if found.unknown:
        choices = " / ".join(similar)
        above = found.sought[2] if found.sought else None
        if above and len(above) == 1:
            passed_vi = f" trong {above[0].full_name}{passed_vi}"
            passed_en = f" in {above[0].full_name}{passed_en}"
        return CellError(
            "unit_unknown",
            f"Không có đơn vị hành chính “{found.unknown[:80]}”{passed_vi}."
            + (f" Có phải là: {choices}?" if choices else f" Hãy kiểm tra tên{point_vi}."),
            f"There is no administrative unit “{found.unknown[:80]}”{passed_en}."
            + (f" Did you mean: {choices}?" if choices else f" Check the name{point_en}."),
        )
    if not found.candidates:
        return CellError(
            "unit_unknown",
            f"Không tìm được đơn vị hành chính. Hãy ghi tên xã và tỉnh{point_vi}.",
            f"The unit was not found. Give the names of the commune and province{point_en}.",
        )
    choices = " / ".join(found.candidates)
    return CellError(
        "unit_ambiguous",
        f"Có nhiều đơn vị phù hợp{passed_vi}: {choices}. Hãy ghi thêm tỉnh (hoặc huyện cũ), hoặc "
        "mã đơn vị.",
        f"Several units fit{passed_en}: {choices}. Add the province (or former district), "
        "or the unit's code.",
    )


def _remark_on_taken(work: Work, names: UnitNames, said: _Said) -> None:
    """Rows that went in although part of what they say fits no unit, or said it in words only."""
    for code, chosen in (
        ("unit_partly_read", [bool(one.unit and one.left_out) for one in said.found]),
        ("place_described", [bool(one.unit) and said.is_described(at)
                             for at, one in enumerate(said.found)]),
    ):  # fmt: skip
        if not any(chosen):
            continue
        rows = np.flatnonzero(np.array(chosen, bool)[said.codes])

        def explain(row: int, code: str = code) -> tuple[str, str]:
            found = said.found[said.codes[row]]
            if code == "place_described":
                taken = names.described(found.unit) if found.unit else ""
                return (
                    f"Vị trí lấy từ phần mô tả “{said.text(said.codes[row])[:120]}”: {taken}.",
                    f"The place was taken from the words “{said.text(said.codes[row])[:120]}”: "
                    f"{taken}.",
                )
            return passed_over(names, found)

        work.remarks.append(Remark(code, rows, explain))


def passed_over(names: UnitNames, found: Found) -> tuple[str, str]:
    """What of a unit's name was left out, and which unit was taken, in both languages."""
    passed = _quoted(found.left_out)
    taken = names.described(found.unit) if found.unit else ""
    return (
        f"{passed} không phải tên đơn vị phù hợp nên bị bỏ qua; đã lấy {taken}.",
        f"{passed} names no unit that fits and was passed over; {taken} was taken.",
    )


def _quoted(parts: Sequence[str]) -> str:
    return ", ".join(f"“{part[:60]}”" for part in parts)


def _note_lost(work: Work, count: int) -> None:
    if count:
        work.notes.append(
            Note(
                "unit_ignored",
                f"{count} hàng có tên đơn vị không xác định được; tọa độ của hàng quyết định.",
                f"{count} rows name a unit that could not be told; their point decides.",
            )
        )


_AT_HOME = pyarrow.array(["VN", "Việt Nam", "Viet Nam", "Vietnam", "Trong nước", "Domestic", "vn"])
_HALF = CellError(
    "coordinate_missing",
    "Chỉ có một trong hai tọa độ. Hãy ghi đủ kinh độ và vĩ độ, hoặc bỏ trống cả hai.",
    "One of the two coordinates is missing. Give both, or neither.",
)
_LATITUDE = CellError(
    "latitude_range",
    "Vĩ độ phải từ -90 đến 90 (Việt Nam: 8 đến 24).",
    "A latitude lies between -90 and 90 (Vietnam: 8 to 24).",
)
_LONGITUDE = CellError(
    "longitude_range",
    "Kinh độ phải từ -180 đến 180 (Việt Nam: 102 đến 118).",
    "A longitude lies between -180 and 180 (Vietnam: 102 to 118).",
)
_ZERO = CellError(
    "coordinates_zero",
    "Tọa độ (0, 0) là giá trị trống của thiết bị. Hãy ghi tọa độ thật hoặc bỏ trống.",
    "(0, 0) is a device's empty value. Give the real point, or leave both empty.",
)
_NO_NUMBER = CellError(
    "coordinate_unreadable",
    "Đây không phải tọa độ. Hãy ghi độ thập phân, ví dụ 107,25 hoặc 107.25.",
    "This is not a coordinate. Write decimal degrees, such as 107.25.",
)
_NO_PLACE = CellError(
    "place_missing",
    "Hàng này không có vị trí. Hãy ghi kinh độ và vĩ độ, hoặc tên xã và tỉnh.",
    "This row has no place. Give longitude and latitude, or the commune and province.",
)
