"""Tiles of raster layers, drawn from the files that were made at their import."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.io import MemoryFile
from rio_tiler.errors import TileOutsideBounds
from rio_tiler.io.rasterio import Reader
from rio_tiler.models import ImageData

from layers.rasters import DEEPEST_ZOOM, PICTURE, ramp_of

TILE = 256
COLOURS = 256
# Half of the world's width in Web Mercator, in metres.
HALF_WORLD = 20037508.342789244
# A picture is as large as a browser of an old machine can hold.
MOST_PIXELS = 4_000_000
# The file is our own and stands alone: no neighbour of it is looked for, and nothing elsewhere.
GDAL = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}


def raster_tile(path: Path, row: Mapping[str, Any], tile: tuple[int, int, int]) -> bytes:
    """A tile of a layer as PNG, 256 x 256 in Web Mercator, transparent where it has no value.

    Args:
        path: the Cloud-Optimised GeoTIFF that was made at the import.
        tile: zoom, column and row.
    """
    z, x, y = tile
    with (
        rasterio.Env(**GDAL),
        rasterio.open(path, driver="GTiff") as source,
        Reader(None, dataset=source) as reader,
    ):
        try:
            image = reader.tile(
                x, y, z, tilesize=TILE, resampling_method="bilinear", reproject_method="bilinear"
            )
        except TileOutsideBounds:
            return _empty_tile()
        if row["style"] == PICTURE:
            return bytes(image.render(img_format="PNG"))
        return _coloured(image, row)


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster drawn as one picture: its place on the pixels of a zoom, and its size in them."""

    png: bytes
    zoom: int
    left: int
    top: int
    width: int
    height: int


def raster_picture(content: bytes, row: Mapping[str, Any]) -> Picture:
    """The whole of a raster that is nowhere kept, in Web Mercator, transparent without a value.

    Its pixels are those of the deepest zoom whose cells are not much finer than the raster's.

    Args:
        content: a Cloud-Optimised GeoTIFF in a projection in metres.
        row: style, low and high, as of a layer; equal steps of colour are equal ratios.
    """
    with (
        rasterio.Env(**GDAL),
        MemoryFile(content) as file,
        file.open() as source,
        Reader(None, dataset=source) as reader,
    ):
        west, south, east, north = reader.get_geographic_bounds("EPSG:3857")
        zoom = _zoom_of(source.res[0], (east - west) * (north - south))
        cell = 2 * HALF_WORLD / TILE / 2**zoom
        left, right = (int((x + HALF_WORLD) // cell) for x in (west, east))
        top, bottom = (int((HALF_WORLD - y) // cell) for y in (north, south))
        width, height = right - left + 1, bottom - top + 1
        bounds = (
            left * cell - HALF_WORLD,
            HALF_WORLD - (bottom + 1) * cell,
            (right + 1) * cell - HALF_WORLD,
            HALF_WORLD - top * cell,
        )
        image = reader.part(
            bounds,
            dst_crs="EPSG:3857",
            bounds_crs="EPSG:3857",
            width=width,
            height=height,
            resampling_method="bilinear",
            reproject_method="bilinear",
        )
        image.array = np.ma.log(image.array)
        ends = {"low": float(np.log(row["low"])), "high": float(np.log(row["high"]))}
        return Picture(_coloured(image, {**row, **ends}), zoom, left, top, width, height)


def _zoom_of(cell_m: float, area_m2: float) -> int:
    zoom = 0
    while zoom < DEEPEST_ZOOM:
        finer = 2 * HALF_WORLD / TILE / 2 ** (zoom + 1)
        if finer < cell_m / 2 or area_m2 / finer**2 > MOST_PIXELS:
            break
        zoom += 1
    return zoom


def _coloured(image: ImageData, row: Mapping[str, Any]) -> bytes:
    """The picture of one band of values, by the ramp of the layer's style."""
    low, high = row["low"], row["high"]
    if low == high:
        # One value everywhere: the middle of the ramp.
        low, high = low - 1, high + 1
    # NaN fits no byte.
    image.array.fill_value = 0
    image.rescale(((low, high),))
    return bytes(image.render(img_format="PNG", colormap=_colours(ramp_of(row))))


@cache
def _colours(ramp: tuple[str, ...]) -> dict[int, tuple[int, int, int, int]]:
    """The ramp in 256 steps."""
    stops = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in ramp])
    places = np.linspace(0, len(stops) - 1, COLOURS)
    bands = [np.interp(places, np.arange(len(stops)), stops[:, band]) for band in range(3)]
    table = np.round(np.column_stack(bands)).astype(int).tolist()
    return {value: (red, green, blue, 255) for value, (red, green, blue) in enumerate(table)}


@cache
def _empty_tile() -> bytes:
    nothing = np.ma.MaskedArray(np.zeros((3, TILE, TILE), np.uint8), mask=True)
    return bytes(ImageData(nothing).render(img_format="PNG"))
