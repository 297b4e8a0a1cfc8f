"""The grid that makes assigning points to units fast without changing the answer."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

CELLS_PER_DEGREE = 100
# Must match grid_cell() in the database: row * 36000 + column.
CELLS_PER_ROW = 36_000
# A point whose coordinate rounds across a cell's edge is still within the box that is tested.
ROUNDING_DEGREES = 1e-9


def grid_cells(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.int32]:
    """The cell in which each position (degrees, EPSG:4326) lies; 0 where it has no numbers."""
    cell = np.floor(latitude * CELLS_PER_DEGREE) * CELLS_PER_ROW
    cell += np.floor(longitude * CELLS_PER_DEGREE)
    return np.nan_to_num(cell).astype(np.int32)


@dataclass(frozen=True, slots=True)
class UnitCells:
    """Pairs of a grid cell and a unit that it meets; all arrays have the shape (pairs,).

    `unit` is the position of the unit in the array of geometries; `inside` says that the cell lies
    properly inside the unit, so that no other unit can claim a point in it.
    """

    cell: NDArray[np.int32]
    unit: NDArray[np.int32]
    inside: NDArray[np.bool_]


def unit_cells(geometries: NDArray[np.object_]) -> UnitCells:
    """Find the cells of the 0.01 degree grid that units meet.

    Args:
        geometries: polygons of shape (units,) in EPSG:4326.
    """
    parts = [_cells_of(geometry) for geometry in geometries]
    return UnitCells(
        cell=np.concatenate([cell for cell, _ in parts]),
        unit=np.repeat(np.arange(len(parts), dtype=np.int32), [len(cell) for cell, _ in parts]),
        inside=np.concatenate([inside for _, inside in parts]),
    )


def _cells_of(geometry: shapely.Geometry) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    cells, insides = [], []
    for part in shapely.get_parts(geometry):
        shapely.prepare(part)
        west, south, east, north = np.floor(np.array(part.bounds) * CELLS_PER_DEGREE).astype(int)
        columns, rows = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
        column, row = columns.ravel(), rows.ravel()
        boxes = shapely.box(
            column / CELLS_PER_DEGREE - ROUNDING_DEGREES,
            row / CELLS_PER_DEGREE - ROUNDING_DEGREES,
            (column + 1) / CELLS_PER_DEGREE + ROUNDING_DEGREES,
            (row + 1) / CELLS_PER_DEGREE + ROUNDING_DEGREES,
        )
        inside = shapely.contains_properly(part, boxes)
        meets = inside.copy()
        meets[~inside] = shapely.intersects(part, boxes[~inside])
        cells.append((row * CELLS_PER_ROW + column)[meets].astype(np.int32))
        insides.append(inside[meets])
    # A cell that two parts of one unit meet is listed once; it is inside neither of them.
    cell, first = np.unique(np.concatenate(cells), return_index=True)
    return cell, np.concatenate(insides)[first]
