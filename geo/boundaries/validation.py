"""Whether a set of administrative units is fit to become an edition's layer."""

import re
from collections.abc import Collection

import geopandas
import numpy as np
import pandas
import shapely

from geo.boundaries.geometry_checks import check_areas, check_geometries
from geo.boundaries.relation_checks import check_gaps, check_overlaps
from geo.boundaries.report import Finding, ValidationReport, listed

CODE_WIDTH = {"province": 2, "district": 3, "commune": 5}
EXPECTED_COUNTS = {
    ("2024", "province"): 63,
    ("2024", "district"): 696,
    ("2024", "commune"): 10_035,
    ("2025", "province"): 34,
    ("2025", "commune"): 3_321,
}
# With fewer of the expected codes than this, most of what is assigned now would be lost.
LEAST_SHARE = 0.98
# Units that make up the archipelagos; every national map shows them (communes of 2024 knew none
# in Hoàng Sa).
ARCHIPELAGO_CODES = {
    ("2025", "commune"): {"20333": "Hoàng Sa", "22736": "Trường Sa"},
    ("2024", "district"): {"498": "Hoàng Sa", "576": "Trường Sa"},
}
# West, south, east, north, in degrees.
ARCHIPELAGOS = {
    "Hoàng Sa": shapely.box(110.5, 15.3, 113.2, 17.5),
    "Trường Sa": shapely.box(111.0, 6.0, 118.0, 12.0),
}


def validate(
    units: geopandas.GeoDataFrame,
    *,
    edition: str,
    level: str,
    expected_codes: Collection[str] | None = None,
    expected_count: int | None = None,
) -> ValidationReport:
    """Check units of one level and repair what can be repaired without moving a boundary.

    An import that has less than 98 % of the expected codes is refused: swapping it in would take
    the units away from the records in the rest. There is no way round that, nor round missing
    archipelagos; smaller differences are warnings.

    Args:
        units: columns code, name (text) and geometry in EPSG:4326, official_area_km2 (or not);
            further columns pass through.
            `attrs["notes"]` of the reader become warnings. The frame is not changed.
        expected_codes: the codes of the layer that is in force, where they are known.
        expected_count: how many units there should be, by default EXPECTED_COUNTS.

    Returns:
        The report, with the units as they would be stored.
    """
    checked = units.reset_index(drop=True)
    report = ValidationReport(checked)
    report.warnings += [Finding(**note) for note in units.attrs.get("notes", [])]
    codes = [str(code) if pandas.notna(code) else "" for code in checked["code"]]
    if expected_count is None:
        expected_count = EXPECTED_COUNTS.get((edition, level))
    _check_codes(report, codes, level)
    _check_names(report, codes)
    _check_completeness(report, codes, expected_codes, expected_count)
    geometries, usable = check_geometries(report, codes, checked.geometry.to_numpy())
    report.units = checked.set_geometry(
        geopandas.GeoSeries(geometries, index=checked.index, crs=checked.crs)
    )
    _check_archipelagos(report, codes, geometries[usable], (edition, level))
    kept = np.array(codes, dtype=object)[usable]
    if "official_area_km2" in checked:
        check_areas(
            report, kept, geometries[usable], checked["official_area_km2"].to_numpy(float)[usable]
        )
    check_overlaps(report, kept, geometries[usable])
    check_gaps(report, kept, geometries[usable])
    return report


def _check_codes(report: ValidationReport, codes: list[str], level: str) -> None:
    width = CODE_WIDTH[level]
    wrong = [code or "∅" for code in codes if not re.fullmatch(rf"[0-9]{{{width}}}", code)]
    if wrong:
        report.errors.append(
            Finding(
                "code_malformed",
                f"{len(wrong)} mã không gồm đúng {width} chữ số: {listed(wrong)}. Hãy kiểm tra "
                "--code-field.",
                f"{len(wrong)} codes are not {width} digits: {listed(wrong)}. Check --code-field.",
                tuple(wrong),
            )
        )
    counts = pandas.Series(codes).value_counts()
    twice = sorted(code for code in counts.index[counts > 1] if code)
    if twice:
        report.errors.append(
            Finding(
                "code_duplicate",
                f"{len(twice)} mã xuất hiện nhiều lần: {listed(twice)}. Hãy gộp các phần của một "
                "đơn vị thành một đối tượng.",
                f"{len(twice)} codes occur more than once: {listed(twice)}. Merge the parts of a "
                "unit into one feature.",
                tuple(twice),
            )
        )


def _check_names(report: ValidationReport, codes: list[str]) -> None:
    names = report.units["name"].fillna("").astype(str).str.strip()
    nameless = [code for code, name in zip(codes, names, strict=True) if not name]
    if nameless:
        report.errors.append(
            Finding(
                "name_missing",
                f"{len(nameless)} đơn vị không có tên: {listed(nameless)}. Hãy kiểm tra "
                "--name-field.",
                f"{len(nameless)} units have no name: {listed(nameless)}. Check --name-field.",
                tuple(nameless),
            )
        )


def _check_completeness(
    report: ValidationReport,
    codes: list[str],
    expected_codes: Collection[str] | None,
    expected_count: int | None,
) -> None:
    present = {code for code in codes if code}
    if expected_codes is not None:
        missing = sorted(set(expected_codes) - present)
        unknown = sorted(present - set(expected_codes))
        expected_count = len(set(expected_codes))
        _add_unknown(report, unknown, len(present))
    elif expected_count is not None:
        missing, unknown = [], []
    else:
        return
    lacking = len(missing) if expected_codes is not None else expected_count - len(present)
    if lacking > 0:
        _add_missing(report, missing, lacking, expected_count)
    elif lacking < 0:
        report.warnings.append(
            Finding(
                "units_surplus",
                f"Có {len(present)} đơn vị, nhiều hơn {expected_count} đơn vị dự kiến.",
                f"There are {len(present)} units, more than the {expected_count} expected.",
            )
        )


def _add_missing(
    report: ValidationReport, missing: list[str], lacking: int, expected_count: int
) -> None:
    refused = expected_count - lacking < LEAST_SHARE * expected_count
    which = f": {listed(missing)}" if missing else ""
    mend_vi, mend_en = "", ""
    if refused:
        mend_vi = (
            " Tập đơn vị không đầy đủ sẽ làm mất phân công của hồ sơ, nên không được nhập. Hãy gộp "
            "tệp này với các tệp còn thiếu (ví dụ bằng QGIS) rồi nhập toàn bộ một lần."
        )
        mend_en = (
            " An incomplete set would leave records without their units, so it is not imported. "
            "Merge this file with those that are missing (for instance in QGIS) and import all "
            "of them at once."
        )
    finding = Finding(
        "units_missing",
        f"Thiếu {lacking} trong {expected_count} đơn vị dự kiến{which}.{mend_vi}",
        f"{lacking} of the {expected_count} expected units are missing{which}.{mend_en}",
        tuple(missing),
    )
    (report.errors if refused else report.warnings).append(finding)


def _add_unknown(report: ValidationReport, unknown: list[str], present: int) -> None:
    if not unknown:
        return
    finding = Finding(
        "code_unknown",
        f"{len(unknown)} mã không có trong danh mục của phiên bản này: {listed(unknown)}. Hãy "
        "kiểm tra --edition, --level và --code-field.",
        f"{len(unknown)} codes are not in this edition's list: {listed(unknown)}. Check --edition, "
        "--level and --code-field.",
        tuple(unknown),
    )
    # A few new codes come with every reform; many mean another edition, level or field.
    many = len(unknown) > (1 - LEAST_SHARE) * present
    (report.errors if many else report.warnings).append(finding)


def _check_archipelagos(
    report: ValidationReport, codes: list[str], geometries: np.ndarray, layer: tuple[str, str]
) -> None:
    missing: dict[str, str] = {}
    for code, name in ARCHIPELAGO_CODES.get(layer, {}).items():
        if code not in codes:
            missing[name] = code
    for name, box in ARCHIPELAGOS.items():
        if layer == ("2024", "commune") and name == "Hoàng Sa":
            continue
        if not shapely.intersects(geometries, box).any():
            missing.setdefault(name, "")
    for name, code in missing.items():
        vi = f" (mã {code})" if code else ""
        en = f" (code {code})" if code else ""
        report.errors.append(
            Finding(
                "archipelago_missing",
                f"Thiếu {name}{vi}. Mọi bản đồ toàn quốc phải có Hoàng Sa và Trường Sa; hãy bổ "
                "sung vào tệp.",
                f"{name}{en} is missing. Every national map must show Hoàng Sa and Trường Sa; "
                "add it to the file.",
                (code,) if code else (),
            )
        )
