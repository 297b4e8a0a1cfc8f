"""What a GeoTIFF must be before a cell of it is read, and where it lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pyproj import CRS, Transformer
from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

from geo.crs import STORAGE_CRS, VIETNAM_BOUNDS, candidate_crs, crs_of_file, parse_crs
from geo.errors import InputError

MOST_CELLS = 100_000_000
# A tile or strip is unpacked as a whole, however little of it is asked for.
MOST_IN_BLOCK = 2**26
MOST_BANDS = 16
_TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_STEPS = 21
_WARP = "gdalwarp -t_srs EPSG:4326"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a raster lies: `bounds` are west, south, east, north in degrees (EPSG:4326)."""

    crs: CRS
    name: str
    bounds: tuple[float, float, float, float]


def check_kind(path: Path) -> None:
    """Refuse what is no TIFF by its first bytes, whatever it is called.

    Raises:
        InputError: it is none.
    """
    with path.open("rb") as file:
        if file.read(4) not in _TIFF_HEADS:
            raise InputError(
                "raster_format",
                "Nội dung tệp không phải GeoTIFF (phần mở rộng của tên tệp không có ý nghĩa). Hãy"
                " xuất lại từ QGIS: Raster > Xuất > GeoTIFF.",
                "The file's contents are no GeoTIFF (the extension of its name does not matter)."
                " Export it from QGIS: Raster > Save as > GeoTIFF.",
            )


def check_contents(source: DatasetReader, *, is_picture: bool) -> None:
    """Refuse what is too large to read, or has other bands than it must have.

    Raises:
        InputError: it is, or has.
    """
    _check_size(source)
    if any(kind.startswith("complex") for kind in source.dtypes):
        raise InputError(
            "raster_type",
            "Tệp chứa số phức; bản đồ không vẽ được. Hãy tính giá trị thực trước, ví dụ bằng"
            " gdal_calc.",
            "The file holds complex numbers, which no map can show. Compute real values first, such"
            " as with gdal_calc.",
        )
    has_palette = source.colorinterp[0] == ColorInterp.palette
    if is_picture:
        _check_picture(source.count, has_palette=has_palette)
    elif has_palette:
        raise InputError(
            "raster_palette",
            "Tệp có bảng màu: các số là thứ tự màu, không phải giá trị đo được. Hãy nạp với kiểu"
            " imagery, hoặc nạp tệp gốc chứa giá trị.",
            "The file has a palette: its numbers name colours and measure nothing. Import it with"
            " the style imagery, or import the original with the values.",
        )
    elif source.count != 1:
        raise InputError(
            "raster_bands",
            f"Tệp có {source.count} kênh; kiểu này cần đúng một kênh giá trị. Hãy tách kênh bằng"
            " `gdal_translate -b 1 vào.tif ra.tif`, hoặc nạp ảnh màu với kiểu imagery.",
            f"The file has {source.count} bands; this style takes exactly one band of values. Take"
            " one by `gdal_translate -b 1 in.tif out.tif`, or import colours with the style"
            " imagery.",
            bands=source.count,
        )


def _check_picture(bands: int, *, has_palette: bool) -> None:
    if not (has_palette or bands == 1 or 3 <= bands <= MOST_BANDS):
        raise InputError(
            "raster_bands",
            f"Ảnh có {bands} kênh; cần 3 kênh đỏ, lục, lam (thêm kênh trong suốt nếu có), 1 kênh"
            " xám, hoặc bảng màu. Hãy chọn kênh bằng"
            " `gdal_translate -b 3 -b 2 -b 1 vào.tif ra.tif`.",
            f"The picture has {bands} bands; 3 of red, green and blue (and one of opacity), 1 of"
            " grey, or a palette are needed. Choose them by"
            " `gdal_translate -b 3 -b 2 -b 1 in.tif out.tif`.",
            bands=bands,
        )


def check_origin(tags: Mapping[str, str]) -> None:
    """Refuse a density of ours: counts of others' units could be calculated back from it.

    A file that lost its tags on the way is not known again.

    Args:
        tags: of the file; see geo.pipeline.density_raster.

    Raises:
        InputError: it is one.
    """
    if "BIENMAP_SMALLEST_COUNT" in tags:
        raise InputError(
            "raster_density",
            "Đây là bản đồ mật độ vụ việc do Bienmap tính: người ngoài địa bàn có thể tính ngược ra"
            " số vụ, nên không nạp làm lớp chung. Người phụ trách lấy ở GET /density.tif.",
            "This is a density of incidents made by Bienmap: others could calculate the counts of"
            " units back from it, so that it becomes no layer. Who is responsible gets it from"
            " GET /density.tif.",
        )


def _check_size(source: DatasetReader) -> None:
    width, height = source.width, source.height
    if width * height > MOST_CELLS:
        raise InputError(
            "raster_too_large",
            f"Tệp khai {width} x {height} ô; tối đa {MOST_CELLS // 10**6} triệu ô. Hãy cắt và giảm"
            " độ phân giải, ví dụ `gdalwarp -te 102 6 118 24 -te_srs EPSG:4326 -ts 4000 0 vào.tif"
            " ra.tif`.",
            f"The file claims {width} x {height} cells; at most {MOST_CELLS // 10**6} million are"
            " taken. Cut it and lower its resolution, such as `gdalwarp -te 102 6 118 24 -te_srs"
            " EPSG:4326 -ts 4000 0 in.tif out.tif`.",
            width=width,
            height=height,
        )
    rows, columns = np.max(source.block_shapes, axis=0)
    if int(rows) * int(columns) > MOST_IN_BLOCK or source.count > MOST_BANDS * 20:
        raise InputError(
            "raster_blocks",
            f"Tệp chia thành các khối {columns} x {rows} ô, {source.count} kênh, quá lớn để mở. Hãy"
            " ghi lại bằng `gdal_translate -co TILED=YES vào.tif ra.tif`.",
            f"The file is cut into blocks of {columns} x {rows} cells and {source.count} bands, too"
            " large to open. Write it anew by `gdal_translate -co TILED=YES in.tif out.tif`.",
        )


def place_of(source: DatasetReader, crs: str | None) -> Place:
    """Where the raster lies, by its own word or by `crs` ("EPSG:…").

    A rotated raster is taken as it lies: its cells are moved with all they are.

    Raises:
        InputError: it states no place, none that can be used, or one that is not in Vietnam.
    """
    transform = source.transform
    if transform.is_identity or not np.isfinite(transform[:6]).all() or not transform.determinant:
        raise InputError(
            "raster_not_placed",
            "Tệp không ghi ảnh nằm ở đâu (thiếu tọa độ góc, hoặc chỉ có điểm khống chế). Hãy gán"
            f" tọa độ bằng Georeferencer của QGIS, hoặc `{_WARP} vào.tif ra.tif`.",
            "The file does not say where it lies (no coordinates of its corner, or control points"
            f" alone). Place it with QGIS's Georeferencer, or by `{_WARP} in.tif out.tif`.",
        )
    if crs is None and source.crs is None:
        raise InputError(
            "crs_missing",
            "Tệp không ghi hệ tọa độ. Hãy nêu bằng crs (--crs EPSG:…, ví dụ EPSG:4326 hoặc"
            " EPSG:3405)." + _fits(source)[0],
            "The file states no coordinate reference system. State it by crs (--crs EPSG:…, such as"
            " EPSG:4326 or EPSG:3405)." + _fits(source)[1],
        )
    system = parse_crs(crs) if crs else crs_of_file(source.crs.to_wkt())
    code = system.to_epsg()
    bounds = _bounds_in_degrees(source, system)
    west, south, east, north = VIETNAM_BOUNDS
    meets = bounds is not None and (
        bounds[0] < east and bounds[2] > west and bounds[1] < north and bounds[3] > south
    )
    if bounds is None or not meets:
        raise _elsewhere(source, bounds)
    return Place(system, f"EPSG:{code}" if code else system.name, bounds)


def _bounds_in_degrees(
    source: DatasetReader, system: CRS
) -> tuple[float, float, float, float] | None:
    """What the raster's edge spans; None where it cannot be moved into degrees."""
    along = np.linspace(0, 1, _STEPS)
    ends = np.concatenate([np.zeros(_STEPS), np.ones(_STEPS)])
    columns = np.concatenate([along, along, ends]) * source.width
    rows = np.concatenate([ends, along, along]) * source.height
    x, y = source.transform @ (columns, rows)
    moved = Transformer.from_crs(system, STORAGE_CRS, always_xy=True).transform(x, y)
    if not np.isfinite(moved).all():
        return None
    longitudes, latitudes = moved
    return (
        float(longitudes.min()), float(latitudes.min()),
        float(longitudes.max()), float(latitudes.max()),
    )  # fmt: skip


def _fits(source: DatasetReader) -> tuple[str, str]:
    """Systems in which it would lie in Vietnam, in words; empty if none fits."""
    found = ", ".join(code for code, _ in candidate_crs(tuple(source.bounds))[:4])
    return (
        (f" Hợp với tọa độ trong tệp: {found}.", f" These fit its coordinates: {found}.")
        if (found)
        else ("", "")
    )


def _elsewhere(
    source: DatasetReader, bounds: tuple[float, float, float, float] | None
) -> InputError:
    where = "?" if bounds is None else ", ".join(f"{value:.2f}" for value in bounds)
    fits = _fits(source)
    return InputError(
        "raster_elsewhere",
        f"Ảnh nằm ngoài Việt Nam (tây, nam, đông, bắc: {where}). Hãy kiểm tra hệ tọa độ, hoặc nêu"
        f" đúng bằng crs (--crs EPSG:…).{fits[0]}",
        f"The raster lies outside of Vietnam (west, south, east, north: {where}). Check its"
        f" coordinate reference system, or state the right one by crs (--crs EPSG:…).{fits[1]}",
        bounds=bounds,
    )
