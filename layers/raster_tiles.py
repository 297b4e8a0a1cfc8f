"""Tiles of raster layers, drawn from the files that were made at their import."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rio_tiler.errors import TileOutsideBounds
from rio_tiler.io.rasterio import Reader
from rio_tiler.models import ImageData

from layers.rasters import PICTURE, RAMPS

TILE = 256
COLOURS = 256
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
        low, high = row["low"], row["high"]
        if low == high:
            # One value everywhere: the middle of the ramp.
            low, high = low - 1, high + 1
        # NaN fits no byte.
        image.array.fill_value = 0
        image.rescale(((low, high),))
        return bytes(image.render(img_format="PNG", colormap=_colours(row["style"])))


@cache
def _colours(style: str) -> dict[int, tuple[int, int, int, int]]:
    """The ramp in 256 steps."""
    stops = np.array([[int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in RAMPS[style]])
    places = np.linspace(0, len(stops) - 1, COLOURS)
    bands = [np.interp(places, np.arange(len(stops)), stops[:, band]) for band in range(3)]
    table = np.round(np.column_stack(bands)).astype(int).tolist()
    return {value: (red, green, blue, 255) for value, (red, green, blue) in enumerate(table)}


@cache
def _empty_tile() -> bytes:
    nothing = np.ma.MaskedArray(np.zeros((3, TILE, TILE), np.uint8), mask=True)
    return bytes(ImageData(nothing).render(img_format="PNG"))
