"""The scan against space-time answers that SaTScan printed on the same counts (data/README.md)."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas
import pytest
from numpy.typing import NDArray

from geo.analysis.scan import Cluster, Design, scan

VISITS = Path(__file__).parent / "data" / "new_york_visits_2020.csv"
EARTH = 6_367_000  # metres; with it the radii are those printed
NEVER = 10**9

# Places, time frame, radius in km, observed, expected, test statistic, p.
PERMUTATION = [
    ("11213 11216 11238 11233 11225 11212 11221 11203", (18, 18), 2.38, 8, 1.35, 7.654791, 0.056),
    ("10030 10031 10027", (8, 11), 1.68, 10, 2.87, 5.429058, 0.634),
    ("10309 10312 10306 10314", (5, 5), 8.91, 3, 0.22, 5.059277, 0.790),
    ("10465 10461 10462 10472 10473 10464 10475 11357", (4, 4), 4.52, 5, 0.83, 4.813819, 0.887),
    ("10467 10469 10466 10468 10458 10463", (12, 17), 3.54, 18, 8.25, 4.438419, 0.976),
]
PERMUTATION_RUNS = 900  # it ended early, at the 50th that reached the first cluster
POISSON = """
    10021 10065 10028 10128 10022 10023 11106 10029 11102 10019 10036 10025 10016 10026 11101 10035
    11105 11103 10027 10024 11222 10011 10009 10010 11377 10003 10014 10030 10454 11370 10002 10455
    11378 10451 10031 11211 10013 11372 10278 11373 10038 11369 11205 10456 10032 10033 11206 11201
    10452 11237 11379 10459 11221 11368 10453 11238
"""


@pytest.fixture(scope="module")
def visits() -> pandas.DataFrame:
    return pandas.read_csv(VISITS, dtype={"zip": str})


def points(visits: pandas.DataFrame) -> NDArray[np.float64]:
    latitude, longitude = np.radians(visits[["latitude", "longitude"]].to_numpy()).T
    east, north = np.cos(longitude), np.sin(longitude)
    level = np.cos(latitude)
    return EARTH * np.column_stack([level * east, level * north, np.sin(latitude)])


def by_day(visits: pandas.DataFrame, first: date, last: date) -> NDArray[np.int64]:
    days = [str(first + timedelta(day)) for day in range((last - first).days + 1)]
    return visits[days].to_numpy(np.int64)


def places(visits: pandas.DataFrame, cluster: Cluster) -> set[str]:
    return {one for both in visits["zip"].iloc[cluster.units] for one in both.split("+")}


def test_the_five_clusters_of_a_permutation_scan_as_printed(visits: pandas.DataFrame) -> None:
    # Printed for 15 February to 20 March and spans of at most half of it, with the counts of March
    # alone: days without any visit change no window.
    march = by_day(visits, date(2020, 3, 1), date(2020, 3, 19))
    assert march.shape == (133, 19)
    assert march.sum() == 326
    design = Design(
        "permutation",
        prospective=False,
        largest_share=0.5,
        longest=17,
        replications=399,
        stop_after=NEVER,
    )
    result = scan(march, points(visits), design)
    for cluster, printed in zip(result.clusters[:5], PERMUTATION, strict=True):
        where, (first, last), radius, observed, expected, ratio, p = printed
        assert places(visits, cluster) == set(where.split())
        assert (cluster.start + 1, cluster.end) == (first, last)
        assert cluster.radius / 1_000 == pytest.approx(radius, abs=0.0051)
        assert cluster.observed == observed
        assert cluster.expected == pytest.approx(expected, abs=0.0051)
        assert cluster.ratio == pytest.approx(ratio, abs=6e-7)
        error = np.sqrt(p * (1 - p) * (1 / design.replications + 1 / PERMUTATION_RUNS))
        assert cluster.p == pytest.approx(p, abs=3 * error)


def test_the_cluster_of_a_prospective_poisson_scan_as_printed(visits: pandas.DataFrame) -> None:
    # Steps of seven days that end with the last day, so that the first step has six; spans of at
    # most half the period.
    days = by_day(visits, date(2020, 2, 15), date(2020, 3, 19))
    starts = np.arange(-1, 34, 7).clip(0)
    weeks = np.add.reduceat(days, starts, axis=1)
    lengths = np.diff([*starts, 34])
    assert weeks.shape == (133, 5)
    assert weeks.sum() == 511
    population = visits["population"].to_numpy(float)
    assert population.sum() == 7_527_645
    design = Design(largest_share=0.5, longest=2)
    first = scan(weeks, points(visits), design, np.outer(population, lengths)).clusters[0]
    assert places(visits, first) == set(POISSON.split())
    assert lengths[: first.start].sum() == (date(2020, 3, 6) - date(2020, 2, 15)).days
    assert first.end == 5
    assert first.radius / 1_000 == pytest.approx(10.00, abs=0.0051)
    assert population[first.units].sum() == 2_887_805
    assert first.observed == 141
    assert first.expected == pytest.approx(80.72, abs=0.0051)
    assert first.relative_risk == pytest.approx(2.03, abs=0.0051)
    assert first.ratio == pytest.approx(22.801194, abs=6e-7)
    # Printed is the p of the Gumbel distribution fitted to 999 maxima. A deviation of the maxima is
    # known to a thirtieth or so, and ln p with it: to half of one in each of the two.
    assert first.p == 0.001
    assert np.log(first.gumbel_p) == pytest.approx(np.log(0.00000016), abs=2)
