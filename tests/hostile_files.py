"""Makers of boundary files that lie, break or attack, each with the error it must meet.

A canary is a secret file and the address of a server on the loopback: no reader may open either.
"""

import sqlite3
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import shapely

from tests.boundary_files import (
    POLYGON,
    RING,
    feature,
    geojson,
    geopackage,
    geoparquet,
    shapefile_parts,
    squares,
    zipped,
)


@dataclass(frozen=True)
class Canary:
    """What a hostile file tries to reach."""

    secret: Path
    url: str


Maker = Callable[[Path, Canary], Path]
# Name -> maker and the codes of the errors of which one must come.
HOSTILE: dict[str, tuple[Maker, set[str]]] = {}


def hostile(*codes: str) -> Callable[[Maker], Maker]:
    def register(maker: Maker) -> Maker:
        HOSTILE[maker.__name__] = (maker, set(codes))
        return maker

    return register


def vrt(source: str) -> str:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="units"><SrcDataSource>{source}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )


@hostile("format_not_supported")
def vrt_named_geojson(directory: Path, canary: Canary) -> Path:
    path = directory / "units.geojson"
    path.write_text(vrt(str(canary.secret)))
    return path


@hostile("format_not_supported")
def vrt_to_network_named_fgb(directory: Path, canary: Canary) -> Path:
    path = directory / "units.fgb"
    path.write_text(vrt(f"/vsicurl/{canary.url}/units.fgb"))
    return path


@hostile("file_unreadable")
def vrt_inside_shapefile_zip(directory: Path, canary: Canary) -> Path:
    parts = shapefile_parts(directory)
    parts[".shp"].write_text(vrt(str(canary.secret)))
    return zipped(directory / "units.zip", parts)


@hostile("file_unreadable")
def vrt_behind_fgb_magic(directory: Path, canary: Canary) -> Path:
    path = directory / "units.fgb"
    path.write_bytes(b"fgb\x03fgb\x00" + vrt(str(canary.secret)).encode())
    return path


@hostile("zip_unsafe")
def zip_slip(directory: Path, canary: Canary) -> Path:
    path = zipped(directory / "units.zip", shapefile_parts(directory))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../escaped.shp", b"x")
    return path


@hostile("zip_unsafe")
def zip_absolute_path(directory: Path, canary: Canary) -> Path:
    path = directory / "units.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(str(directory / "escaped.shp"), b"x")
    return path


@hostile("zip_unsafe")
def zip_symlink(directory: Path, canary: Canary) -> Path:
    path = zipped(directory / "units.zip", shapefile_parts(directory), without=".dbf")
    link = zipfile.ZipInfo("units.dbf")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, str(canary.secret))
    return path


@hostile("zip_unsafe")
def zip_bomb(directory: Path, canary: Canary) -> Path:
    path = zipped(directory / "units.zip", shapefile_parts(directory), without=".dbf")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("units.dbf", bytes(40_000_000))
    return path


@hostile("file_unreadable")
def zip_that_understates_its_size(directory: Path, canary: Canary) -> Path:
    path = zip_bomb(directory, canary)
    data = path.read_bytes().replace(struct.pack("<I", 40_000_000), struct.pack("<I", 1_000))
    path.write_bytes(data)
    return path


@hostile("zip_unsafe")
def zip_of_many_entries(directory: Path, canary: Canary) -> Path:
    path = zipped(directory / "units.zip", shapefile_parts(directory))
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(1_001):
            archive.writestr(f"{number}.txt", b"")
    return path


@hostile("crs_missing")
def shapefile_without_prj(directory: Path, canary: Canary) -> Path:
    return zipped(directory / "units.zip", shapefile_parts(directory), without=".prj")


@hostile("shapefile_part_missing")
def shapefile_without_dbf(directory: Path, canary: Canary) -> Path:
    return zipped(directory / "units.zip", shapefile_parts(directory), without=".dbf")


@hostile("encoding_unknown")
def shapefile_with_utf16_cpg(directory: Path, canary: Canary) -> Path:
    parts = shapefile_parts(directory)
    parts[".cpg"].write_bytes("UTF-16".encode("utf-16"))
    return zipped(directory / "units.zip", parts)


@hostile("crs_missing", "crs_not_usable")
def shapefile_whose_prj_is_a_link(directory: Path, canary: Canary) -> Path:
    parts = shapefile_parts(directory)
    parts[".prj"].write_text(f"{canary.url}/crs.prj")
    return zipped(directory / "units.zip", parts)


@hostile("zip_without_shapefile")
def spreadsheet_named_zip(directory: Path, canary: Canary) -> Path:
    path = directory / "units.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return path


@hostile("format_not_supported")
def bare_shp(directory: Path, canary: Canary) -> Path:
    return shapefile_parts(directory)[".shp"]


@hostile("geometry_invalid")
def bow_tie(directory: Path, canary: Canary) -> Path:
    ring = [[105, 16], [106, 17], [106, 16], [105, 17], [105, 16]]
    return geojson(directory / "a.json", [feature({"type": "Polygon", "coordinates": [ring]})])


@hostile("code_duplicate")
def duplicate_units(directory: Path, canary: Canary) -> Path:
    return geojson(directory / "a.json", [feature(POLYGON), feature(POLYGON)])


@hostile("axes_swapped")
def swapped_axes(directory: Path, canary: Canary) -> Path:
    ring = [[y, x] for x, y in RING]
    return geojson(directory / "a.json", [feature({"type": "Polygon", "coordinates": [ring]})])


@hostile("not_degrees")
def metres_without_crs(directory: Path, canary: Canary) -> Path:
    ring = [[500_000 + x, 1_800_000 + y] for x, y in RING]
    return geojson(directory / "a.json", [feature({"type": "Polygon", "coordinates": [ring]})])


@hostile("outside_vietnam")
def latitude_beyond_the_pole(directory: Path, canary: Canary) -> Path:
    ring = [[105, 16], [106, 16], [106, 91], [105, 16]]
    return geojson(directory / "a.json", [feature({"type": "Polygon", "coordinates": [ring]})])


@hostile("geometry_not_polygon")
def points(directory: Path, canary: Canary) -> Path:
    return geojson(directory / "a.json", [feature({"type": "Point", "coordinates": [105, 16]})])


@hostile("geometry_empty")
def null_geometry(directory: Path, canary: Canary) -> Path:
    return geojson(directory / "a.json", [feature(None)])


@hostile("json_not_valid")
def nan_in_geojson(directory: Path, canary: Canary) -> Path:
    path = geojson(directory / "a.json", [feature(POLYGON)])
    path.write_text(path.read_text().replace("106", "NaN", 1))
    return path


@hostile("json_not_valid")
def infinity_by_exponent(directory: Path, canary: Canary) -> Path:
    path = geojson(directory / "a.json", [feature(POLYGON)])
    path.write_text(path.read_text().replace("106", "1e400", 1))
    return path


@hostile("coordinate_not_finite")
def nan_in_geoparquet(directory: Path, canary: Canary) -> Path:
    ring = np.array([*RING[:2], [np.nan, 17.0], RING[0]], dtype=float)
    return geoparquet(directory / "a.parquet", [shapely.to_wkb(shapely.polygons(ring))])


@hostile("json_not_valid")
def nested_geojson(directory: Path, canary: Canary) -> Path:
    path = directory / "a.json"
    path.write_text('{"type":' + "[" * 100_000 + "]" * 100_000 + "}")
    return path


@hostile("geojson_crs_refused")
def geojson_crs_link(directory: Path, canary: Canary) -> Path:
    link = {"type": "link", "properties": {"href": f"{canary.url}/crs", "type": "proj4"}}
    return geojson(directory / "a.json", [feature(POLYGON)], crs=link)


@hostile("geojson_crs_refused")
def geojson_crs_name_is_a_link(directory: Path, canary: Canary) -> Path:
    name = {"type": "name", "properties": {"name": f"{canary.url}/crs"}}
    return geojson(directory / "a.json", [feature(POLYGON)], crs=name)


@hostile("geojson_not_a_collection")
def topojson(directory: Path, canary: Canary) -> Path:
    path = directory / "a.json"
    path.write_text('{"type": "Topology", "objects": {}, "arcs": []}')
    return path


@hostile("geometry_not_readable")
def ring_of_text(directory: Path, canary: Canary) -> Path:
    ring = {"type": "Polygon", "coordinates": [[["a", 1], ["b", 2], ["c", 3], ["a", 1]]]}
    return geojson(directory / "a.json", [feature(ring)])


@hostile("geopackage_view")
def geopackage_endless_view(directory: Path, canary: Canary) -> Path:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    return geopackage(
        directory,
        f"CREATE VIEW endless AS {endless}",
        "INSERT INTO gpkg_contents (table_name, data_type, srs_id) "
        "VALUES ('endless', 'features', 4326)",
    )


@hostile("geopackage_view")
def geopackage_contents_as_view(directory: Path, canary: Canary) -> Path:
    return geopackage(
        directory,
        "ALTER TABLE gpkg_contents RENAME TO hidden",
        "CREATE VIEW gpkg_contents AS SELECT * FROM hidden",
    )


@hostile("geopackage_view")
def geopackage_virtual_table(directory: Path, canary: Canary) -> Path:
    return geopackage(directory, "CREATE VIRTUAL TABLE words USING fts5(text)")


@hostile("file_unreadable")
def plain_database(directory: Path, canary: Canary) -> Path:
    path = directory / "units.gpkg"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE units (code TEXT)")
    database.close()
    return path


@hostile("geometry_not_readable")
def vertices_claimed_by_the_billion(directory: Path, canary: Canary) -> Path:
    claim = struct.pack("<BIII", 1, 3, 1, 0x7FFFFFFF)
    return geoparquet(directory / "a.parquet", [claim])


@hostile("geometry_not_readable", "file_unreadable")
def collections_nested_in_wkb(directory: Path, canary: Canary) -> Path:
    nested = struct.pack("<BII", 1, 7, 1) * 200_000 + struct.pack("<BII", 1, 7, 0)
    return geoparquet(directory / "a.parquet", [nested])


@hostile("crs_not_usable")
def geoparquet_whose_crs_is_a_link(directory: Path, canary: Canary) -> Path:
    return geoparquet(
        directory / "a.parquet", [shapely.to_wkb(shapely.box(105, 16, 106, 17))], canary.url
    )


@hostile("feature_count")
def geoparquet_of_many_rows(directory: Path, canary: Canary) -> Path:
    return geoparquet(directory / "a.parquet", [b""] * 200_001)


@hostile("parquet_without_geometry")
def parquet_without_geometry(directory: Path, canary: Canary) -> Path:
    path = directory / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"code": ["01"], "name": ["A"]}), path)
    return path


def _truncated(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


@hostile("file_truncated", "file_unreadable")
def truncated_flatgeobuf(directory: Path, canary: Canary) -> Path:
    path = directory / "a.fgb"
    squares().to_file(path)
    return _truncated(path, 0.8)


@hostile("file_unreadable")
def truncated_geopackage(directory: Path, canary: Canary) -> Path:
    return _truncated(geopackage(directory), 0.3)


@hostile("file_unreadable")
def truncated_zip(directory: Path, canary: Canary) -> Path:
    return _truncated(zipped(directory / "a.zip", shapefile_parts(directory)), 0.6)


@hostile("file_unreadable")
def truncated_geoparquet(directory: Path, canary: Canary) -> Path:
    return _truncated(geoparquet(directory / "a.parquet", [b""]), 0.7)


@hostile("file_empty")
def empty_file(directory: Path, canary: Canary) -> Path:
    path = directory / "a.gpkg"
    path.touch()
    return path


@hostile("not_a_file")
def folder(directory: Path, canary: Canary) -> Path:
    return directory


@hostile("not_a_file")
def device(directory: Path, canary: Canary) -> Path:
    return Path("/dev/zero")


@hostile("file_not_readable")
def absent(directory: Path, canary: Canary) -> Path:
    return directory / "absent.fgb"
