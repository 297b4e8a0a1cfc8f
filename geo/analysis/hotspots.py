"""Hotspot methods behind one interface: a class for each unit, and the evidence for it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

import geopandas
import numpy as np
from numpy.typing import NDArray

from geo.analysis.distance_weights import border_section, distance_band, nearest
from geo.analysis.getis_ord import gi_star, scores
from geo.analysis.inference import Chance, chance_around, false_discovery_rate
from geo.analysis.local_moran import Quadrant, local_moran
from geo.analysis.rates import crude_rates
from geo.analysis.smoothing import empirical_bayes, standardised_rates
from geo.analysis.weights import Weights, queen

# Classes ±1, ±2, ±3 hold at these false discovery rates: confidence of 90, 95 and 99 %.
LEVELS = (0.10, 0.05, 0.01)
# Among fewer units than this nothing can be told from chance.
FEWEST_UNITS = 3


# Rates per 100,000 a year, crude, or drawn towards that of all units (global empirical Bayes), or
# crude but tested by their standardised deviations; or counts. Rates smoothed among neighbours are
# none of these: they are alike by construction.
Measure = Literal["rate", "smoothed_rate", "standardised_rate", "count"]

# All methods that a run can be of; those with a time axis are in geo.analysis.space_time.
MethodName = Literal["gi_star", "local_moran", "emerging", "scan_poisson", "scan_permutation"]
Neighbourhood = Literal["queen", "nearest", "distance_band", "border_section"]


class Surroundings(Protocol):
    """Who is a neighbour, and among which units."""

    @property
    def border_only(self) -> bool:
        """Whether only land-border units are analysed."""

    @property
    def neighbourhood(self) -> Neighbourhood:
        """The kind of neighbourhood."""

    @property
    def nearest(self) -> int:
        """How many units are the nearest."""

    @property
    def reach_metres(self) -> float:
        """Radius of a distance band, or the greatest gap along the border."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a run can be repeated from, with the data.

    `border_only` restricts the analysis to land-border units: neighbours and permutations are
    taken among them, so a hotspot is one against the rest of the border, not of the country.
    Rates are scored by their standardised deviations and tested by population, since permuted
    crude rates call a hotspot by chance far too often where populations differ
    (docs/methods/getis-ord.md, bench/calibration.py). The other measures and Moran's I draw so many
    `permutations`, since the smallest p that they allow must survive the correction for 3,321
    tests: with 9,999 of them a lone commune could not reach 99 % however hot it was.
    `nearest` counts the neighbours of the neighbourhood of that name; `reach_metres` is the radius
    of a distance band, or the greatest gap along the border of a border section.
    """

    method: str = "gi_star"
    measure: Measure = "standardised_rate"
    border_only: bool = False
    neighbourhood: Neighbourhood = "queen"
    nearest: int = 8
    reach_metres: float = 20_000.0
    permutations: int = 99_999
    seed: int = 20_250_701

    @property
    def is_drawn(self) -> bool:
        """Whether p comes from permutations."""
        return is_drawn(self.method, self.measure)


def is_drawn(method: str, measure: str) -> bool:
    """Whether p of a run comes from draws, not from the law of the incidents themselves."""
    return method not in ("gi_star", "emerging") or measure != "standardised_rate"


@dataclass(frozen=True, slots=True)
class Observations:
    """What was counted in n units in `days` days; arrays have the shape (n,).

    `population` is NaN where unknown; `on_border` says which units lie on the land border.
    """

    counts: NDArray[np.float64]
    population: NDArray[np.float64]
    on_border: NDArray[np.bool_]
    weights: Weights
    days: float


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome for n units; arrays have the shape (n,), NaN where a unit was left out.

    `value` is what was measured (rate per 100,000 a year, or count); `expected` the rate of all
    units analysed together, or their mean count; `neighbour_mean` the mean over a unit's
    neighbours; `classes` is -3 … 3 (cold to hot at 99, 95, 90 %), and NaN where there are no data.
    `neighbours` counts them. `quadrant` is a local_moran.Quadrant, NaN for methods that know none.
    """

    value: NDArray[np.float64]
    expected: NDArray[np.float64]
    neighbour_mean: NDArray[np.float64]
    neighbours: NDArray[np.int64]
    z: NDArray[np.float64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    classes: NDArray[np.float64]
    quadrant: NDArray[np.float64]


def neighbourhood(
    units: geopandas.GeoSeries, border: geopandas.GeoSeries, parameters: Surroundings
) -> Weights:
    """The neighbours that the parameters ask for, of units along the land-border lines."""
    match parameters.neighbourhood:
        case "queen":
            return queen(units)
        case "nearest":
            return nearest(units, parameters.nearest)
        case "distance_band":
            return distance_band(units, parameters.reach_metres)
        case "border_section":
            return border_section(units, border, parameters.reach_metres)


class Finding(NamedTuple):
    """What a method says of n units; arrays have the shape (n,).

    `z` is the score, high for hot; `p` two-sided; `side` the sign of the deviation that `p` tests;
    `quadrant` a local_moran.Quadrant, for methods that know one.
    """

    z: NDArray[np.float64]
    p: NDArray[np.float64]
    side: NDArray[np.float64]
    quadrant: NDArray[np.float64] | None = None


class Method(Protocol):
    """A local statistic of finite values and their neighbourhood."""

    def __call__(
        self, values: NDArray[np.float64], weights: Weights, parameters: Parameters
    ) -> Finding:
        """Analyse values of the shape (n,) on weights of the same n units."""


def getis_ord(values: NDArray[np.float64], weights: Weights, parameters: Parameters) -> Finding:
    """Gi* with conditional permutations; see geo.analysis.getis_ord."""
    found = gi_star(values, weights, permutations=parameters.permutations, seed=parameters.seed)
    return Finding(found.z, found.p, found.side)


def moran(values: NDArray[np.float64], weights: Weights, parameters: Parameters) -> Finding:
    """Local Moran's I; see geo.analysis.local_moran.

    z is I's standard score with the sign of the unit's own deviation, so that high among high is
    positive and low among low negative. Units of the other quadrants (low among high, high among
    low) are exceptions: class 0, told by value and neighbour_mean lying on two sides of expected.
    """
    found = local_moran(values, weights, permutations=parameters.permutations, seed=parameters.seed)
    own = np.sign(values - values.mean())
    like = np.isin(found.quadrant, (Quadrant.HIGH_HIGH, Quadrant.LOW_LOW))
    side = np.where(like, found.side, -own)
    return Finding(own * np.abs(found.z), found.p, side, found.quadrant.astype(float))


METHODS: dict[str, Method] = {"gi_star": getis_ord, "local_moran": moran}


def analyse(observations: Observations, parameters: Parameters) -> Result:
    """Find hot and cold spots among the units that have data.

    Units without a value (no population, or inland ones when only the border is asked for) are
    left out before neighbours are counted, so that they neither receive a class nor lend a zero.

    Raises:
        KeyError: there is no method of that name.
    """
    value = _values(observations, parameters)
    used = np.isfinite(value)
    if used.sum() < FEWEST_UNITS:
        used[:] = False
    weights = observations.weights.subset(used)
    inside = value[used]
    tested = _tested(observations, parameters, used) if used.any() else inside
    method = METHODS[parameters.method]
    found, chance = Finding(inside, inside, inside), None
    if used.any():
        if parameters.measure != "count":
            population = observations.population[used]
            chance = chance_around(observations.counts[None, used], population, weights)
        if chance and not parameters.is_drawn:
            found = Finding(scores(tested, weights), chance.p[0], chance.side[0])
        else:
            found = method(tested, weights, parameters)
    q = false_discovery_rate(found.p)
    found_classes = classes(found, q)
    if chance and parameters.is_drawn:
        coldest, hottest = allowed_by(chance)
        found_classes = np.clip(found_classes, coldest, hottest)
    quadrant = found.quadrant
    return Result(
        value=value,
        expected=spread(used, np.full(len(inside), _level(observations, parameters, inside, used))),
        neighbour_mean=spread(used, mean_around(inside, weights)),
        neighbours=spread(used, weights.counts.astype(float), missing=0).astype(np.int64),
        z=spread(used, found.z),
        p=spread(used, found.p),
        q=spread(used, q),
        classes=spread(used, found_classes),
        quadrant=spread(used, np.full(len(inside), np.nan) if quadrant is None else quadrant),
    )


def _level(
    observations: Observations,
    parameters: Parameters,
    inside: NDArray[np.float64],
    used: NDArray[np.bool_],
) -> float:
    """What each would have if all had alike: the mean count, or the rate of all together."""
    if not used.any():
        return np.nan
    is_count = parameters.measure == "count"
    return float(np.average(inside, weights=None if is_count else observations.population[used]))


def mean_around(values: NDArray[np.float64], weights: Weights) -> NDArray[np.float64]:
    """The mean of each unit's neighbours, shape (n,); NaN where it has none."""
    counts, sums = weights.counts, weights.matrix(star=False) @ values
    return np.divide(sums, counts, out=np.full(len(values), np.nan), where=counts > 0)


def classes(found: Finding, q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Classes -3 … 3: a step for each of LEVELS that the adjusted p-value q reaches.

    Score and what p tests must lie on the same side. Where p is of the neighbours alone, a unit of
    the other side is an exception among them (high among low, or low among high): 0.
    """
    steps = np.sum([q <= level for level in LEVELS], axis=0)
    return np.where(np.sign(found.z) == found.side, found.side * steps, 0.0)


def allowed_by(chance: Chance) -> NDArray[np.float64]:
    """The coldest and the hottest class that the incidents around each unit can bear, shape (2, n).

    Permuted rates are not exchangeable where populations differ: of a few hundred incidents in a
    country one among few inhabitants makes hotspots of all around it. So no class goes further
    than that of the incidents of a unit and its neighbours together, corrected for all units.
    """
    q = false_discovery_rate(chance.p[0])
    steps = np.sum([q <= level for level in LEVELS], axis=0)
    side = chance.side[0]
    return np.array([np.where(side < 0, -steps, 0), np.where(side > 0, steps, 0)], dtype=float)


def _values(observations: Observations, parameters: Parameters) -> NDArray[np.float64]:
    asked = observations.on_border if parameters.border_only else True
    if parameters.measure == "count":
        return np.where(asked, observations.counts.astype(float), np.nan)
    # Units that are not asked for must not take part in what the others are drawn towards.
    population = np.where(asked, observations.population, np.nan)
    if parameters.measure == "smoothed_rate":
        return empirical_bayes(observations.counts, population, observations.days).rate
    return crude_rates(observations.counts, population, observations.days)


def _tested(
    observations: Observations, parameters: Parameters, used: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """What the method sees of the units used: their values, or how far these lie from the mean."""
    if parameters.measure == "standardised_rate":
        return standardised_rates(observations.counts[used], observations.population[used])
    return _values(observations, parameters)[used]


def spread(
    used: NDArray[np.bool_], values: NDArray[np.float64], *, missing: float = np.nan
) -> NDArray[np.float64]:
    """Values of the units used, at their places among all."""
    whole = np.full(len(used), missing)
    whole[used] = values
    return whole
