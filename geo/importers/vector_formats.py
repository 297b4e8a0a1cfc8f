"""Readers of the five boundary formats, chosen by what a file is and not by what it is called.

Everything here runs in the sandbox's child. GDAL reads only GeoPackage, FlatGeobuf and Shapefile;
GeoJSON and GeoParquet go without it, because its drivers follow links that such files may hold.
"""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow.parquet
import pyogrio
import shapely

from geo.errors import InputError
from geo.importers.gdal_settings import gdal_settings
from geo.importers.shapefiles import choose_layer, unpack_shapefile

GDAL_DRIVERS = frozenset({"ESRI Shapefile", "FlatGeobuf", "GPKG"})
MOST_FEATURES = 200_000
_KNOWN_CRS_NAME = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{4,6})", re.IGNORECASE)
_LONGITUDE_FIRST = re.compile(r"urn:ogc:def:crs:OGC:[\d.]*:CRS84", re.IGNORECASE)
_VIRTUAL_TABLE = re.compile(
    r"CREATE\s+VIRTUAL\s+TABLE\s.*?\sUSING\s+(\w+)", re.IGNORECASE | re.DOTALL
)
_ENCODINGS = re.compile(r"[A-Za-z0-9 _-]{1,20}")

# From the names of a layer's fields to those that shall be read.
FieldChoice = Callable[[list[str]], list[str]]


@dataclass(frozen=True)
class RawLayer:
    """A layer as it was read: values by field, geometries in `crs` (None: not stated)."""

    values: dict[str, list[Any]]
    geometries: np.ndarray
    crs: str | None


def gdal_environment() -> dict[str, str]:
    """GDAL's settings for the child: no driver but three, no network, no neighbouring files."""
    skipped = set(pyogrio.list_drivers()) - GDAL_DRIVERS
    return gdal_settings(skipped, OGR_SQLITE_PRAGMA="trusted_schema=OFF")


def read_layer(path: Path, layer: str | None, choose: FieldChoice) -> RawLayer:
    """Read a layer of a file of any of the five formats.

    Raises:
        InputError: another format, several layers and none chosen, or contents that are refused.
    """
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"SQLite format 3\0"):
        return _read_geopackage(path.rename(path.with_suffix(".gpkg")), layer, choose)
    if head.startswith(b"fgb\x03"):
        return _read_gdal(path.rename(path.with_suffix(".fgb")), None, choose)
    if head.startswith(b"PAR1"):
        return _read_parquet(path, choose)
    if head.startswith(b"PK\x03\x04"):
        return _read_shapefile(path, layer, choose)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _read_geojson(path, choose)
    hint_vi, hint_en = "", ""
    if head.startswith(b"\x00\x00\x27\x0a"):
        hint_vi = " Đây là tệp .shp rời: hãy nén .shp, .shx, .dbf và .prj vào một tệp zip."
        hint_en = " This is a bare .shp: zip .shp, .shx, .dbf and .prj together."
    raise InputError(
        "format_not_supported",
        "Nội dung tệp không phải GeoPackage, FlatGeobuf, GeoJSON, GeoParquet hay Shapefile nén "
        f"zip (phần mở rộng của tên tệp không có ý nghĩa).{hint_vi}",
        "The file's contents are not GeoPackage, FlatGeobuf, GeoJSON, GeoParquet or a zipped "
        f"Shapefile (the extension of its name does not matter).{hint_en}",
    )


def _read_geopackage(path: Path, layer: str | None, choose: FieldChoice) -> RawLayer:
    # Immutable: no journal or write-ahead log beside the file is looked for.
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        schema = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        for kind, name, sql in schema:
            virtual = _VIRTUAL_TABLE.match(str(sql))
            if kind == "view" or (virtual and virtual[1].lower() != "rtree"):
                raise InputError(
                    "geopackage_view",
                    f"GeoPackage có khung nhìn hoặc bảng ảo “{name}”; chỉ chấp nhận bảng thường. "
                    "Hãy xuất lớp ra một GeoPackage mới.",
                    f"The GeoPackage has the view or virtual table “{name}”; only plain tables "
                    "are accepted. Export the layer to a new GeoPackage.",
                )
        tables = {name for kind, name, _ in schema if kind == "table"}
        features = "SELECT table_name FROM gpkg_contents WHERE data_type = 'features'"
        layers = [name for (name,) in database.execute(features) if name in tables]
    return _read_gdal(path, choose_layer(layers, layer), choose)


def _read_shapefile(path: Path, layer: str | None, choose: FieldChoice) -> RawLayer:
    shapefile = unpack_shapefile(path, layer)
    return _read_gdal(shapefile, None, choose, encoding=_encoding(shapefile.with_suffix(".cpg")))


def _encoding(declaration: Path) -> str:
    """What the .cpg says, or UTF-8: what Vietnamese offices and QGIS write today."""
    if not declaration.exists():
        return "UTF-8"
    text = declaration.read_bytes()[:100].decode("ascii", "replace").strip()
    if not _ENCODINGS.fullmatch(text):
        raise _bad_encoding()
    digits = text.lower().removeprefix("cp").removeprefix("windows-")
    return f"CP{digits}" if digits.isdigit() and len(digits) <= 4 else text


def _bad_encoding() -> InputError:
    return InputError(
        "encoding_unknown",
        "Không rõ bảng mã chữ của Shapefile. Hãy thêm vào tệp zip một tệp .cpg chỉ ghi tên bảng "
        "mã, ví dụ UTF-8 hoặc 1258, hoặc xuất lại bằng UTF-8.",
        "The encoding of the Shapefile's text is not known. Add to the zip a .cpg that holds its "
        "name alone, such as UTF-8 or 1258, or export it again in UTF-8.",
    )


def _read_gdal(
    path: Path, layer: str | None, choose: FieldChoice, encoding: str | None = None
) -> RawLayer:
    about = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
    _check_count(about["features"])
    chosen = choose([str(field) for field in about["fields"]])
    try:
        meta, _, wkb, values = pyogrio.raw.read(
            path, layer=layer, columns=chosen, encoding=encoding
        )
    except UnicodeDecodeError as error:
        if encoding is None:
            raise
        raise _bad_encoding() from error
    if wkb is None or len(wkb) != about["features"]:
        read = 0 if wkb is None else len(wkb)
        raise InputError(
            "file_truncated",
            f"Tệp khai báo {about['features']} đối tượng nhưng chỉ đọc được {read}: tệp bị cắt "
            "cụt. Hãy sao chép hoặc tải lại tệp.",
            f"The file states {about['features']} features but only {read} can be read: it was "
            "cut off. Copy or download it again.",
        )
    # GDAL gives the fields in the file's order, whatever order was asked for.
    columns = {str(f): list(v) for f, v in zip(meta["fields"], values, strict=True)}
    return RawLayer(columns, _from_wkb(wkb), about["crs"])


def _read_parquet(path: Path, choose: FieldChoice) -> RawLayer:
    file = pyarrow.parquet.ParquetFile(path)
    about = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"null"))
    column = about["primary_column"] if isinstance(about, dict) else None
    described = about["columns"][column] if column else {}
    if described.get("encoding") != "WKB":
        raise InputError(
            "parquet_without_geometry",
            "Tệp Parquet không có cột hình học GeoParquet mã hóa WKB. Hãy xuất lại dưới dạng "
            "GeoParquet 1.0 hoặc 1.1.",
            "The Parquet file has no GeoParquet geometry column in WKB. Export it again as "
            "GeoParquet 1.0 or 1.1.",
        )
    _check_count(file.metadata.num_rows)
    names = [name for name in file.schema_arrow.names if name != column]
    table = file.read(columns=[*choose(names), column], use_threads=False)
    values = {name: table[name].to_pylist() for name in table.column_names if name != column}
    crs = described.get("crs", "EPSG:4326")
    return RawLayer(
        values,
        _from_wkb(np.array(table[column].to_pylist(), dtype=object)),
        json.dumps(crs) if isinstance(crs, dict) else crs,
    )


def _read_geojson(path: Path, choose: FieldChoice) -> RawLayer:
    try:
        # The parser stops at 1,024 levels and refuses NaN and Infinity.
        document = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        if "memory" in str(error):
            raise MemoryError from error
        raise InputError(
            "json_not_valid",
            f"Tệp không phải JSON hợp lệ: {error}. NaN, Infinity và cấu trúc lồng quá sâu không "
            "được chấp nhận.",
            f"The file is not valid JSON: {error}. NaN, Infinity and too deep nesting are not "
            "accepted.",
        ) from error
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise InputError(
            "geojson_not_a_collection",
            f"GeoJSON phải là FeatureCollection, không phải “{str(document.get('type'))[:40]}”.",
            f"The GeoJSON must be a FeatureCollection, not “{str(document.get('type'))[:40]}”.",
        )
    _check_count(len(features))
    crs = _geojson_crs(document.get("crs"))
    rows = [item.get("properties") if isinstance(item, dict) else None for item in features]
    properties = [row if isinstance(row, dict) else {} for row in rows]
    chosen = choose(list(dict.fromkeys(name for row in properties for name in row)))
    values = {name: [row.get(name) for row in properties] for name in chosen}
    shapes = [_geojson_geometry(item, place) for place, item in enumerate(features, 1)]
    return RawLayer(values, np.array(shapes, dtype=object), crs)


def _geojson_geometry(feature: Any, place: int) -> shapely.Geometry | None:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if geometry is None:
        return None
    try:
        return shapely.from_geojson(orjson.dumps(geometry))
    except (shapely.errors.GEOSException, orjson.JSONEncodeError) as error:
        raise _bad_geometry(place, str(error)[:200]) from error


def _geojson_crs(member: Any) -> str:
    """The `crs` member of old GeoJSON: a well-known name is understood, a link never followed."""
    if member is None:
        return "EPSG:4326"
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and member.get("type") == "name":
        if _LONGITUDE_FIRST.fullmatch(name):
            return "EPSG:4326"
        if match := _KNOWN_CRS_NAME.fullmatch(name):
            return f"EPSG:{match[1]}"
    raise InputError(
        "geojson_crs_refused",
        "Thành phần “crs” của GeoJSON không phải tên EPSG quen thuộc (liên kết không được mở). "
        "Hãy xóa nó, hoặc ghi urn:ogc:def:crs:EPSG::….",
        "The GeoJSON's “crs” member is not a known EPSG name (links are never followed). Remove "
        "it, or write urn:ogc:def:crs:EPSG::….",
    )


def _from_wkb(wkb: np.ndarray) -> np.ndarray:
    geometries = shapely.from_wkb(wkb, on_invalid="ignore")
    for place, (source, geometry) in enumerate(zip(wkb, geometries, strict=True), 1):
        if geometry is None and source is not None:
            raise _bad_geometry(place, "WKB")
    return geometries


def _bad_geometry(place: int, reason: str) -> InputError:
    return InputError(
        "geometry_not_readable",
        f"Không đọc được hình học của đối tượng thứ {place} ({reason}). Hãy sửa hoặc xóa nó.",
        f"The geometry of feature {place} cannot be read ({reason}). Mend or remove it.",
        feature=place,
    )


def _check_count(features: int) -> None:
    if not 0 < features <= MOST_FEATURES:
        raise InputError(
            "feature_count",
            f"Lớp có {features} đối tượng; cần từ 1 đến {MOST_FEATURES}.",
            f"The layer has {features} features; 1 to {MOST_FEATURES} are expected.",
        )
