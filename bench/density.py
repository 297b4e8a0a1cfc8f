"""Density of the whole country in cells of 1 km: seconds, and error beside SciPy's.

    .venv/bin/python bench/density.py

Incidents are drawn from a known surface: clusters on the edge of the land, and even elsewhere. The
error is the integrated squared difference from it, as a part of its own square, over 20,000 cells
drawn at random. The peer is `scipy.stats.gaussian_kde` with Scott's bandwidth; it knows no border.
Prints one JSON line for each figure; reads the real communes beside the checkout.
"""

from __future__ import annotations

import geopandas
import numpy as np
from gi_star import COMMUNES, report, seconds
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.stats import gaussian_kde

from geo.analysis.density import Field, adaptive, candidates, choose_bandwidth, fixed
from geo.analysis.density_grid import Grid, coverage_of, grid_over, projected

INCIDENTS, CLUSTERS, EVEN_SHARE, WIDTH_CELLS = 5_000, 40, 0.3, 8
CELLS_COMPARED = 20_000
LONGEST = 10.0
DRAWS = 5


def truth(coverage: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Probability by cell: part even, part in clusters whose middles lie at an edge of the land."""
    inside = coverage > 0
    edge = np.argwhere(inside & (gaussian_filter(inside.astype(float), 3) < 0.6))
    peaks = np.zeros(coverage.shape)
    for row, column in edge[random.integers(0, len(edge), CLUSTERS)]:
        peaks[row, column] += random.gamma(1.0)
    clusters = gaussian_filter(peaks, WIDTH_CELLS) * coverage
    even = coverage / coverage.sum()
    return EVEN_SHARE * even + (1 - EVEN_SHARE) * clusters / clusters.sum()


def drawn(
    chances: NDArray[np.float64], coverage: NDArray[np.float64], random: np.random.Generator
) -> Field:
    """Incidents from a surface."""
    mass = random.multinomial(INCIDENTS, chances.ravel()).reshape(chances.shape).astype(float)
    return Field(mass, mass, coverage, 1_000.0)


def peer_density(field: Field, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """What SciPy says at cells, in incidents per km2."""
    rows, columns = np.nonzero(field.mass)
    kde = gaussian_kde(np.vstack([rows, columns]), weights=field.mass[rows, columns])
    density: NDArray[np.float64] = kde(cells.T) * field.mass.sum()
    return density


def errors(grid: Grid, coverage: NDArray[np.float64]) -> None:
    """Median error of the fixed and the adaptive surface, beside the peer's."""
    found: dict[str, list[float]] = {"fixed": [], "adaptive": [], "peer": []}
    for seed in range(DRAWS):
        random = np.random.default_rng(20261127 + seed)
        chances = truth(coverage, random)
        field = drawn(chances, coverage, random)
        land = np.argwhere(coverage == 1)
        cells = land[random.choice(len(land), CELLS_COMPARED, replace=False)]
        true = chances[tuple(cells.T)] * INCIDENTS
        width = choose_bandwidth(field, candidates(grid.cell_m)).bandwidth_m
        told = {
            "fixed": fixed(field, width).per_km2[tuple(cells.T)],
            "adaptive": adaptive(field, width).per_km2[tuple(cells.T)],
            "peer": peer_density(field, cells),
        }
        for name, values in told.items():
            found[name].append(float(((values - true) ** 2).sum() / (true**2).sum()))
    peer = float(np.median(found["peer"]))
    for name in ("fixed", "adaptive"):
        ours = float(np.median(found[name]))
        report(f"density_{name}_relative_squared_error", ours, "1", peer, peer / ours, 1.0)


def main() -> None:
    """Measure and print."""
    region = projected(geopandas.read_file(COMMUNES).geometry)
    grid = grid_over(region, 1_000.0)
    coverage = coverage_of(grid, region)
    random = np.random.default_rng(20261127)
    field = drawn(truth(coverage, random), coverage, random)
    widths = candidates(grid.cell_m)
    contestants = {
        "fixed": lambda: fixed(field, 20_000.0),
        "adaptive": lambda: adaptive(field, 20_000.0),
        "choice_of_bandwidth": lambda: choose_bandwidth(field, widths),
    }
    for name, call in contestants.items():
        taken = float(np.median([seconds(call) for _ in range(3)]))
        title = f"density_{name}_{coverage.size}_cells_seconds"
        report(title, round(taken, 2), "s", LONGEST, round(LONGEST / taken, 2), 1.0)
    errors(grid, coverage)


if __name__ == "__main__":
    main()
