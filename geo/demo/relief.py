"""An invented relief as a GeoTIFF, to show what raster layers look like: no real elevation."""

from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine, features
from scipy import ndimage
from sqlalchemy import Connection

from geo.store.boundaries import stored_units

NAME = "do-cao-minh-hoa"
TITLE_VI, TITLE_EN = "Độ cao minh họa (không có thật)", "Illustrative elevation (invented)"
WEST, SOUTH, EAST, NORTH = 102.0, 8.0, 110.0, 23.5
CELL = 0.02
NO_DATA = -32768
SEED = 2024
# Hills rise towards the west, and are up to so many metres high.
HIGHEST = 2_400


def write_relief(connection: Connection, path: Path) -> None:
    """Heights in metres, 16-bit whole numbers, over the provinces in the store; NO_DATA at sea."""
    width, height = round((EAST - WEST) / CELL), round((NORTH - SOUTH) / CELL)
    transform = Affine(CELL, 0, WEST, 0, -CELL, NORTH)
    provinces = stored_units(connection, "2025", "province")
    land = features.rasterize(provinces.geometry, (height, width), transform=transform) > 0
    noise = np.random.default_rng(SEED).standard_normal((height, width))
    ridges = sum(
        ndimage.gaussian_filter(noise, size) * size * weight
        for size, weight in ((2, 0.4), (6, 0.8), (20, 1.6))
    )
    inland = np.minimum(ndimage.distance_transform_edt(land) / 60, 1)
    shape = np.clip(inland * (0.35 + ridges / np.abs(ridges).max()), 0.002, 1)
    metres = np.where(land, np.round(shape * HIGHEST), NO_DATA).astype(np.int16)
    with rasterio.open(
        path, "w", driver="GTiff", width=width, height=height, count=1, dtype="int16",
        nodata=NO_DATA, crs="EPSG:4326", transform=transform, compress="deflate", predictor=2,
    ) as made:  # fmt: skip
        made.write(metres, 1)
        made.update_tags(BIENMAP_SOURCE="invented for demonstration, no real elevation")
