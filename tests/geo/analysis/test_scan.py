"""The scan against every window enumerated one by one, and against a published analysis."""

from typing import Any

import geopandas
import libpysal
import numpy as np
import pytest
from numpy.typing import NDArray

from geo.analysis.scan import Design, scan
from geo.analysis.scan_windows import circles, log_likelihood_ratio, search

Window = tuple[float, frozenset[int], int, int]
NEVER = 10**9


def enumerate_windows(
    cases: NDArray[np.int64],
    points: NDArray[np.float64],
    due: NDArray[np.float64],
    design: Design,
) -> list[Window]:
    """Ratio, units, start and end of each window, by plain loops and the formula of the paper."""
    total, (size, steps) = cases.sum(), cases.shape
    limit = design.largest_share * due.sum()
    found = []
    for centre in range(size):
        order = sorted(range(size), key=lambda u: ((points[u] - points[centre]) ** 2).sum())
        for number in range(1, size + 1):
            units = order[:number]
            if due[units].sum() > limit * (1 + 1e-9):
                break
            for end in [steps] if design.prospective else range(1, steps + 1):
                for start in range(max(0, end - design.longest), end):
                    c = cases[units, start:end].sum()
                    e = due[units, start:end].sum()
                    ratio = 0.0
                    if c > e:
                        ratio = c * np.log(c / e)
                        if c < total:
                            ratio += (total - c) * np.log((total - c) / (total - e))
                    found.append((ratio, frozenset(units), start, end))
    return found


def data(seed: int, size: int = 25, steps: int = 8, mean: float = 0.5) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    population = random.integers(500, 5_000, size).astype(float)
    cases = random.poisson(mean * np.outer(population, np.ones(steps)) / population.mean())
    return {
        "cases": cases.astype(np.int64),
        "points": random.uniform(0, 1e5, (size, 2)),
        "population": population,
    }


def due_of(given: dict[str, Any], model: str) -> NDArray[np.float64]:
    cases = given["cases"]
    if model == "permutation":
        return np.outer(cases.sum(axis=1), cases.sum(axis=0)) / cases.sum()
    people = np.broadcast_to(given["population"][:, None], cases.shape)
    return people / people.sum() * cases.sum()


MODELS = pytest.mark.parametrize("model", ["poisson", "permutation"])
DIRECTIONS = pytest.mark.parametrize("prospective", [True, False])


@MODELS
@DIRECTIONS
@pytest.mark.parametrize("seed", range(4))
def test_clusters_are_the_likeliest_of_all_windows(
    model: Any, prospective: bool, seed: int
) -> None:
    given = data(seed, mean=(0.1, 0.5, 2.0, 20.0)[seed])
    design = Design(model, prospective, 0.4, 5, replications=19, seed=seed)
    result = scan(**given, design=design)
    windows = enumerate_windows(given["cases"], given["points"], due_of(given, model), design)
    best = max(ratio for ratio, *_ in windows)
    first = result.clusters[0]
    assert first.ratio == pytest.approx(best, rel=1e-9)
    known = {(units, start, end): ratio for ratio, units, start, end in windows}
    taken: set[int] = set()
    for cluster in result.clusters:
        units = frozenset(cluster.units.tolist())
        assert known[units, cluster.start, cluster.end] == pytest.approx(cluster.ratio, rel=1e-9)
        inside = sorted(units), slice(cluster.start, cluster.end)
        assert cluster.observed == given["cases"][inside].sum()
        assert cluster.expected == pytest.approx(due_of(given, model)[inside].sum())
        assert not taken & units
        taken |= units
    ratios = [cluster.ratio for cluster in result.clusters]
    assert ratios == sorted(ratios, reverse=True)


@MODELS
@DIRECTIONS
@pytest.mark.parametrize("mean", [0.05, 1.0, 30.0])
def test_the_maximum_of_each_replication_is_that_of_all_windows(
    model: Any, prospective: bool, mean: float
) -> None:
    # The bounds skip most windows; the exhaustive search of the same draws must not find more.
    given = data(3, size=60, steps=12, mean=mean)
    spans = np.array([(s, e) for e in range(1, 13) for s in range(max(0, e - 6), e)])
    spans = spans[spans[:, 1] == 12] if prospective else spans
    random = np.random.default_rng(8)
    due = due_of(given, model)

    def by_span(counts: NDArray[np.float64]) -> NDArray[np.float64]:
        sums = [counts[:, start:end].sum(axis=1) for start, end in spans]
        return np.vstack([np.column_stack(sums), np.zeros(len(spans))])

    windows = search(
        circles(given["points"], due.sum(axis=1), 0.5), by_span(due), given["cases"].sum()
    )
    drawn = np.stack([by_span(random.poisson(due).astype(float)) for _ in range(12)], axis=1)
    exact = np.array([windows.each_centre(drawn[:, one])[0].max() for one in range(12)])
    for level in (0.3, 0.9 * exact.min(), float(np.median(exact)), 1.01 * exact.max()):
        found = windows.maxima(drawn.astype(np.float32), windows.needed(level))
        reached = exact >= level
        assert found[reached] == pytest.approx(exact[reached], rel=1e-9)
        assert (found[~reached] <= exact[~reached] * (1 + 1e-9)).all()


@MODELS
@pytest.mark.parametrize("guesses", [(4.0, 3.0, 2.0), (1.6, 1.3, 1.1), (0.9,)])
def test_a_wrong_first_guess_makes_a_scan_slower_not_different(
    model: Any, guesses: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Groups that seemed to reach a level and do not have ratios, too: not the highest of all.
    given = data(5, size=60, steps=12)
    design = Design(model, prospective=False, largest_share=0.5, replications=60, stop_after=NEVER)
    usual = scan(**given, design=design).maxima
    monkeypatch.setattr("geo.analysis.scan.GUESSES", guesses)
    assert scan(**given, design=design).maxima == pytest.approx(usual, rel=1e-9)
    monkeypatch.setattr("geo.analysis.scan.GUESSES", ())
    assert scan(**given, design=design).maxima == pytest.approx(usual, rel=1e-9)


def test_the_ratio_by_hand() -> None:
    # Six of ten where two are due: 6 ln 3 + 4 ln(4 / 8); all ten: 10 ln 5; fewer than due: 0.
    found = log_likelihood_ratio(np.array([6.0, 10, 1]), np.array([2.0, 2, 2]), 10)
    assert found == pytest.approx([6 * np.log(3) + 4 * np.log(0.5), 10 * np.log(5), 0])


def test_sudden_deaths_in_north_carolina_as_published() -> None:
    # Deaths and births of 1974-78 in 100 counties. Published for the scan statistic: the likeliest
    # cluster in the north-east, four counties with 5.12 deaths per 1,000 births, the second in the
    # south, six counties with 3.76 ("Spatially varying effects of measured confounding variables
    # on disease risk", Int J Health Geogr 2021, doi 10.1186/s12942-021-00298-6, table 1).
    counties = geopandas.read_file(libpysal.examples.get_path("sids2.shp"))
    places = counties.set_crs(4267, allow_override=True).to_crs(32119).centroid
    births = counties["BIR74"].to_numpy(float)
    result = scan(
        counties["SID74"].to_numpy(np.int64)[:, None],
        np.column_stack([places.x, places.y]),
        Design(longest=1, stop_after=NEVER),
        births,
    )
    north_east, south = result.clusters[:2]
    assert [len(cluster.units) for cluster in (north_east, south)] == [4, 6]
    incidence = [1_000 * c.observed / births[c.units].sum() for c in (north_east, south)]
    assert incidence == pytest.approx([5.12, 3.76], abs=0.006)
    assert {"Halifax", "Northampton"} < set(counties["NAME"].iloc[north_east.units])
    assert {"Robeson", "Scotland"} < set(counties["NAME"].iloc[south.units])
    assert (north_east.p, south.p) == (0.001, 0.001)


def test_a_planted_cluster_is_found_where_and_when_it_is() -> None:
    random = np.random.default_rng(6)
    x, y = np.meshgrid(np.arange(15.0), np.arange(15.0))
    points = np.column_stack([x.ravel(), y.ravel()]) * 1_000
    due = np.full((225, 30), 0.1)
    planted = np.flatnonzero(((points - [7_000, 7_000]) ** 2).sum(axis=1) <= 2_000**2)
    due[planted, -4:] *= 8
    cases = random.poisson(due).astype(np.int64)
    first = scan(cases, points, Design(longest=10), np.ones(225)).clusters[0]
    assert len(set(first.units.tolist()) & set(planted.tolist())) >= 11  # of 13
    assert 25 <= first.start <= 27
    assert first.end == 30
    assert first.p == 0.001
    assert first.recurrence == pytest.approx(1_000)
    assert first.gumbel_p < 0.001
    assert 2_000 <= first.radius <= 3_000
    assert 5 < first.relative_risk < 11


def test_a_permutation_scan_sees_no_purely_spatial_or_temporal_pattern() -> None:
    random = np.random.default_rng(12)
    points = random.uniform(0, 1e5, (80, 2))
    due = np.outer(np.where(np.arange(80) < 8, 3.0, 0.3), np.where(np.arange(20) > 16, 4.0, 1.0))
    cases = random.poisson(due).astype(np.int64)
    design = Design("permutation", longest=6, replications=199, largest_share=0.5)
    assert scan(cases, points, design).clusters[0].p > 0.05
    poisson = Design(longest=6, replications=199, largest_share=0.5)
    assert scan(cases, points, poisson, np.ones(80)).clusters[0].p == 0.005


def test_early_stopping_keeps_the_verdict() -> None:
    given = data(11, size=40)
    whole = scan(**given, design=Design(replications=399, stop_after=NEVER))
    early = scan(**given, design=Design(replications=399, stop_after=20))
    assert len(whole.maxima) == 399
    assert early.stopped_early
    assert len(early.maxima) < 399
    assert early.maxima.tolist() == whole.maxima[: len(early.maxima)].tolist()
    # The twentieth to reach the observed one ends it: p is 20 by how many it took.
    over = early.maxima >= early.clusters[0].ratio
    assert (over.sum(), over[-1]) == (20, True)
    assert early.clusters[0].p == 20 / len(early.maxima)
    assert whole.clusters[0].p > 0.05


def test_the_seed_decides_and_the_number_of_threads_does_not() -> None:
    given = data(2, size=40)
    one, two, other = (
        scan(**given, design=Design(replications=150, workers=workers, seed=seed)).maxima
        for workers, seed in ((1, 4), (3, 4), (1, 5))
    )
    assert one[: len(two)].tolist() == two[: len(one)].tolist()
    assert one[0] != other[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cases": np.zeros((25, 8), dtype=np.int64)}, "0 cases"),
        ({"points": np.zeros((3, 2))}, "3 places"),
        ({"population": None}, "needs the population"),
        ({"population": np.full(25, np.nan)}, "unknown"),
        ({"population": np.zeros(25)}, "nobody lives"),
    ],
)
def test_what_cannot_be_scanned_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        scan(**(data(1) | changes), design=Design())
