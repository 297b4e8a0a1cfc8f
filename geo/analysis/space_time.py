"""Methods on a cube of units and months: emerging hotspots and the space-time scan, from counts."""

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from geo.analysis.emerging import FEWEST_SLICES, chance_by_permutation, emerging
from geo.analysis.hotspots import Neighbourhood, is_drawn, mean_around, spread
from geo.analysis.inference import chance_around
from geo.analysis.progress import Ticks, unwatched
from geo.analysis.rates import crude_rates
from geo.analysis.scan import Cluster, Design, scan
from geo.analysis.smoothing import standardised_rates
from geo.analysis.weights import Weights

# A cluster is of class 1, 2 or 3 where chance gives its like with at most these probabilities.
CLUSTER_LEVELS = (0.10, 0.05, 0.01)
EmergingMeasure = Literal["standardised_rate", "count"]


@dataclass(frozen=True, slots=True)
class EmergingParameters:
    """What a run of emerging hotspots can be repeated from, with the data.

    A slice is `step_months` long: months of communes hold too few incidents to tell anything, and
    slices that overlapped would remember each other, which the test of the trend does not allow.
    Scores of rates are those of their standardised deviations (docs/methods/rates.md), and their
    slices are tested by population; `permutations` and `seed` are of counts alone.
    """

    method: Literal["emerging"] = "emerging"
    measure: EmergingMeasure = "standardised_rate"
    border_only: bool = False
    neighbourhood: Neighbourhood = "queen"
    nearest: int = 8
    reach_metres: float = 20_000.0
    step_months: int = 3
    level: float = 0.05
    permutations: int = 19_999
    seed: int = 20_250_701

    @property
    def step(self) -> int:
        """How many months make a slice."""
        return self.step_months

    @property
    def fewest_steps(self) -> int:
        """Of fewer slices nothing can be told."""
        return FEWEST_SLICES

    def coarser(self) -> Self:
        """The same in slices twice as long."""
        return replace(self, step_months=2 * self.step_months)


@dataclass(frozen=True, slots=True)
class ScanParameters:
    """What a space-time scan can be repeated from, with the data.

    Time steps are `step_weeks` long, or else `step_months`. The other fields are those of
    scan.Design. Clusters of communes are small beside a country: wider circles, with more than a
    hundredth of its people, would join what is apart.
    """

    method: Literal["scan_poisson", "scan_permutation"] = "scan_poisson"
    border_only: bool = False
    prospective: bool = True
    step_months: int = 1
    step_weeks: int | None = None
    largest_share: float = 0.01
    longest: int = 12
    replications: int = 999
    stop_after: int = 50
    most_clusters: int = 20
    seed: int = 20_250_701

    @property
    def measure(self) -> Literal["count", "standardised_rate"]:
        """What is told of a unit: its rate, or its count where inhabitants play no part."""
        return "count" if self.method == "scan_permutation" else "standardised_rate"

    @property
    def step(self) -> int:
        """How many time cells of the cube, weeks or months, make a step."""
        return self.step_weeks or self.step_months

    @property
    def fewest_steps(self) -> int:
        """With fewer there is nothing to compare with."""
        return 2

    def coarser(self) -> Self:
        """The same in steps twice as long, over spans as long as before."""
        half = max(self.longest // 2, 1)
        if self.step_weeks:
            return replace(self, longest=half, step_weeks=2 * self.step_weeks)
        return replace(self, longest=half, step_months=2 * self.step_months)


def usual_share(method: str, *, border_only: bool) -> float:
    """How much of the whole a circle may hold where nobody said: `largest_share`.

    Along the border alone a few communes are a larger part of the inhabitants, and in the
    permutation model the share is one of the cases, of which a cluster holds many.
    """
    is_wide = border_only or method == "scan_permutation"
    return 0.05 if is_wide else ScanParameters().largest_share


@dataclass(frozen=True, slots=True)
class Cube:
    """What was counted in n units by time cell, months or weeks, earliest first: shape (cells, n).

    `population` is NaN where unknown, `on_border` says which units lie on the land border, both of
    the shape (n,); `points` are geocentric, in metres, shape (n, 3), NaN where a unit has no place.
    `days` are those of all cells together.
    """

    counts: NDArray[np.int64]
    population: NDArray[np.float64]
    on_border: NDArray[np.bool_]
    points: NDArray[np.float64]
    days: float

    def steps(self, cells: int) -> NDArray[np.int64]:
        """Counts by so many time cells together, shape (steps, n).

        Raises:
            ValueError: the cells of the cube are no multiple of these.
        """
        return self.counts.reshape(-1, cells, self.counts.shape[1]).sum(axis=1)

    def used(self, parameters: EmergingParameters | ScanParameters) -> NDArray[np.bool_]:
        """Which units take part."""
        used = self.on_border.copy() if parameters.border_only else np.ones_like(self.on_border)
        if parameters.measure != "count":
            used &= self.population > 0
        if isinstance(parameters, ScanParameters):
            used &= np.isfinite(self.points).all(axis=1)
        return used


@dataclass(frozen=True, slots=True)
class Level:
    """What is counted in the whole period, by unit: rates per 100,000 a year, or counts.

    `expected` is that of the units used together; arrays have the shape (n,), NaN for the others.
    """

    value: NDArray[np.float64]
    expected: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EmergingResult:
    """Emerging hotspots of n units; arrays have the shape (n,), NaN where a unit was left out.

    `category` is an emerging.Category; `z`, `p` and `q` are of the last slice; `trend_z` and
    `trend_p` of Mann-Kendall over the slices; `states` of the units used, shape (slices, n), are 1
    (hot), -1 (cold) or 0.
    """

    level: Level
    neighbour_mean: NDArray[np.float64]
    neighbours: NDArray[np.int64]
    category: NDArray[np.float64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    trend_z: NDArray[np.float64]
    trend_p: NDArray[np.float64]
    states: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Clusters, the likeliest first, their units numbered among all n units of the cube.

    `rank` is that of a unit's cluster from 1 on, 0 in none, and NaN where it was left out; start
    and end of a cluster are in steps.
    """

    level: Level
    rank: NDArray[np.float64]
    clusters: tuple[Cluster, ...]


def cluster_class(p: float) -> int:
    """How sure a cluster is: 3, 2 or 1 for 99, 95 or 90 %, else 0."""
    return sum(p <= level for level in CLUSTER_LEVELS)


def find_emerging(
    cube: Cube, weights: Weights, parameters: EmergingParameters, ticks: Ticks = unwatched
) -> EmergingResult:
    """Emerging hotspots of the units that take part; see geo.analysis.emerging.

    Raises:
        ValueError: there are too few slices, or no unit takes part.
    """
    used = cube.used(parameters)
    slices, people = cube.steps(parameters.step)[:, used], cube.population[used]
    inside = weights.subset(used)
    if is_drawn(parameters.method, parameters.measure):
        values = slices.astype(float)
        often, seed = parameters.permutations, parameters.seed
        chance = chance_by_permutation(values, inside, permutations=often, seed=seed, ticks=ticks)
    else:
        values = np.array([standardised_rates(counts, people) for counts in slices.astype(float)])
        chance = chance_around(slices, people, inside)
    found = emerging(values, inside, chance, level=parameters.level)
    level = _level(cube, used, parameters.measure)
    states = np.zeros((len(slices), len(used)), dtype=np.int64)
    states[:, used] = found.states
    return EmergingResult(
        level=level,
        neighbour_mean=spread(used, mean_around(level.value[used], inside)),
        neighbours=spread(used, inside.counts.astype(float), missing=0).astype(np.int64),
        category=spread(used, found.category.astype(float)),
        z=spread(used, found.z[-1]),
        p=spread(used, found.p[-1]),
        q=spread(used, found.q[-1]),
        trend_z=spread(used, found.trend.z),
        trend_p=spread(used, found.trend.p),
        states=states,
    )


def find_clusters(cube: Cube, parameters: ScanParameters, ticks: Ticks = unwatched) -> ScanResult:
    """Space-time clusters among the units that take part; see geo.analysis.scan.

    Raises:
        ValueError: nothing was counted in them.
    """
    used = cube.used(parameters)
    places = np.flatnonzero(used)
    design = Design(
        model="permutation" if parameters.method == "scan_permutation" else "poisson",
        prospective=parameters.prospective,
        largest_share=parameters.largest_share,
        longest=parameters.longest,
        replications=parameters.replications,
        stop_after=parameters.stop_after,
        seed=parameters.seed,
        most_clusters=parameters.most_clusters,
    )
    cases = cube.steps(parameters.step)[:, used].T
    found = scan(cases, cube.points[used], design, cube.population[used], ticks)
    rank = np.where(used, 0.0, np.nan)
    for number, cluster in enumerate(found.clusters, 1):
        rank[places[cluster.units]] = number
    clusters = tuple(_among_all(cluster, places) for cluster in found.clusters)
    return ScanResult(_level(cube, used, parameters.measure), rank, clusters)


def _among_all(cluster: Cluster, places: NDArray[np.int64]) -> Cluster:
    return replace(cluster, centre=int(places[cluster.centre]), units=places[cluster.units])


def _level(cube: Cube, used: NDArray[np.bool_], measure: str) -> Level:
    value = cube.counts.sum(axis=0).astype(float)
    if measure != "count":
        value = crude_rates(value, cube.population, cube.days)
    value = np.where(used, value, np.nan)
    # Rates are those of all units together, not the mean of theirs.
    weights = None if measure == "count" else cube.population[used]
    mean = np.average(value[used], weights=weights) if used.any() else np.nan
    expected = np.full(len(used), mean)
    return Level(value, np.where(used, expected, np.nan))
