"""Boundary files to frames of units, read in the sandbox."""

import codecs
import json
import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas
import pyarrow
import pyarrow.ipc
import pyogrio
import shapely
from pyproj import CRS

from geo.boundaries.report import Finding, ValidationReport
from geo.boundaries.validation import CODE_WIDTH, validate
from geo.crs import STORAGE_CRS, candidate_crs, crs_of_file, parse_crs, reprojected
from geo.errors import InputError
from geo.importers.sandbox import DEFAULT_LIMITS, Limits, run_sandboxed
from geo.importers.vector_formats import GDAL_DRIVERS, RawLayer, gdal_environment, read_layer

OPTIONAL_TEXTS = ("full_name", "name_en", "unit_type", "parent_code")
OFFICIAL_AREA = "official_area_km2"
# Names in a zip and texts in a .dbf may be in these; Python loads each when it first meets it.
LATE_ENCODINGS = ("ascii", "latin-1", "cp437", "cp1252", "cp1258", "utf-16", "utf-16-le", "utf-32")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def read_boundaries(
    path: Path,
    *,
    level: str,
    code_field: str,
    name_field: str,
    optional_fields: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
) -> geopandas.GeoDataFrame:
    """Read the units of one level from a file, without judging them.

    GeoPackage, FlatGeobuf, GeoJSON, zipped Shapefile or GeoParquet, told by the contents.

    Args:
        level: province, district or commune; codes of digits that lost zeros get its width.
        optional_fields: from our names (full_name, name_en, unit_type, parent_code,
            official_area_km2) to the file's; a field of the same name is taken unasked.
        layer: needed only where a file has several.
        crs: "EPSG:…", in place of what the file states.

    Returns:
        Columns code, name, the optional ones that were found, and geometry in EPSG:4326 (as it
        was: perhaps null, invalid or no polygon; see validate). `attrs["notes"]` says what was
        changed on the way, as keyword arguments of Finding.

    Raises:
        InputError: the file, its fields or its CRS cannot be used.
    """
    request = _request(level, code_field, name_field, optional_fields, layer, crs)
    return _frame(_run(path, request, DEFAULT_LIMITS))


def check_boundaries(  # noqa: PLR0913 - the options of one command
    path: Path,
    *,
    edition: str,
    level: str,
    code_field: str,
    name_field: str,
    optional_fields: Mapping[str, str] | None = None,
    layer: str | None = None,
    crs: str | None = None,
    expected_codes: Collection[str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ValidationReport:
    """Read a file as read_boundaries does, and validate it, both inside the sandbox.

    A hostile polygon can make its repair cost more than its reading: here the limits hold for both.

    Raises:
        InputError: as read_boundaries.
    """
    request = _request(level, code_field, name_field, optional_fields, layer, crs)
    codes = None if expected_codes is None else sorted(expected_codes)
    checks = {"edition": edition, "level": level, "expected_codes": codes}
    table = _run(path, request | {"checks": checks}, limits)
    found = json.loads(table.schema.metadata[b"report"])
    errors, warnings = ([_finding(item) for item in found[kind]] for kind in ("errors", "warnings"))
    return ValidationReport(_frame(table), errors, warnings)


def prepare() -> None:
    """In the child, while it may still read: make PROJ and GDAL open their databases."""
    if surplus := set(pyogrio.list_drivers()) - GDAL_DRIVERS:
        raise RuntimeError(f"GDAL drivers that should be off: {sorted(surplus)}")
    sample = geopandas.GeoDataFrame(
        {"code": ["01"]}, geometry=[shapely.box(5e5, 2e6, 6e5, 2.1e6)], crs="EPSG:3405"
    )
    sample.to_crs(STORAGE_CRS)
    file = BytesIO()
    pyogrio.write_dataframe(sample, file, driver="FlatGeobuf")
    pyogrio.raw.read(file.getvalue())
    for encoding in LATE_ENCODINGS:
        codecs.lookup(encoding)


def parse(path: Path, **request: Any) -> bytes:
    """In the child: read, reproject, tidy and, if asked, validate a file; answer in Arrow."""
    columns = request["columns"]
    raw = read_layer(path, request["layer"], lambda fields: list(_chosen(fields, columns).values()))
    chosen = _chosen(list(raw.values), columns)
    notes: list[Finding] = []
    frame = geopandas.GeoDataFrame(
        {ours: _tidied(ours, raw.values[theirs]) for ours, theirs in chosen.items()},
        geometry=raw.geometries,
    )
    width = CODE_WIDTH[request["level"]]
    frame["code"] = _padded(frame["code"], width, "code", notes)
    if "parent_code" in frame:
        frame["parent_code"] = _padded(
            frame["parent_code"], _parent_width(frame["parent_code"]), "parent_code", notes
        )
    frame = reprojected(frame, _crs(raw, request["crs"]))
    frame.attrs["notes"] = [asdict(note) for note in notes]
    metadata = {"notes": frame.attrs["notes"]}
    if checks := request.get("checks"):
        report = validate(frame, **checks)
        frame = report.units
        metadata["report"] = {
            "errors": [asdict(finding) for finding in report.errors],
            "warnings": [asdict(finding) for finding in report.warnings],
        }
    return _arrow(frame, metadata)


def _request(
    level: str,
    code_field: str,
    name_field: str,
    optional_fields: Mapping[str, str] | None,
    layer: str | None,
    crs: str | None,
) -> dict[str, object]:
    if crs is not None:
        parse_crs(crs)
    columns = {"code": code_field, "name": name_field, **(optional_fields or {})}
    return {"level": level, "columns": columns, "layer": layer, "crs": crs}


def _run(path: Path, request: Mapping[str, object], limits: Limits) -> pyarrow.Table:
    answer = run_sandboxed(
        "geo.importers.vectors:parse",
        path,
        arguments=request,
        limits=limits,
        environment=gdal_environment(),
    )
    table = pyarrow.ipc.open_stream(answer).read_all()
    table.validate(full=True)
    return table


def _frame(table: pyarrow.Table) -> geopandas.GeoDataFrame:
    wkb = table["geometry"].to_numpy()
    with np.errstate(invalid="ignore"):  # NaN in a coordinate is for validation to report
        geometries = shapely.from_wkb(wkb)
    frame = geopandas.GeoDataFrame(
        {name: table[name].to_pandas() for name in table.column_names if name != "geometry"},
        geometry=geometries,
        crs=STORAGE_CRS,
    )
    frame.attrs["notes"] = json.loads(table.schema.metadata[b"notes"])
    return frame


def _finding(item: dict[str, Any]) -> Finding:
    place = item["place"]
    return Finding(
        item["code"],
        item["vi"],
        item["en"],
        tuple(item["units"]),
        None if place is None else (place[0], place[1]),
    )


def _arrow(frame: geopandas.GeoDataFrame, metadata: Mapping[str, object]) -> bytes:
    columns: dict[str, Any] = {
        name: pyarrow.array(
            frame[name].tolist(),
            type=pyarrow.float64() if name == OFFICIAL_AREA else pyarrow.string(),
            from_pandas=True,
        )
        for name in frame.columns
        if name != "geometry"
    }
    wkb = shapely.to_wkb(frame.geometry.to_numpy(), flavor="iso")
    columns["geometry"] = pyarrow.array(list(wkb), type=pyarrow.large_binary())
    table = pyarrow.table(columns).replace_schema_metadata(
        {name: json.dumps(value) for name, value in metadata.items()}
    )
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue().to_pybytes()


def _chosen(fields: list[str], columns: Mapping[str, str]) -> dict[str, str]:
    """From our column names to the file's fields."""
    missing = [theirs for theirs in columns.values() if theirs not in fields]
    if missing:
        there = ", ".join(fields[:60]) or "—"
        raise InputError(
            "field_not_found",
            f"Không có trường {', '.join(missing)} trong tệp. Các trường hiện có: {there}.",
            f"The file has no field {', '.join(missing)}. Its fields are: {there}.",
            missing=missing,
            fields=fields[:60],
        )
    same = {name: name for name in (*OPTIONAL_TEXTS, OFFICIAL_AREA) if name in fields}
    return same | dict(columns)


def _tidied(column: str, values: list[Any]) -> list[Any]:
    if column == OFFICIAL_AREA:
        return [_number(value) for value in values]
    return [_text(value) for value in values]


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _text(value: Any) -> str | None:
    """Text in NFC without control and direction characters; whole numbers without decimals."""
    if value is None or (isinstance(value, float | np.floating) and not math.isfinite(value)):
        return None
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    composed = unicodedata.normalize("NFC", str(value))
    seen = (" " if c.isspace() else c for c in composed)
    kept = "".join(c for c in seen if unicodedata.category(c) not in _UNSEEN)
    return " ".join(kept.split()) or None


def _padded(codes: pandas.Series, width: int, column: str, notes: list[Finding]) -> pandas.Series:
    """Give codes of digits back the zeros that a spreadsheet or a number field took."""
    short = codes.map(
        lambda code: (
            isinstance(code, str) and len(code) < width and re.fullmatch("[0-9]+", code) is not None
        )
    ).astype(bool)
    if not short.any():
        return codes
    examples = codes[short].head(3).tolist()
    shown = ", ".join(f"{code} → {code.zfill(width)}" for code in examples)
    notes.append(
        Finding(
            "code_padded",
            f"{int(short.sum())} mã ở cột {column} đã mất số 0 ở đầu và được bổ sung: {shown}.",
            f"{int(short.sum())} codes in {column} had lost leading zeros, put back: {shown}.",
        )
    )
    return codes.where(~short, codes.str.zfill(width))


def _parent_width(codes: pandas.Series) -> int:
    """Province codes have two digits, district codes three: the longest tells which these are."""
    longest = codes.dropna().map(len).max()
    return CODE_WIDTH["district" if pandas.notna(longest) and longest > 2 else "province"]


def _crs(raw: RawLayer, stated: str | None) -> CRS:
    if stated is not None:
        return parse_crs(stated)
    if raw.crs:
        return crs_of_file(raw.crs)
    coordinates = shapely.get_coordinates(raw.geometries)
    finite = coordinates[np.isfinite(coordinates).all(axis=1)]
    vi, en = "", ""
    candidates: list[tuple[str, str]] = []
    if len(finite):
        west, south = finite.min(axis=0)
        east, north = finite.max(axis=0)
        candidates = candidate_crs((west, south, east, north))
    if candidates:
        shown = ", ".join(f"--crs {code} ({name})" for code, name in candidates[:6])
        vi, en = f" Tọa độ phù hợp với: {shown}.", f" The coordinates would fit: {shown}."
    raise InputError(
        "crs_missing",
        f"Tệp không cho biết hệ tọa độ (Shapefile: thiếu tệp .prj). Hãy nêu bằng --crs EPSG:…{vi}",
        "The file does not state its coordinate reference system (a Shapefile: its .prj is "
        f"missing). State it with --crs EPSG:….{en}",
        candidates=[code for code, _ in candidates],
    )
