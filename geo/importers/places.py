"""Where the rows of a file say that something was: a point, a unit, or both."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow
import pyarrow.compute as pc

from geo.boundaries.names import Found, UnitNames
from geo.importers.cells import CellError
from geo.importers.columns import Work, as_mask
from geo.importers.degrees import coordinates
from geo.importers.raw_tables import Note
from geo.importers.warnings import Remark

STATED = ("stated_edition", "stated_level", "stated_code")
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
    work: Work, names: UnitNames, precision: pyarrow.Array | None, accuracy: pyarrow.Array | None
) -> dict[str, pyarrow.Array]:
    """lon, lat, accuracy_m, stated_edition, stated_level, stated_code and precision of all rows."""
    lon, lat = coordinates(work)
    has_point = ~np.isnan(lon)
    said = _said(work, names, has_point)
    _settle(work, names, has_point, said)
    stated = _stated(work, said)
    default = pc.if_else(pyarrow.array(has_point), "exact", _precision_of(stated["stated_level"]))
    read = _points_of_words(said, lon, lat)
    given = [one for one in (precision, read.get("precision"), default) if one is not None]
    doubt = [one for one in (accuracy, read.get("accuracy_m")) if one is not None]
    return {
        "lon": pyarrow.array(lon, pyarrow.float64(), from_pandas=True),
        "lat": pyarrow.array(lat, pyarrow.float64(), from_pandas=True),
        **stated,
        **({"accuracy_m": pc.coalesce(*doubt)} if doubt else {}),
        "precision": pc.coalesce(*given).fill_null("country"),
    }


def _points_of_words(
    said: _Said | None, lon: np.ndarray, lat: np.ndarray
) -> dict[str, pyarrow.Array]:
    """Puts the points that words mean into `lon` and `lat`; precision and accuracy_m of these."""
    points = [one.point for one in said.found] if said else []
    if said is None or not any(points):
        return {}
    meant = np.array([point or (np.nan, np.nan) for point in points])[said.codes]
    rows = np.isnan(lon) & ~np.isnan(meant[:, 0])
    lon[rows], lat[rows] = meant[rows, 0], meant[rows, 1]
    codes = pyarrow.array(said.codes, mask=~rows)
    precision = pyarrow.array([one.precision for one in said.found], pyarrow.string())
    accuracy = pyarrow.array([one.accuracy_m for one in said.found], pyarrow.float64())
    return {"precision": precision.take(codes), "accuracy_m": accuracy.take(codes)}


def _precision_of(level: pyarrow.Array) -> pyarrow.Array:
    encoded = level.dictionary_encode()
    mapped = [_PRECISION[name] for name in encoded.dictionary.to_pylist()]
    return pyarrow.array(mapped, pyarrow.string()).take(encoded.indices)


def _said(work: Work, names: UnitNames, has_point: np.ndarray) -> _Said | None:
    """What rows say of their unit, each distinct combination of names looked up once."""
    keys = _combined_names(work, has_point, is_read=names.reads_words)
    if keys is None:
        return None
    encoded = keys.dictionary_encode()
    combinations = [key.split("\x1f") for key in encoded.dictionary.to_pylist()]
    words = [one[-1] for one in combinations if len(one) > len(NAMING)]
    read = iter(names.find_described(words))
    found = [
        next(read) if len(one) > len(NAMING) else _look_up(names, *one) for one in combinations
    ]
    return _Said(encoded.indices.to_numpy(zero_copy_only=False), combinations, found)


def _settle(work: Work, names: UnitNames, has_point: np.ndarray, said: _Said | None) -> None:
    """Reject rows that no place is known of, and remark on what words were taken for."""
    if said is None:
        _demand_place(work, has_point, np.zeros(work.count, bool))
        return
    lost = np.array([not one.is_known for one in said.found], bool)[said.codes]
    given = np.array([any(combination) for combination in said.combinations], bool)[said.codes]
    _demand_place(work, has_point, given)
    _reject_lost(work, names, np.flatnonzero(lost & given & ~has_point), said)
    _note_lost(work, int((lost & given & has_point).sum()))
    _remark_on_taken(work, names, said)


def _stated(work: Work, said: _Said | None) -> dict[str, pyarrow.Array]:
    if said is None:
        return dict.fromkeys(STATED, pyarrow.nulls(work.count, pyarrow.string()))
    units = [one.unit for one in said.found]
    columns = (
        [unit and unit.edition for unit in units],
        [unit and unit.level for unit in units],
        [unit and unit.code for unit in units],
    )
    return {
        name: pyarrow.array(values, pyarrow.string()).take(pyarrow.array(said.codes))
        for name, values in zip(STATED, columns, strict=True)
    }


def _combined_names(work: Work, has_point: np.ndarray, *, is_read: bool) -> pyarrow.Array | None:
    """All that a row says of its unit as one text; null where no column says anything.

    The description of the place counts only where it is all there is.

    Args:
        is_read: whether anybody reads descriptions.
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
    words = work.cells["place_text"].fill_null("")
    alone = pc.and_(pyarrow.array(~has_point & _at_home(work)), pc.equal(keys, _NOTHING))
    described_by = pc.binary_join_element_wise(keys, words, "\x1f")
    return pc.if_else(pc.and_(alone, pc.not_equal(words, "")), described_by, keys)


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
    if found.reason:
        return CellError("place_unsure", *found.reason)
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
    described = [one.is_known and said.is_described(at) for at, one in enumerate(said.found)]
    left_out = [one.is_known and bool(one.left_out) for one in said.found]

    def explain_left_out(row: int) -> tuple[str, str]:
        return passed_over(names, said.found[said.codes[row]])

    def explain_described(row: int) -> tuple[str, str]:
        code = said.codes[row]
        return _described(names, said.found[code], said.text(code))

    for kind, chosen, explain in (
        ("unit_partly_read", left_out, explain_left_out),
        ("place_described", described, explain_described),
    ):
        if any(chosen):
            rows = np.flatnonzero(np.array(chosen, bool)[said.codes])
            work.remarks.append(Remark(kind, rows, explain))


def _described(names: UnitNames, found: Found, words: str) -> tuple[str, str]:
    """Which place words were taken for, and what of them did not fit."""
    longitude, latitude = found.point or (0.0, 0.0)
    taken = names.described(found.unit) if found.unit else f"{latitude:.5f}; {longitude:.5f}"
    vi = [f"Vị trí lấy từ phần mô tả “{words[:120]}”: {taken}.", *(vi for vi, _ in found.remarks)]
    en = [f"The place was taken from the words “{words[:120]}”: {taken}."]
    return " ".join(vi), " ".join([*en, *(en for _, en in found.remarks)])


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
_NO_PLACE = CellError(
    "place_missing",
    "Hàng này không có vị trí. Hãy ghi kinh độ và vĩ độ, hoặc tên xã và tỉnh.",
    "This row has no place. Give longitude and latitude, or the commune and province.",
)
