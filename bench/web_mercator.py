"""Where places lie in Web Mercator, for benchmarks; nothing to run by itself."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Degrees = TypeVar("Degrees", float, NDArray[np.float64])


def on_square(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """Degrees (EPSG:4326) on the square of side 1 that is tile 0/0/0: x, and y downwards."""
    y = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)
    return lon / 360 + 0.5, y
