"""Kulldorff's space-time scan statistic: where, and since when, there are more cases than due."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.analysis.progress import Progress, Ticks, unwatched
from geo.analysis.scan_windows import CELLS, Circles, Search, circles, search

# What nearly every replication reaches, a first guess and lower ones, as shares of one maximum.
GUESSES = (0.8, 0.65, 0.5)

# Counts by unit and step, to sums by unit and span with a last row of zeros.
BySpan = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Design:
    """Which windows are looked at, and how often chance is asked.

    Circles hold at most `largest_share` of the population (of the cases, in the permutation
    model), spans at most `longest` time steps. A prospective scan looks at spans that end with
    the last step, a retrospective one at all. Replications end early when `stop_after` of them
    reached the observed maximum: with 50 of 999, only where p is over 0.05 anyway.
    """

    model: Literal["poisson", "permutation"] = "poisson"
    prospective: bool = True
    largest_share: float = 0.1
    longest: int = 26
    replications: int = 999
    stop_after: int = 50
    seed: int = 0
    most_clusters: int = 10
    workers: int = 2


@dataclass(frozen=True, slots=True)
class Cluster:
    """A window with more cases than expected, and what chance says of it.

    `units` are ordered from the `centre` outwards, `radius` is in the unit of the points; the span
    is `start` to `end`, exclusive, in time steps. `relative_risk` compares inside with outside.
    `p` is the Monte Carlo p-value, `gumbel_p` a smooth approximation that can be smaller than the
    replications allow; `recurrence` is how many analyses, one a time step, pass on average until
    chance alone gives such a cluster (1 / p), for prospective scans.
    """

    centre: int
    units: NDArray[np.int64]
    radius: float
    start: int
    end: int
    observed: int
    expected: float
    relative_risk: float
    ratio: float
    p: float
    gumbel_p: float
    recurrence: float | None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Clusters that share no unit, the likeliest first, and the maxima that chance gave."""

    clusters: tuple[Cluster, ...]
    maxima: NDArray[np.float64]
    stopped_early: bool


class Chances(NamedTuple):
    """A likelihood ratio's p by rank among the maxima, and by the Gumbel distribution of them."""

    ratio: float
    p: float
    gumbel_p: float
    recurrence: float | None


@dataclass(frozen=True, slots=True)
class Chance:
    """Cases as they would lie by chance, in the time steps from `begin` on.

    `due` is expected by unit and step, shape (n, steps), over all steps.
    """

    model: str
    cases: NDArray[np.int64]
    due: NDArray[np.float64]
    begin: int

    def draw(self, seed: np.random.SeedSequence) -> NDArray[np.float64]:
        """One replication, by unit and step from `begin` on."""
        random = np.random.default_rng(seed)
        size, steps = self.due.shape
        kept = steps - self.begin
        if self.model == "permutation":
            unit, step = np.nonzero(self.cases)
            often = self.cases[unit, step]
            when = random.permutation(np.repeat(step, often))
            late = when >= self.begin
            cell = np.repeat(unit, often)[late] * kept + when[late] - self.begin
        else:
            late_due = self.due[:, self.begin :].ravel()
            share = late_due.sum() / self.due.sum()
            number = random.binomial(int(self.cases.sum()), min(share, 1.0))
            edges = np.cumsum(late_due)
            cell = np.searchsorted(edges, random.random(number) * edges[-1], side="right")
        return np.bincount(cell, minlength=size * kept).reshape(size, kept).astype(float)


def scan(
    cases: NDArray[np.int64],
    points: NDArray[np.float64],
    design: Design,
    population: NDArray[np.float64] | None = None,
    ticks: Ticks = unwatched,
) -> ScanResult:
    """Find the windows that hold more cases than chance puts into any window.

    In the Poisson model a unit's cases are due in proportion to its population in each step, and
    replications throw all cases anew. In the permutation model they are due in proportion to the
    unit's and the step's own totals, so that neither population nor any purely spatial or temporal
    pattern matters, and replications shuffle the times among the cases. Each replication gives
    its highest likelihood ratio; p of a cluster is the rank of its own among them.

    Args:
        cases: by unit and time step, shape (n, steps), earliest first.
        points: where units lie, Cartesian in metres, shape (n, 2) or (n, 3).
        population: by unit, shape (n,), or unit and step, shape (n, steps); for the Poisson model.
        ticks: told after each batch of replications, and again in between; from two threads.

    Raises:
        ValueError: shapes disagree, a population is unknown or cases live where nobody does (leave
            such units out and say so), or there is nothing to scan.

    Source: Kulldorff (1997), Communications in Statistics: Theory and Methods 26, 1481-1496;
    Kulldorff (2001), JRSS A 164, 61-72 (prospective); Kulldorff et al. (2005), PLoS Medicine 2,
    e59 (permutation); Besag & Clifford (1991), Biometrika 78, 301-304 (early stopping); Abrams et
    al. (2010), International Journal of Health Geographics 9, 61 (Gumbel).
    """
    due = _due(cases, points, design, population)
    starts, ends = _spans(cases.shape[1], design)
    begin = int(starts.min())
    size = due.sum(axis=1)

    def by_span(counts: NDArray[np.float64]) -> NDArray[np.float64]:
        running = np.zeros((len(counts) + 1, counts.shape[1] + 1))
        np.cumsum(counts, axis=1, out=running[:-1, 1:])
        return running[:, ends - begin] - running[:, starts - begin]

    progress = Progress(ticks)
    found = circles(points, size, design.largest_share)
    progress.still()
    windows = search(found, by_span(due[:, begin:]), float(cases.sum()), progress.still)
    ratio, circle, span = windows.each_centre(by_span(cases[:, begin:].astype(float)))
    chance = Chance(design.model, cases, due, begin)
    maxima = _replicate(windows, chance, by_span, design, float(ratio.max()), progress)
    clusters: list[Cluster] = []
    for centre in _apart(found, ratio, circle, design.most_clusters):
        units = found.order[centre, : circle[centre] + 1]
        chances = _chances(float(ratio[centre]), maxima, design, first=not clusters)
        inside = units, slice(starts[span[centre]], ends[span[centre]])
        clusters.append(_cluster(cases, due, points, inside, chances))
    return ScanResult(tuple(clusters), maxima, stopped_early=len(maxima) < design.replications)


def _cluster(
    cases: NDArray[np.int64],
    due: NDArray[np.float64],
    points: NDArray[np.float64],
    inside: tuple[NDArray[np.int64], slice],
    chances: Chances,
) -> Cluster:
    units, span = inside
    observed, expected, total = int(cases[inside].sum()), float(due[inside].sum()), cases.sum()
    outside = (total - observed) / (total - expected)
    return Cluster(
        centre=int(units[0]),
        units=units,
        radius=float(np.linalg.norm(points[units[-1]] - points[units[0]])),
        start=int(span.start),
        end=int(span.stop),
        observed=observed,
        expected=expected,
        relative_risk=observed / expected / outside if outside > 0 else np.inf,
        ratio=chances.ratio,
        p=chances.p,
        gumbel_p=chances.gumbel_p,
        recurrence=chances.recurrence,
    )


def _apart(
    found: Circles, ratio: NDArray[np.float64], circle: NDArray[np.int64], most: int
) -> list[int]:
    """Centres of the likeliest windows that share no unit, the likeliest first."""
    taken = np.zeros(len(ratio) + 1, dtype=bool)
    chosen: list[int] = []
    for centre in np.argsort(-ratio, kind="stable"):
        units = found.order[centre, : circle[centre] + 1]
        if ratio[centre] <= 0 or len(chosen) == most:
            break
        if not taken[units].any():
            taken[units] = True
            chosen.append(int(centre))
    return chosen


def _due(
    cases: NDArray[np.int64],
    points: NDArray[np.float64],
    design: Design,
    population: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    total = cases.sum()
    if len(points) != len(cases) or not total or (cases < 0).any():
        raise ValueError(f"{len(points)} places, {total} cases in {len(cases)} units: no scan")
    if design.model == "permutation":
        return np.outer(cases.sum(axis=1), cases.sum(axis=0)) / total
    if population is None:
        raise ValueError("the Poisson model needs the population of every unit")
    people = population if population.ndim == 2 else population[:, None]
    people = np.broadcast_to(people, cases.shape).astype(float)
    if not (np.isfinite(people).all() and (people >= 0).all() and not cases[people == 0].any()):
        raise ValueError("a population is unknown, or there are cases where nobody lives")
    return people * (total / people.sum())


def _spans(steps: int, design: Design) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    longest = min(design.longest, steps)
    ends = np.array([steps]) if design.prospective else np.arange(1, steps + 1)
    lengths = np.arange(1, longest + 1)
    starts = (ends[:, None] - lengths).ravel()
    kept = starts >= 0
    return starts[kept], np.repeat(ends, longest)[kept]


def _replicate(
    windows: Search,
    chance: Chance,
    by_span: BySpan,
    design: Design,
    observed: float,
    progress: Progress,
) -> NDArray[np.float64]:
    """The maxima of the replications, up to the one with which they may stop."""
    seeds = np.random.SeedSequence(design.seed).spawn(design.replications + 1)
    pilot = windows.each_centre(by_span(chance.draw(seeds[-1])))[0].max()
    level = max(float(pilot), 0.1)

    @cache
    def needed(guess: float) -> NDArray[np.float32]:
        return windows.needed(level * guess)

    def run(some: list[np.random.SeedSequence]) -> NDArray[np.float64]:
        drawn = np.stack([by_span(chance.draw(seed)) for seed in some], axis=1)
        cases = drawn.astype(np.float32)
        best, sure = np.zeros(len(some)), np.inf
        for guess in GUESSES:
            missing = np.flatnonzero(best < sure)
            sure = level * guess
            if len(missing):
                best[missing] = windows.maxima(cases[:, missing], needed(guess))
        for one in np.flatnonzero(best < sure):
            best[one] = windows.each_centre(drawn[:, one])[0].max()
        return best

    together = int(np.clip(CELLS // windows.expected.size, 1, 64))
    batches = [seeds[first : first + together] for first in range(0, len(seeds) - 1, together)]
    batches[-1] = [seed for seed in batches[-1] if seed is not seeds[-1]]
    maxima = np.empty(0)
    with ThreadPoolExecutor(design.workers) as threads:
        for first in range(0, len(batches), design.workers):
            found = threads.map(run, batches[first : first + design.workers])
            maxima = np.concatenate([maxima, *found])
            progress.reach(len(maxima) / design.replications)
            over = np.flatnonzero(_reach(maxima, observed))
            if len(over) >= design.stop_after:
                return maxima[: over[design.stop_after - 1] + 1]
    return maxima


def _reach(maxima: NDArray[np.float64], ratio: float) -> NDArray[np.bool_]:
    # Equal windows, summed in another order, may differ in their last bits.
    return maxima >= ratio * (1 - 1e-9)


def _chances(ratio: float, maxima: NDArray[np.float64], design: Design, *, first: bool) -> Chances:
    over = int(_reach(maxima, ratio).sum())
    # Stopped at the h-th of l that reach it, h / l is the p of Besag & Clifford.
    stopped = first and over >= design.stop_after
    p = over / len(maxima) if stopped else (over + 1) / (len(maxima) + 1)
    scale = max(float(maxima.std() * np.sqrt(6) / np.pi), 1e-12)
    middle = float(maxima.mean()) - np.euler_gamma * scale
    gumbel = float(-np.expm1(-np.exp(-(ratio - middle) / scale)))
    return Chances(ratio, p, gumbel, 1 / p if design.prospective else None)
