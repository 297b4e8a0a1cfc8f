"""From points and areas to fields on a grid, and from surfaces to figures by unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio import Affine, features
from scipy import ndimage

from geo.analysis.density import Field, Flags, Floats
from geo.crs import STORAGE_CRS, equal_area_crs

# Areas are measured on a grid four times finer: a share of a cell is a number of sixteenths.
FINER = 4
# A place that lies farther than this from the region is no place of it.
FARTHEST_CELLS = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells in the equal-area projection of geo.crs, rows from north to south.

    `west` and `north` are multiples of the cell, so that the cells of any two grids match.
    """

    west: float
    north: float
    cell_m: float
    shape: tuple[int, int]

    @property
    def transform(self) -> Affine:
        """From columns and rows to metres."""
        return Affine(self.cell_m, 0, self.west, 0, -self.cell_m, self.north)


@dataclass(frozen=True, slots=True)
class Share:
    """The shares of the cells that an area covers: those from `row` and `column` on."""

    row: int
    column: int
    shares: Floats

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """The part of a grid's values that the shares lie over, as a view."""
        rows, columns = self.shares.shape
        return values[self.row : self.row + rows, self.column : self.column + columns]


@dataclass(frozen=True, slots=True)
class ZoneFigures:
    """A surface within one unit, of the cells that are shown; None where none is.

    `mean` and `most` are per km2, `total` is the sum over the area; `shown` is the share of the
    unit's area whose cells are shown.
    """

    mean: float | None
    most: float | None
    total: float | None
    shown: float


def projected(geometries: Iterable[shapely.Geometry]) -> NDArray[np.object_]:
    """Geometries in degrees (EPSG:4326), moved to the grid's projection."""
    onto = Transformer.from_crs(STORAGE_CRS, equal_area_crs(), always_xy=True)

    def move(coordinates: Floats) -> Floats:
        return np.column_stack(onto.transform(coordinates[:, 0], coordinates[:, 1]))

    moved: NDArray[np.object_] = shapely.transform(np.asarray(geometries, dtype=object), move)
    return moved


def grid_over(region: NDArray[np.object_], cell_m: float) -> Grid:
    """The grid that holds a region, geometries in the grid's projection."""
    west, south, east, north = shapely.total_bounds(region)
    first, last = np.floor(west / cell_m), np.ceil(east / cell_m)
    top, bottom = np.ceil(north / cell_m), np.floor(south / cell_m)
    return Grid(first * cell_m, top * cell_m, cell_m, (int(top - bottom), int(last - first)))


def shares_of(grid: Grid, areas: Iterable[shapely.Geometry]) -> Iterator[Share]:
    """The shares of many areas, one after the other."""
    # Outside of one, rasterio makes an environment for each area, which takes longer than the area.
    with rasterio.Env():
        for area in areas:
            yield share_of(grid, area)


def share_of(grid: Grid, area: shapely.Geometry) -> Share:
    """The share of each cell that an area in the grid's projection covers, to a sixteenth.

    An area that holds the middle of no sixteenth has all those that it touches.
    """
    west, south, east, north = shapely.bounds(area)
    height, width = grid.shape
    column = int(np.clip((west - grid.west) // grid.cell_m, 0, width - 1))
    row = int(np.clip((grid.north - north) // grid.cell_m, 0, height - 1))
    columns = int(np.clip(np.ceil((east - grid.west) / grid.cell_m), column + 1, width)) - column
    rows = int(np.clip(np.ceil((grid.north - south) / grid.cell_m), row + 1, height)) - row
    finer = grid.transform @ Affine.translation(column, row) @ Affine.scale(1 / FINER)
    shape = (rows * FINER, columns * FINER)
    burnt = features.rasterize([area], shape, transform=finer)
    if not burnt.any():
        burnt = features.rasterize([area], shape, transform=finer, all_touched=True)
    shares = burnt.reshape(rows, FINER, columns, FINER).mean(axis=(1, 3))
    return Share(row, column, shares)


def coverage_of(grid: Grid, region: NDArray[np.object_]) -> Floats:
    """The share of each cell that lies within a region of areas which do not overlap."""
    coverage = np.zeros(grid.shape)
    # Part by part: an islet far from its province would else hold the middle of no sixteenth.
    for share in shares_of(grid, shapely.get_parts(region)):
        share.of(coverage)[...] += share.shares
    return np.minimum(coverage, 1)


def field_of(
    grid: Grid,
    coverage: Floats,
    points: NDArray[np.object_],
    counts: Floats,
    areas: Sequence[tuple[shapely.Geometry, float]],
) -> tuple[Field, int]:
    """Incidents on a grid: those at a point in its cell, those of an area evenly over it.

    A point whose cell has nothing of the region, on the coast, is moved to the nearest that has.

    Args:
        points: shape (n,), in the grid's projection, and how many incidents lie at each.
        areas: an area in the grid's projection, and the incidents known to lie in it and no nearer.

    Returns:
        The field, and the number of incidents that lie too far from the region to be in it.
    """
    placed, beyond = _placed(grid, coverage > 0, points, counts)
    mass = placed.copy()
    spread = [incidents for _, incidents in areas]
    for share, incidents in zip(shares_of(grid, (area for area, _ in areas)), spread, strict=True):
        within = share.shares * (share.of(coverage) > 0)
        if within.any():
            share.of(mass)[...] += incidents * within / within.sum()
        else:
            beyond += int(incidents)
    return Field(mass, placed, coverage, grid.cell_m), beyond


def _placed(
    grid: Grid, inside: Flags, points: NDArray[np.object_], counts: Floats
) -> tuple[Floats, int]:
    """Incidents at points by cell, and how many lie too far from the region."""
    placed = np.zeros(grid.shape)
    if not len(points):
        return placed, 0
    height, width = grid.shape
    columns = np.floor((shapely.get_x(points) - grid.west) / grid.cell_m).astype(int)
    rows = np.floor((grid.north - shapely.get_y(points)) / grid.cell_m).astype(int)
    near = (
        (columns > -FARTHEST_CELLS)
        & (columns < width + FARTHEST_CELLS)
        & (rows > -FARTHEST_CELLS)
        & (rows < height + FARTHEST_CELLS)
    )
    rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    far, nearest = ndimage.distance_transform_edt(~inside, return_indices=True)
    near &= far[rows, columns] <= FARTHEST_CELLS
    rows, columns = rows[near], columns[near]
    np.add.at(placed, (nearest[0][rows, columns], nearest[1][rows, columns]), counts[near])
    return placed, int(counts[~near].sum())


def zone_figures(
    grid: Grid, coverage: Floats, per_km2: Floats, shown: Flags, zones: Mapping[str, Any]
) -> dict[str, ZoneFigures]:
    """Figures of a surface by unit with half or more in the region; cells count by their share.

    Args:
        zones: geometries in the grid's projection, by code.
    """
    found = {}
    for code, share in zip(zones, shares_of(grid, zones.values()), strict=True):
        # A unit beside the region shares the cells on its edge, and is none of it.
        within = np.minimum(share.shares, share.of(coverage)).sum() * grid.cell_m**2
        if within and within * 2 >= zones[code].area:
            found[code] = _figures(share, coverage, per_km2, shown, grid.cell_m**2 / 1e6)
    return found


def _figures(
    share: Share, coverage: Floats, per_km2: Floats, shown: Flags, cell_km2: float
) -> ZoneFigures:
    weights = np.minimum(share.shares, share.of(coverage))
    seen = weights * share.of(shown)
    area, total = seen.sum(), weights.sum()
    if not area:
        return ZoneFigures(None, None, None, 0.0)
    values = share.of(per_km2)
    summed = float((values * seen).sum())
    return ZoneFigures(
        summed / area, float(values[seen > 0].max()), summed * cell_km2, float(area / total)
    )
