"""Prospective space-time scan: time and memory, and how they grow; one JSON line per figure.

    .venv/bin/python bench/scan.py

3,321 real communes x 104 weeks, circles to 10 % of the population, spans to 26 weeks, 999
replications without early stopping, 10,000 cases with one cluster planted. Growth over the first
500 and 1,000 communes and over 10,035 points drawn like the communes (as many as the old communes
were), with cases in proportion; these last with 199 replications, times 5. Each size runs in a
process of its own, for its peak memory. The processor's time is given beside the clock's, since
other work on the machine lengthens only the latter.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import time
from pathlib import Path

import geopandas
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[1]
COMMUNES = ROOT.parent / "shared" / "boundaries" / "vn-communes-2025.fgb"
sys.path.insert(0, str(ROOT))

from geo.analysis.scan import Design, scan  # noqa: E402

SIZES = (500, 1_000, 3_321, 10_035)
GOAL_SIZE = 3_321
WEEKS = 104
CASES_PER_COMMUNE = 3
LONGEST_SECONDS = 90.0
MOST_MEGABYTES = 2_048.0
REPLICATIONS = 999
FEWER = {10_035: 199}


def places(size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points in metres and population: real communes, or more points scattered around them."""
    units = geopandas.read_file(COMMUNES).sort_values("code", ignore_index=True)
    centroids = units.to_crs(32648).centroid
    points = np.column_stack([centroids.x, centroids.y])
    population = np.maximum(units["population_2009"].fillna(0).to_numpy(float), 1_000.0)
    if size <= len(points):
        return points[:size], population[:size]
    random = np.random.default_rng(1)
    chosen = random.integers(len(points), size=size)
    return points[chosen] + random.normal(0, 4_000, (size, 2)), population[chosen] / 3


def measure(size: int) -> tuple[float, float, float, float]:
    """Seconds by the clock and of the processor, peak megabytes, p of the planted cluster."""
    points, population = places(size)
    random = np.random.default_rng(20251125)
    due = np.outer(population / population.sum(), np.full(WEEKS, size * CASES_PER_COMMUNE / WEEKS))
    near = np.argsort(((points - points[size // 2]) ** 2).sum(axis=1))[:12]
    due[near, -6:] *= 10
    cases = random.poisson(due).astype(np.int64)
    replications = FEWER.get(size, REPLICATIONS)
    design = Design(replications=replications, stop_after=10**9, longest=26, largest_share=0.1)
    start, worked = time.perf_counter(), time.process_time()
    result = scan(cases, points, design, population)
    taken, worked = time.perf_counter() - start, time.process_time() - worked
    scale = (REPLICATIONS + 1) / (replications + 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return taken * scale, worked * scale, peak, result.clusters[0].p


def report(name: str, value: float, unit: str, goal: float | None) -> None:
    """Print one figure, with its goal where it has one."""
    line = {"name": name, "value": value, "unit": unit, "peer": None, "ratio": None, "goal": goal}
    print(json.dumps(line | {"met": None if goal is None else value <= goal}), flush=True)


def main() -> None:
    """Measure and print."""
    seconds = []
    for size in SIZES:
        with multiprocessing.get_context("spawn").Pool(1) as process:
            taken, worked, peak, p = process.apply(measure, (size,))
        seconds.append(worked)
        goals = (LONGEST_SECONDS, MOST_MEGABYTES, 0.001) if size == GOAL_SIZE else (None,) * 3
        report(f"scan_{size}_units_seconds", round(taken, 1), "s", goals[0])
        report(f"scan_{size}_units_processor_seconds", round(worked, 1), "s", None)
        report(f"scan_{size}_units_memory", round(peak), "MB", goals[1])
        report(f"scan_{size}_units_p_of_the_planted_cluster", p, "p", goals[2])
    power = np.polyfit(np.log(SIZES), np.log(seconds), 1)[0]
    report("scan_processor_seconds_grow_with_units_to_the_power", round(float(power), 2), "", None)


if __name__ == "__main__":
    main()
