"""Units without land in the outline: Hoàng Sa, Trường Sa and small islands, as discs.

A disc stands at the unit's own official centre and has its official area. It shows where the unit
is and whose it is; it does not show a coast.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from .cells import Cells
from .outline import EQUAL_AREA_CRS


def give_every_unit_a_cell(cells: Cells, missing: np.ndarray, areas: np.ndarray) -> Cells:
    """Raise the offsets of the missing units just enough to hold the land around their centres."""
    offsets, shifts = cells.offsets.copy(), cells.shifts.copy()
    for unit in missing:
        point = cells.centres[unit]
        power = ((cells.sites - point) ** 2).sum(axis=1) - cells.weights
        shifts[unit] = 0.0
        offsets[unit] = areas[unit] / np.pi / 3 - power.min()
    return Cells(centres=cells.centres, shifts=shifts, offsets=offsets)


def discs(communes: pd.DataFrame, areas: np.ndarray) -> gpd.GeoSeries:
    """Return discs of the official areas around the units' centres, by position, EPSG:4326."""
    places = gpd.GeoSeries(
        gpd.points_from_xy(communes["lon"], communes["lat"]), index=communes.index, crs="EPSG:4326"
    )
    radii = 1000 * np.sqrt(areas[communes.index] / np.pi)
    return places.to_crs(EQUAL_AREA_CRS).buffer(radii).to_crs("EPSG:4326")
