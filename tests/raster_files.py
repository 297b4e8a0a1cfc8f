"""Makers of GeoTIFFs for tests."""

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio import Affine

# Cells of a hundredth of a degree, the first one at 104° E, 20° N.
NORTH_WEST = Affine(0.01, 0, 104, 0, -0.01, 20)


def geotiff(path: Path, cells: Any, **options: Any) -> Path:
    """A GeoTIFF of these cells (rows, columns, or bands before them), in degrees unless said."""
    array: NDArray[Any] = np.asarray(cells)
    bands = array if array.ndim == 3 else array[None]
    profile = {
        "driver": "GTiff",
        "count": len(bands),
        "height": bands.shape[1],
        "width": bands.shape[2],
        "dtype": bands.dtype,
        "crs": "EPSG:4326",
        "transform": NORTH_WEST,
    }
    profile |= options
    with rasterio.open(path, "w", **profile) as made:
        made.write(bands)
    return path


def slope(rows: int = 100, columns: int = 100) -> NDArray[np.int16]:
    """Values that are the number of their column, in every row."""
    return np.tile(np.arange(columns, dtype=np.int16), (rows, 1))


def relief(path: Path) -> Path:
    """All of the country at a twentieth of a degree: values are degrees east, a tenth each."""
    columns, rows = 160, 320
    return geotiff(
        path,
        np.tile((102 + np.arange(columns) / 20).astype(np.float32) * 10, (rows, 1)),
        transform=Affine(0.05, 0, 102, 0, -0.05, 24),
    )
