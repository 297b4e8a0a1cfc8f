"""Emerging hotspots, 60 months x 3,321 communes x 9,999 permutations, against esda.

    .venv/bin/python bench/emerging.py

esda computes Gi* of one month at a time; warm, in the faster of its two settings, its median time
for a month is multiplied by 60. What it lacks (correction, trend, categories) is not charged to
it. Prints one JSON line for each figure; reads the real communes beside the checkout.
"""

from __future__ import annotations

import json
import warnings

import numpy as np
import pymannkendall
from gi_star import peer_weights, read, report, run_peer, seconds
from numpy.typing import NDArray

from geo.analysis.emerging import Category, Emerging, chance_by_permutation, emerging
from geo.analysis.trend import mann_kendall
from geo.analysis.weights import Weights

MONTHS = 60
LONGEST = 5.0
FASTER = 100.0
PEER_MONTHS = 3
PERMUTATIONS = 9_999


def make_cube(weights: Weights) -> NDArray[np.float64]:
    """Seeded monthly counts, mostly small, with clusters that come, stay and go."""
    random = np.random.default_rng(20251125)
    near = weights.matrix(star=True)
    base = near @ random.gamma(0.2, 0.3, size=weights.size)
    # Each commune takes the phase of the province-sized piece of the order by code it lies in.
    phase = np.repeat(random.uniform(0, 6.3, weights.size // 60 + 1), 60)[: weights.size]
    waves = np.exp(2 * np.sin(np.arange(MONTHS)[:, None] / 9 + phase))
    return random.poisson(base * waves).astype(float)


def by_permutation(cube: NDArray[np.float64], weights: Weights) -> Emerging:
    """The whole of it, with draws as esda makes them."""
    chance = chance_by_permutation(cube, weights, permutations=PERMUTATIONS)
    return emerging(cube, weights, chance)


def speed(cube: NDArray[np.float64], weights: Weights) -> Emerging:
    """Median of ours against esda's median month times 60."""
    result = by_permutation(cube, weights)
    ours = float(np.median([seconds(lambda: by_permutation(cube, weights)) for _ in range(3)]))
    theirs, medians = peer_weights(weights), []
    for jobs in (1, -1):
        run_peer(cube[0], theirs, n_jobs=jobs, keep_simulations=False)  # compiles
        months = [
            seconds(
                lambda m=month, j=jobs: run_peer(cube[m], theirs, n_jobs=j, keep_simulations=False)
            )
            for month in range(1, PEER_MONTHS + 1)
        ]
        medians.append(float(np.median(months)))
    peer = min(medians) * MONTHS
    name = "emerging_60_months_3321_communes_9999_permutations"
    report(f"{name}_times_faster_than_esda", ours, "s", round(peer, 1), peer / ours, FASTER)
    report(f"{name}_seconds", round(ours, 3), "s", LONGEST, round(LONGEST / ours, 2), 1.0)
    return result


def agreement(cube: NDArray[np.float64], found: Emerging) -> None:
    """Mann-Kendall of the scores and of the counts, which have many ties, for every unit."""
    largest = 0.0
    for series in (found.z, cube):
        ours = mann_kendall(series)
        theirs = [pymannkendall.original_test(values) for values in series.T]
        for name, other in (("score", "s"), ("variance", "var_s"), ("z", "z"), ("p", "p")):
            peer = np.array([getattr(test, other) for test in theirs], dtype=float)
            largest = max(largest, float(np.abs(getattr(ours, name) - peer).max()))
    line = {"name": "mann_kendall_largest_difference_from_pymannkendall", "value": largest}
    rest = {"unit": "S, variance, z, p", "peer": 0.0, "ratio": None, "goal": 1e-12}
    print(json.dumps(line | rest | {"met": largest <= 1e-12}))


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")  # esda announces its next default
    _, weights = read()
    cube = make_cube(weights)
    found = speed(cube, weights)
    agreement(cube, found)
    kinds, numbers = np.unique(found.category, return_counts=True)
    seen = {
        Category(kind).name.lower(): int(number)
        for kind, number in zip(kinds, numbers, strict=True)
    }
    print(json.dumps({"name": "emerging_categories_seen", "value": seen}))


if __name__ == "__main__":
    main()
