"""From what was counted to the rows that a run stores, for every method."""

from dataclasses import dataclass, replace
from typing import Any

import geopandas
import numpy as np
from numpy.typing import NDArray

from geo.analysis.distance_weights import geocentric
from geo.analysis.emerging import Category
from geo.analysis.hotspots import Observations, Parameters, analyse, neighbourhood
from geo.analysis.progress import Ticks, unwatched
from geo.analysis.scan import Cluster
from geo.analysis.scan_windows import TooManyWindows
from geo.analysis.space_time import (
    Cube,
    EmergingParameters,
    ScanParameters,
    ScanResult,
    cluster_class,
    find_clusters,
    find_emerging,
)
from geo.analysis.weights import Weights
from geo.errors import InputError
from geo.pipeline.hotspot_questions import DAYS_PER_MONTH, Counted, Question
from geo.store.hotspots import CLUSTER_COLUMNS, RESULT_COLUMNS, Findings

# A cluster tells where and when: one of a few incidents would tell of each of them. Those that are
# left out make no other cluster surer, since replications are held against all windows.
FEWEST_IN_CLUSTER = 5


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the units of a level lie, in the order of their codes, and the land-border lines."""

    units: geopandas.GeoDataFrame
    border: geopandas.GeoDataFrame

    @property
    def on_border(self) -> NDArray[np.bool_]:
        """Which units lie on the land border."""
        return np.asarray(self.units["is_land_border"].to_numpy(bool))


def answer(
    question: Question, counted: Counted, ground: Ground, ticks: Ticks = unwatched
) -> Findings:
    """Compute what the run stores.

    Args:
        ticks: told how far it is, where it takes long; the local statistics are one step.

    Raises:
        InputError: there is too little to compute anything from, or too much to scan.
    """
    try:
        match question.parameters:
            case Parameters() as parameters:
                return _local(question, counted, ground, parameters)
            case EmergingParameters() as parameters:
                return _emerging(question, counted, ground, parameters, ticks)
            case ScanParameters() as parameters:
                return _scan(question, counted, ground, parameters, ticks)
    except TooManyWindows as error:
        raise InputError(
            "hotspots.too_many_windows",
            "Quá nhiều vòng tròn và khoảng thời gian để quét: hãy chọn kỳ hoặc khoảng (longest)"
            " ngắn hơn, bước dài hơn, vòng tròn nhỏ hơn (largest_share), hoặc chỉ quét cụm còn"
            " đến nay (prospective).",
            "There are too many circles and spans of time to scan: choose a shorter period or"
            " longest span, longer steps, smaller circles (largest_share), or prospective.",
        ) from error
    except ValueError as error:
        raise too_little() from error


def too_little() -> InputError:
    """The error that says that nothing can be told from so few incidents."""
    return InputError(
        "hotspots.too_little",
        "Không đủ dữ liệu để phân tích: hãy chọn kỳ dài hơn, hoặc mọi loại vụ việc.",
        "There is too little to analyse: choose a longer period, or all kinds of incidents.",
    )


def sides_of(
    question: Question, counted: Counted, ground: Ground, weights: Weights | None
) -> NDArray[np.float64]:
    """As `sides`, computed without what else a run stores; NaN everywhere from too few data.

    Args:
        weights: of the neighbourhood that the parameters name; a scan needs none.

    Raises:
        TooManyWindows: a scan would not fit into memory.
    """
    parameters = question.parameters
    try:
        if isinstance(parameters, ScanParameters):
            return _scan_classes(_clusters(_cube(question, counted, ground), parameters))
        if weights is None:
            raise TypeError(parameters.method)
        if isinstance(parameters, EmergingParameters):
            cube = _cube(question, counted, ground)
            return sides(question, find_emerging(cube, weights, parameters).category)
        return analyse(_observations(question, counted, ground, weights), parameters).classes
    except TooManyWindows:
        raise
    except ValueError:
        return np.full(len(counted.codes), np.nan)


def sides(question: Question, classes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Classes, of the shape (n,), as their sign says hot, cold or neither at the end of the period.

    A category is 1, -1 or 0: a historical hotspot is none now.
    """
    if not isinstance(question.parameters, EmergingParameters):
        return classes
    return np.where(np.abs(classes) == Category.HISTORICAL_HOT, 0.0, np.sign(classes))


def _observations(
    question: Question, counted: Counted, ground: Ground, weights: Weights
) -> Observations:
    return Observations(
        counts=counted.counts[0].astype(np.float64),
        population=counted.population,
        on_border=ground.on_border,
        weights=weights,
        days=(question.period_to - question.period_from).days,
    )


def _local(
    question: Question, counted: Counted, ground: Ground, parameters: Parameters
) -> Findings:
    weights = neighbourhood(ground.units.geometry, ground.border.geometry, parameters)
    found = analyse(_observations(question, counted, ground, weights), parameters)
    columns: dict[str, list[Any]] = {
        "value": _plain(found.value),
        "expected": _plain(found.expected),
        "neighbour_mean": _plain(found.neighbour_mean),
        "neighbours": found.neighbours.tolist(),
        "z": _plain(found.z),
        "p": _plain(found.p),
        "q": _plain(found.q),
        "class": whole_numbers(found.classes),
        "quadrant": whole_numbers(found.quadrant),
    }
    return Findings(_rows(counted, columns))


def _emerging(
    question: Question,
    counted: Counted,
    ground: Ground,
    parameters: EmergingParameters,
    ticks: Ticks,
) -> Findings:
    weights = neighbourhood(ground.units.geometry, ground.border.geometry, parameters)
    found = find_emerging(_cube(question, counted, ground), weights, parameters, ticks)
    left_out = np.isnan(found.category)
    states = zip(found.states.T.tolist(), left_out, strict=True)
    columns: dict[str, list[Any]] = {
        "value": _plain(found.level.value),
        "expected": _plain(found.level.expected),
        "neighbour_mean": _plain(found.neighbour_mean),
        "neighbours": found.neighbours.tolist(),
        "z": _plain(found.z),
        "p": _plain(found.p),
        "q": _plain(found.q),
        "class": whole_numbers(found.category),
        "trend_z": _plain(found.trend_z),
        "trend_p": _plain(found.trend_p),
        "states": [None if is_out else of_unit for of_unit, is_out in states],
    }
    return Findings(_rows(counted, columns))


def _scan(
    question: Question,
    counted: Counted,
    ground: Ground,
    parameters: ScanParameters,
    ticks: Ticks,
) -> Findings:
    found = _clusters(_cube(question, counted, ground), parameters, ticks)
    columns: dict[str, list[Any]] = {
        "value": _plain(found.level.value),
        "expected": _plain(found.level.expected),
        "neighbours": [0] * len(found.rank),
        "class": whole_numbers(_scan_classes(found)),
        "cluster_rank": whole_numbers(found.rank),
    }
    clusters = [
        _cluster(rank, cluster, question, counted, parameters)
        for rank, cluster in enumerate(found.clusters, 1)
    ]
    return Findings(_rows(counted, columns), clusters)


def _clusters(cube: Cube, parameters: ScanParameters, ticks: Ticks = unwatched) -> ScanResult:
    """The clusters that are kept, ranked among each other."""
    found = find_clusters(cube, parameters, ticks)
    is_kept = np.array([one.observed >= FEWEST_IN_CLUSTER for one in found.clusters], bool)
    ranks = np.append(0, np.where(is_kept, is_kept.cumsum(), 0)).astype(float)
    known = ranks[np.nan_to_num(found.rank).astype(np.int64)]
    return replace(
        found,
        rank=np.where(np.isnan(found.rank), np.nan, known),
        clusters=tuple(one for one, kept in zip(found.clusters, is_kept, strict=True) if kept),
    )


def _scan_classes(found: ScanResult) -> NDArray[np.float64]:
    """Each unit has the class of its cluster."""
    classes = np.array([0, *(cluster_class(cluster.p) for cluster in found.clusters)], float)
    rank = np.nan_to_num(found.rank).astype(np.int64)
    return np.where(np.isnan(found.rank), np.nan, classes[rank])


def _cluster(
    rank: int,
    cluster: Cluster,
    question: Question,
    counted: Counted,
    parameters: ScanParameters,
) -> tuple[Any, ...]:
    edges, step = question.edges, parameters.step
    risk, recurrence = cluster.relative_risk, cluster.recurrence
    months = question.cell_days / DAYS_PER_MONTH
    values = {
        "rank": rank,
        "centre": counted.codes[cluster.centre],
        "members": [counted.codes[unit] for unit in cluster.units],
        "radius_m": cluster.radius,
        "period_from": edges[cluster.start * step],
        "period_to": edges[cluster.end * step],
        "incidents": cluster.observed,
        "expected": cluster.expected,
        "relative_risk": risk if np.isfinite(risk) else None,
        "ratio": cluster.ratio,
        "p": cluster.p,
        "gumbel_p": cluster.gumbel_p,
        "recurrence_months": None if recurrence is None else recurrence * step * months,
        "class": cluster_class(cluster.p),
    }
    return tuple(values[name] for name in CLUSTER_COLUMNS)


def _cube(question: Question, counted: Counted, ground: Ground) -> Cube:
    points = geocentric(ground.units.geometry)
    days = len(counted.counts) * question.cell_days
    return Cube(counted.counts, counted.population, ground.on_border, points, days)


def _rows(counted: Counted, columns: dict[str, list[Any]]) -> list[tuple[Any, ...]]:
    nothing = [None] * len(counted.codes)
    known = columns | {
        "code": list(counted.codes),
        "incidents": counted.counts.sum(axis=0).tolist(),
        "population": whole_numbers(counted.population),
    }
    return list(zip(*(known.get(name, nothing) for name in RESULT_COLUMNS), strict=True))


def _plain(values: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def whole_numbers(values: NDArray[np.float64]) -> list[int | None]:
    """As a column of whole numbers, null where there is none."""
    return [None if np.isnan(value) else int(value) for value in values]
