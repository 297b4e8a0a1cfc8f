"""Power diagram of the units' centres, fitted to official areas and to the centres themselves.

The official centres are the units' centres of gravity (their areas match too), so a cell should
have both the right area and the right centre. Unit i takes the points x where

    f_i(x) = -|x - c_i|^2 + 2 d_i . (x - c_i) + v_i

is largest: a power diagram with sites c_i + d_i. The integral over the land of max_i f_i is convex
in (d, v); its gradient is (twice the first moments about the centres, the areas), so minimising it
minus sum(A_i v_i) makes areas and centres of gravity right together. This is semi-discrete optimal
transport (Aurenhammer, Hoffmann, Aronov 1998) with first moments added (Brieden, Gritzmann 2012).

Quadratic terms hold the solution near circles of the official area where the figures contradict
each other: coasts, copied areas, wrong centres. All lengths in km.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.optimize import minimize
from scipy.spatial import KDTree

_CANDIDATES = 24
_STIFFNESS = 1.0  # km2 of area given up for each km2 that v moves from the circle's
_STIFFNESS_UNKNOWN = 6.0  # the same where the official area is not known
_SHIFT_STIFFNESS = 1.0  # the same for the sites, times the unit's area
_ITERATIONS = 150


@dataclass(frozen=True)
class Cells:
    """Fitted diagram: centres (n, 2), shifts d (n, 2), offsets v (n,), km in the equal-area CRS."""

    centres: np.ndarray
    shifts: np.ndarray
    offsets: np.ndarray

    @property
    def sites(self) -> np.ndarray:
        """Sites of the same diagram in its usual form, argmin |x - s|^2 - weight."""
        return self.centres + self.shifts

    @property
    def weights(self) -> np.ndarray:
        """Weights that go with the sites, km2."""
        return self.offsets + (self.shifts**2).sum(axis=1)

    def owner(self, points: np.ndarray) -> np.ndarray:
        """Return the index of the unit whose cell holds each point, points (m, 2) in km."""
        _, near = KDTree(self.centres).query(points, k=4 * _CANDIDATES)
        difference = points[:, None, :] - self.sites[near]
        power = (difference**2).sum(axis=2) - self.weights[near]
        return near[np.arange(len(points)), power.argmin(axis=1)]


def sample_land(land: shapely.Geometry, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return sample points on the land and the area each stands for: (m, 2) km and (m,) km2.

    A 1 km grid, four times finer near coasts and small units, ten times finer in city centres.
    """
    shapely.prepare(land)
    west, south, east, north = land.bounds
    grid = np.meshgrid(np.arange(west, east) + 0.5, np.arange(south, north) + 0.5)
    coarse = np.column_stack([axis.ravel() for axis in grid])
    coarse = coarse[shapely.dwithin(land, shapely.points(coarse), 0.8)]
    crowding = KDTree(centres).query(coarse, k=4)[0][:, 3]
    boxes = shapely.box(*(coarse - 0.5).T, *(coarse + 0.5).T)
    whole = shapely.contains_properly(land, boxes)
    divisions = np.where(crowding < 2.5, 10, np.where((crowding < 6) | ~whole, 4, 1))
    points, areas = [], []
    for count in (1, 4, 10):
        offset = (np.arange(count) - (count - 1) / 2) / count
        shift = np.column_stack([axis.ravel() for axis in np.meshgrid(offset, offset)])
        fine = (coarse[divisions == count][:, None, :] + shift).reshape(-1, 2)
        fine = fine[shapely.contains_xy(land, fine)]
        points.append(fine)
        areas.append(np.full(len(fine), 1 / count**2))
    return np.concatenate(points), np.concatenate(areas)


class _Objective:
    """The convex function described above and its gradient, in variables scaled by unit size."""

    def __init__(
        self, centres: np.ndarray, areas: np.ndarray, known: np.ndarray, land: shapely.Geometry
    ) -> None:
        points, self.point_areas = sample_land(land, centres)
        _, self.near = KDTree(centres).query(points, k=_CANDIDATES)
        difference = (points[:, None, :] - centres[self.near]).astype(np.float32)
        self.x, self.y = difference[:, :, 0], difference[:, :, 1]
        self.base = -(self.x**2 + self.y**2)
        self.rows = np.arange(len(points))
        self.count, self.areas = len(centres), areas
        self.circle = areas / np.pi
        self.stiffness = np.where(known, _STIFFNESS, _STIFFNESS_UNKNOWN)
        radius = np.sqrt(self.circle)
        self.scale = np.concatenate([self.circle, radius, radius])

    def split(self, scaled: np.ndarray) -> list[np.ndarray]:
        return np.split(scaled * self.scale, 3)

    def __call__(self, scaled: np.ndarray) -> tuple[float, np.ndarray]:
        v, dx, dy = self.split(scaled)
        near = self.near
        value = self.base + v.astype(np.float32)[near]
        value += 2 * dx.astype(np.float32)[near] * self.x
        value += 2 * dy.astype(np.float32)[near] * self.y
        best = value.argmax(axis=1)
        owner = near[self.rows, best]
        x, y = self.x[self.rows, best], self.y[self.rows, best]
        area = np.bincount(owner, self.point_areas, self.count)
        moment_x = np.bincount(owner, self.point_areas * x, self.count)
        moment_y = np.bincount(owner, self.point_areas * y, self.count)
        away, hold = v - self.circle, _SHIFT_STIFFNESS * self.areas
        total = (self.point_areas * (value[self.rows, best] - self.base[:, 0])).sum()
        total += (self.stiffness * away**2 + hold * (dx**2 + dy**2)).sum() / 2
        total -= (self.areas * v).sum()
        gradient = [
            area - self.areas + self.stiffness * away,
            2 * moment_x + hold * dx,
            2 * moment_y + hold * dy,
        ]
        return float(total), np.concatenate(gradient) * self.scale


def fit_cells(
    centres: np.ndarray, areas: np.ndarray, known: np.ndarray, land: shapely.Geometry
) -> Cells:
    """Fit the diagram: centres (n, 2) km, areas (n,) km2, known (n,) bool, land in km."""
    objective = _Objective(centres, areas, known, land)
    count = len(centres)
    result = minimize(
        objective,
        np.concatenate([np.ones(count), np.zeros(2 * count)]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-8, 10)] * count + [(-1, 1)] * (2 * count),
        options={"maxiter": _ITERATIONS, "maxcor": 20, "ftol": 1e-12, "gtol": 1e-9},
    )
    v, dx, dy = objective.split(result.x)
    return Cells(centres=centres, shifts=np.column_stack([dx, dy]), offsets=v)
