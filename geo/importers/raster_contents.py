"""The cells of a raster, read strip by strip and written as we keep them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.errors import InputError

# Cells that are held at a time, of each band.
AT_ONCE = 2**23
# What a tool writes where it has no value and forgets to say so, such as -3.4e38.
BEYOND_ALL = 1e30
# As many values as tell percentiles to a tenth of one.
SAMPLED = 1_000_000
LOWER, UPPER = 2, 98


@dataclass(frozen=True, slots=True)
class Extent:
    """The extremes and the percentiles 2 and 98 of values, and the share of cells that have one."""

    minimum: float | None
    maximum: float | None
    low: float | None
    high: float | None
    known: float


def write_values(source: DatasetReader, target: Path, profile: dict[str, Any]) -> Extent:
    """One band as 32-bit floats, NaN where there is no value; scale and offset are applied.

    Raises:
        InputError: no cell has a value.
    """
    stride = max(1, source.width * source.height // SAMPLED)
    scale, offset = source.scales[0], source.offsets[0]
    least, most, known, samples = np.inf, -np.inf, 0, []
    with rasterio.open(target, "w", count=1, dtype="float32", nodata=np.nan, **profile) as made:
        for window in _strips(source):
            cells = source.read(1, window=window, masked=True)
            values = cells.filled(0).astype(np.float64) * scale + offset
            values[np.ma.getmaskarray(cells) | ~(np.abs(values) < BEYOND_ALL)] = np.nan
            made.write(values.astype(np.float32), 1, window=window)
            found = values[np.isfinite(values)]
            known += found.size
            if found.size:
                least, most = min(least, found.min()), max(most, found.max())
                samples.append(found[::stride] if found.size > stride else found[:1])
    if not known:
        raise _empty()
    low, high = np.percentile(np.concatenate(samples), (LOWER, UPPER))
    if low == high:
        # Nearly all are alike: what differs shall show all the same.
        low, high = least, most
    share = known / (source.width * source.height)
    return Extent(float(least), float(most), float(low), float(high), share)


def write_picture(source: DatasetReader, target: Path, profile: dict[str, Any]) -> Extent:
    """Red, green, blue and opacity, a byte each; other numbers are spread between percentiles.

    Raises:
        InputError: every cell is transparent.
    """
    known = 0
    palette = _palette(source)
    bands = _colour_bands(source)
    ends = None if palette is not None else _ends(source, bands)
    with rasterio.open(
        target, "w", count=4, dtype="uint8", photometric="RGB", alpha="YES", **profile
    ) as made:
        for window in _strips(source):
            opacity = source.dataset_mask(window=window)
            if palette is not None:
                colours = palette[source.read(1, window=window)]
                opacity = np.minimum(opacity, colours[..., 3])
                pixels = np.moveaxis(colours[..., :3], -1, 0)
            else:
                pixels, has_value = _bytes(source.read(bands, window=window), ends)
                opacity = np.where(has_value, opacity, 0)
            made.write(np.concatenate([pixels, opacity[None]]).astype(np.uint8), window=window)
            known += int(np.count_nonzero(opacity))
    if not known:
        raise _empty()
    return Extent(None, None, None, None, known / (source.width * source.height))


def _strips(source: DatasetReader) -> Iterator[Window]:
    """Windows of whole rows of blocks, so that no block is unpacked twice."""
    rows = int(np.max(source.block_shapes, axis=0)[0])
    step = rows * max(1, AT_ONCE // (rows * source.width))
    for top in range(0, source.height, step):
        yield Window(0, top, source.width, min(step, source.height - top))


def _colour_bands(source: DatasetReader) -> list[int]:
    """The numbers of the bands of red, green and blue; grey stands for all three."""
    named = {colour: number for number, colour in enumerate(source.colorinterp, 1)}
    wanted = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
    if all(colour in named for colour in wanted):
        return [named[colour] for colour in wanted]
    return [1, 2, 3] if source.count >= 3 else [1, 1, 1]


def _palette(source: DatasetReader) -> NDArray[np.uint8] | None:
    """Colours by number, transparent where the palette says nothing of a number."""
    if source.colorinterp[0] != ColorInterp.palette:
        return None
    if source.dtypes[0] not in {"uint8", "uint16"}:
        raise InputError(
            "raster_palette",
            f"Bảng màu không dùng được với số kiểu {source.dtypes[0]}. Hãy xuất lại thành ảnh màu"
            " RGB (`gdal_translate -expand rgb vào.tif ra.tif`).",
            f"A palette cannot go with numbers of type {source.dtypes[0]}. Export it as colours"
            " (`gdal_translate -expand rgb in.tif out.tif`).",
        )
    table = np.zeros((np.iinfo(source.dtypes[0]).max + 1, 4), np.uint8)
    for number, colour in source.colormap(1).items():
        if 0 <= number < len(table):
            table[number] = colour
    return table


def _ends(source: DatasetReader, bands: list[int]) -> tuple[float, float] | None:
    """Between which numbers colours are spread; None where they are bytes already."""
    if all(source.dtypes[band - 1] == "uint8" for band in bands):
        return None
    found = np.concatenate([_sample(source, window, bands) for window in _strips(source)])
    if not found.size:
        raise _empty()
    low, high = np.percentile(found, (LOWER, UPPER))
    return float(low), max(float(high), float(low) + 1e-9)


def _sample(source: DatasetReader, window: Window, bands: list[int]) -> NDArray[Any]:
    stride = max(1, source.width * source.height * 3 // SAMPLED)
    cells = source.read(sorted(set(bands)), window=window, masked=True)
    values = cells.compressed().astype(np.float64)
    return values[np.abs(values) < BEYOND_ALL][::stride]


def _bytes(cells: NDArray[Any], ends: tuple[float, float] | None) -> tuple[NDArray[Any], Any]:
    """Colours as bytes, and where all of them are numbers."""
    if ends is None:
        return cells, np.ones(cells.shape[1:], np.bool_)
    values = cells.astype(np.float64)
    has_value = np.all(np.abs(values) < BEYOND_ALL, axis=0)
    spread = (np.where(has_value, values, ends[0]) - ends[0]) / (ends[1] - ends[0])
    return np.round(np.clip(spread, 0, 1) * 255), has_value


def _empty() -> InputError:
    return InputError(
        "raster_empty",
        "Không ô nào của tệp có giá trị (tất cả là nodata hoặc trong suốt). Hãy kiểm tra giá trị"
        " nodata bằng `gdalinfo -stats`.",
        "No cell of the file has a value (all are nodata or transparent). Check its nodata value by"
        " `gdalinfo -stats`.",
    )
