"""Makers of well-made boundary files, small and in every format; hostile_files damages them."""

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import pyarrow
import pyarrow.parquet
import shapely

UNITS = 12


def squares(count: int = UNITS) -> geopandas.GeoDataFrame:
    """Units that tile a strip of land at 105 E 16 N, two of them reaching for the archipelagos."""
    boxes = [shapely.box(105 + i / 10, 16, 105.1 + i / 10, 16.1) for i in range(count - 2)]
    boxes += [shapely.box(111.5, 16, 112, 16.5), shapely.box(114, 8, 115, 9)]
    codes = [f"{number:02d}" for number in range(1, count + 1)]
    names = [f"Tỉnh {code}" for code in codes]
    return geopandas.GeoDataFrame({"code": codes, "name": names}, geometry=boxes, crs="EPSG:4326")


def geojson(path: Path, features: list[Any], **members: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | members))
    return path


def feature(geometry: Any, code: str = "01") -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code, "name": "A"}, "geometry": geometry}


RING = [[105, 16], [106, 16], [106, 17], [105, 16]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


def shapefile_parts(directory: Path, crs: str = "EPSG:4326") -> dict[str, Path]:
    folder = directory / "parts"
    folder.mkdir(exist_ok=True)
    squares().to_crs(crs).to_file(folder / "units.shp", encoding="UTF-8")
    return {part.suffix: part for part in folder.iterdir()}


def zipped(path: Path, parts: dict[str, Path], *, without: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, part in parts.items():
            if suffix != without:
                archive.write(part, f"units{suffix}")
    return path


def geopackage(directory: Path, *statements: str) -> Path:
    path = directory / "units.gpkg"
    squares().to_file(path, layer="units")
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return path


def geoparquet(path: Path, wkb: list[bytes], crs: Any = None) -> Path:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": []}
    if crs is not None:
        column["crs"] = crs
    about = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    codes = [f"{number:02d}" for number in range(1, len(wkb) + 1)]
    table = pyarrow.table({"code": codes, "name": codes, "geometry": wkb})
    table = table.replace_schema_metadata({"geo": json.dumps(about)})
    pyarrow.parquet.write_table(table, path)
    return path
