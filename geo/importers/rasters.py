"""GeoTIFFs of somebody else made into rasters of our own, and their figures by unit.

Both are read in the sandbox: the file that comes in, and the one made of it. Values become one band
of 32-bit floats without a value (NaN) where there is none; pictures become four bands of red,
green, blue and opacity. Either is a Cloud-Optimised GeoTIFF in the system of the file that came.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from pyproj import Transformer
from rasterio.shutil import copy

from geo.crs import STORAGE_CRS, equal_area_crs
from geo.errors import InputError
from geo.importers.gdal_settings import gdal_settings
from geo.importers.raster_checks import check_contents, check_kind, check_origin, place_of
from geo.importers.raster_contents import Extent, write_picture, write_values
from geo.importers.sandbox import MIB, Limits, run_sandboxed
from geo.importers.zonal import ZoneFigures, zone_figures

# A hundred million cells, the most there may be, take two minutes to be made smaller for all zooms.
LIMITS = Limits(
    input_bytes=2048 * MIB, cpu_seconds=400, wall_seconds=600, file_bytes=1024 * MIB, open_files=32
)
GDAL_DRIVERS = frozenset({"GTiff", "COG", "MEM"})
BLOCK = 512
_HEAD = 4  # bytes that tell how long the facts before the file are


@dataclass(frozen=True, slots=True)
class MadeRaster:
    """A file of our own, and what is known of it.

    `bounds` are west, south, east, north in degrees (EPSG:4326), `crs` is an EPSG code or a name.
    Of values `minimum` and `maximum` are the extremes, `low` and `high` the percentiles 2 and 98,
    between which colours are spread; of pictures they are None. `known` is the share of its cells
    that have a value. `nodata` is how the file that came marked the others.
    """

    content: bytes
    width: int
    height: int
    bands: int
    crs: str
    bounds: tuple[float, float, float, float]
    nodata: float | None
    minimum: float | None
    maximum: float | None
    low: float | None
    high: float | None
    known: float


def make_raster(
    path: Path, *, is_picture: bool, crs: str | None = None, limits: Limits = LIMITS
) -> MadeRaster:
    """Check a GeoTIFF and make one of our own of it, in the sandbox.

    Args:
        is_picture: whether its bands are colours and no values.
        crs: "EPSG:…", in place of what the file states.

    Raises:
        InputError: it is no GeoTIFF, states no place or one outside of Vietnam, has other bands
            than it must have, no value at all, or is too large.
    """
    answer = _run("parse", path, {"is_picture": is_picture, "crs": crs}, limits)
    length = int.from_bytes(answer[:_HEAD], "big")
    facts = json.loads(answer[_HEAD : _HEAD + length])
    facts["bounds"] = tuple(facts["bounds"])
    return MadeRaster(answer[_HEAD + length :], **facts)


def figures_by_zone(
    path: Path, zones: Mapping[str, shapely.Geometry], limits: Limits = LIMITS
) -> dict[str, ZoneFigures]:
    """Figures of a raster of values made by `make_raster`, by unit, of those that it has values of.

    Args:
        zones: areas in degrees (EPSG:4326) by code.
    """
    sent = {code: base64.b64encode(shapely.to_wkb(area)).decode() for code, area in zones.items()}
    found = json.loads(_run("measure", path, {"zones": sent}, limits))
    return {code: ZoneFigures(*values) for code, values in found.items()}


def _run(function: str, path: Path, arguments: Mapping[str, object], limits: Limits) -> bytes:
    try:
        return run_sandboxed(
            f"{__name__}:{function}",
            path,
            arguments=arguments,
            limits=limits,
            environment=_gdal_environment(),
        )
    except InputError as error:
        if error.code in {"file_too_slow", "file_too_heavy", "file_too_big"}:
            raise _too_much(error.code) from error
        raise


def _too_much(code: str) -> InputError:
    """What to do about a raster that costs too much; of vectors it would be something else."""
    return InputError(
        code,
        "Tệp ảnh quá lớn để xử lý nên đã dừng. Hãy cắt theo vùng cần dùng và giảm độ phân giải,"
        " ví dụ `gdalwarp -te 102 6 118 24 -te_srs EPSG:4326 -ts 4000 0 vào.tif ra.tif`.",
        "The raster costs too much to process and was stopped. Cut it to the region you need and"
        " lower its resolution, such as"
        " `gdalwarp -te 102 6 118 24 -te_srs EPSG:4326 -ts 4000 0 in.tif out.tif`.",
    )


def _gdal_environment() -> dict[str, str]:
    """GDAL's settings for the child: few drivers, no network, no neighbouring files."""
    with rasterio.Env() as environment:
        known = set(environment.drivers())
    return gdal_settings(known - GDAL_DRIVERS, GDAL_CACHEMAX="128")


def prepare() -> None:
    """In the child, while it may still read: make PROJ and GDAL open their databases."""
    with rasterio.Env() as environment:
        if surplus := set(environment.drivers()) - GDAL_DRIVERS:
            raise RuntimeError(f"GDAL drivers that should be off: {sorted(surplus)}")
    Transformer.from_crs(STORAGE_CRS, "EPSG:3405", always_xy=True).transform(105, 21)
    profile = {
        "driver": "GTiff", "width": 2, "height": 2, "count": 1, "dtype": "uint8",
        "transform": rasterio.Affine(1, 0, 500_000, 0, -1, 2_000_000),
    }  # fmt: skip
    for crs in (rasterio.CRS.from_epsg(3405), rasterio.CRS.from_wkt(equal_area_crs().to_wkt())):
        with rasterio.MemoryFile() as file, rasterio.MemoryFile() as made:
            with file.open(crs=crs, **profile) as sample:
                sample.write(np.zeros((1, 2, 2), np.uint8))
            copy(file.name, made.name, driver="COG")
            with made.open() as opened:
                opened.read()


def parse(path: Path, *, is_picture: bool, crs: str | None) -> bytes:
    """In the child: check a file and make ours; answers facts as JSON, then the file."""
    check_kind(path)
    plain, made = path.with_name("plain.tif"), path.with_name("made.tif")
    with rasterio.open(path, driver="GTiff") as source:
        check_contents(source, is_picture=is_picture)
        check_origin(source.tags())
        place = place_of(source, crs)
        profile = {
            "driver": "GTiff", "width": source.width, "height": source.height, "tiled": True,
            "blockxsize": BLOCK, "blockysize": BLOCK, "transform": source.transform,
            "crs": rasterio.CRS.from_wkt(place.crs.to_wkt()), "BIGTIFF": "IF_SAFER",
        }  # fmt: skip
        write = write_picture if is_picture else write_values
        extent = write(source, plain, profile)
        facts = _facts(source, extent) | {"crs": place.name, "bounds": place.bounds}
    copy(
        plain,
        made,
        driver="COG",
        BLOCKSIZE=BLOCK,
        COMPRESS="DEFLATE",
        PREDICTOR="YES",
        OVERVIEW_RESAMPLING="AVERAGE",
        BIGTIFF="IF_SAFER",
    )
    head = json.dumps(facts).encode()
    return len(head).to_bytes(_HEAD, "big") + head + made.read_bytes()


def _facts(source: Any, extent: Extent) -> dict[str, Any]:
    nodata = source.nodata
    return {
        "width": source.width,
        "height": source.height,
        "bands": source.count,
        # JSON has no NaN; what has no value is one in ours anyway.
        "nodata": None if nodata is None or not np.isfinite(nodata) else float(nodata),
        "minimum": extent.minimum,
        "maximum": extent.maximum,
        "low": extent.low,
        "high": extent.high,
        "known": extent.known,
    }


def measure(path: Path, *, zones: Mapping[str, str]) -> bytes:
    """In the child: figures by zone, as JSON."""
    areas = {code: shapely.from_wkb(base64.b64decode(wkb)) for code, wkb in zones.items()}
    with rasterio.open(path, driver="GTiff") as source:
        found = zone_figures(source, areas)
    return json.dumps({code: list(values) for code, values in found.items()}).encode()
