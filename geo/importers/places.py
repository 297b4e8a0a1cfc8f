"""Where the rows of a file say that something was: a point, a unit, or both."""

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.boundaries.names import Found, UnitNames
from geo.importers.cells import FORMULA, FORMULA_ERROR, CellError
from geo.importers.columns import Work, as_mask
from geo.importers.raw_tables import Note

STATED = ("stated_edition", "stated_level", "stated_code")
_NUMBER = r"^[+\-]?[0-9]{1,4}(?:[.,][0-9]{1,18})?$"
_PRECISION = {"commune": "commune", "district": "legacy_district", "province": "province"}
_EXPECTED_LEVEL = {2: "province", 3: "district", 5: "commune"}


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
                f"Kinh độ và vĩ độ bị đổi chỗ. Hãy ghi: kinh độ {lat[row]:g}, vĩ độ {lon[row]:g}.",
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
        formula = as_mask(pc.equal(work.cells[name], FORMULA))
        work.reject_where(bad & formula, name, FORMULA_ERROR)
        work.reject_where(bad & ~formula, name, _NO_NUMBER)
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
    parts = ("province", "district", "commune", *STATED)
    present = [name for name in parts if name in work.cells]
    nothing = pyarrow.nulls(work.count, pyarrow.string())
    if not present:
        if not has_point.all():
            _demand_place(work, has_point, np.zeros(work.count, bool))
        return dict.fromkeys(STATED, nothing)
    texts = [
        work.cells[name].fill_null("") if name in work.cells else nothing.fill_null("")
        for name in parts
    ]
    encoded = pc.binary_join_element_wise(*texts, "\x1f").dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    combinations = [key.split("\x1f") for key in encoded.dictionary.to_pylist()]
    found = [_look_up(names, *combination) for combination in combinations]
    lost = np.array([one.unit is None for one in found], bool)[codes]
    given = np.array([any(combination) for combination in combinations], bool)[codes]
    _demand_place(work, has_point, given)
    order = ("stated_code", "commune", "district", "province", *STATED)
    for row in np.flatnonzero(lost & given & ~has_point):
        where = next(name for name in order if work.value(int(row), name))
        code = codes[row]
        work.reject(int(row), where, _unit_error(found[code]), _said(combinations[code]))
    _note_lost(work, int((lost & given & has_point).sum()))
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


def _said(combination: list[str]) -> str:
    province, district, commune, _, _, code = combination
    return ", ".join(part for part in (commune, district, province, code) if part)


def _demand_place(work: Work, has_point: np.ndarray, given: np.ndarray) -> None:
    missing = ~has_point & ~given
    if "country" in work.cells:
        # A place abroad may be known by its country alone.
        missing &= as_mask(pc.is_in(work.cells["country"].fill_null("VN"), _AT_HOME))
    for row in np.flatnonzero(missing):
        if int(row) not in work.problems:
            work.reject(int(row), "commune" if "commune" in work.cells else "lon", _NO_PLACE)


def _unit_error(found: Found) -> CellError:
    if found.unknown:
        similar = " / ".join(found.candidates)
        return CellError(
            "unit_unknown",
            f"Không có đơn vị hành chính “{found.unknown[:80]}”."
            + (f" Có phải là: {similar}?" if similar else " Hãy kiểm tra tên, hoặc ghi tọa độ."),
            f"There is no administrative unit “{found.unknown[:80]}”."
            + (f" Did you mean: {similar}?" if similar else " Check the name, or give a point."),
        )
    if not found.candidates:
        return CellError(
            "unit_unknown",
            "Không tìm được đơn vị hành chính. Hãy ghi tên xã và tỉnh, hoặc tọa độ.",
            "The unit was not found. Give the names of the commune and province, or a point.",
        )
    choices = " / ".join(found.candidates)
    return CellError(
        "unit_ambiguous",
        f"Tên này có ở nhiều nơi: {choices}. Hãy ghi thêm tỉnh (hoặc huyện cũ), hoặc mã đơn vị.",
        f"Several units bear this name: {choices}. Add the province (or former district), "
        "or the unit's code.",
    )


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
