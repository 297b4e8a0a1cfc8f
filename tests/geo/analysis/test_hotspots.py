import numpy as np
import pytest
from numpy.typing import NDArray

from geo.analysis.getis_ord import gi_star
from geo.analysis.hotspots import (
    Finding,
    Observations,
    Parameters,
    allowed_by,
    analyse,
    classes,
)
from geo.analysis.inference import Chance
from geo.analysis.smoothing import standardised_rates
from geo.analysis.weights import queen
from tests.geo.analysis.grids import grid

SIDE = 12
PLANTED = [row * SIDE + column for row in range(3) for column in range(3)]


def observations(**changes: NDArray[np.generic]) -> Observations:
    """A square of 144 units: 60 events in each of nine in a corner, two elsewhere."""
    counts = np.full(SIDE**2, 2.0)
    counts[PLANTED] = 60.0
    given = {
        "counts": counts,
        "population": np.full(SIDE**2, 10_000.0),
        "on_border": np.arange(SIDE**2) < 5 * SIDE,
    }
    return Observations(**(given | changes), weights=queen(grid(SIDE, SIDE)), days=365.25)


def test_a_planted_cluster_is_found() -> None:
    result = analyse(observations(), Parameters())
    assert set(np.flatnonzero(result.classes == 3)) >= {0, 1, SIDE, SIDE + 1}
    assert (result.classes[6 * SIDE :] == 0).all()
    assert result.value[[0, -1]].tolist() == pytest.approx([600.0, 20.0])
    # 9 · 600 + 135 · 20 over 144 units.
    assert result.expected.tolist() == pytest.approx([56.25] * SIDE**2)
    assert result.neighbours[0] == 3
    assert result.neighbour_mean[0] == pytest.approx(600.0)


def test_rates_and_counts_answer_different_questions() -> None:
    population = np.full(SIDE**2, 10_000.0)
    population[PLANTED] = 300_000.0  # as many events per inhabitant as everywhere
    by_rate = analyse(observations(population=population), Parameters())
    by_count = analyse(observations(population=population), Parameters(measure="count"))
    assert (by_rate.classes == 0).all()
    assert by_count.classes[0] == 3


def test_smoothed_rates_do_not_let_a_handful_of_people_make_a_peak() -> None:
    population = np.full(SIDE**2, 10_000.0)
    population[100] = 50.0  # two events among fifty: 4,000 per 100,000
    crude = analyse(observations(population=population), Parameters())
    smooth = analyse(observations(population=population), Parameters(measure="smoothed_rate"))
    assert crude.value[100] == pytest.approx(4_000.0)
    assert smooth.value[100] < 0.2 * crude.value[100]
    assert smooth.classes[0] == 3
    # The border alone is drawn towards the border's own mean, not towards the country's.
    border = analyse(
        observations(population=population), Parameters(measure="smoothed_rate", border_only=True)
    )
    part = observations(population=np.where(np.arange(SIDE**2) < 5 * SIDE, population, np.nan))
    alone = analyse(part, Parameters(measure="smoothed_rate"))
    assert border.value[: 5 * SIDE].tolist() == alone.value[: 5 * SIDE].tolist()


def test_standardised_rates_test_deviations_and_show_rates() -> None:
    population = np.full(SIDE**2, 10_000.0)
    population[[20, 100]] = [np.nan, 400_000.0]
    given = observations(population=population)
    found = analyse(given, Parameters(measure="standardised_rate"))
    crude = analyse(given, Parameters())
    for name in ("value", "expected", "neighbour_mean"):
        shown, rates = getattr(found, name), getattr(crude, name)
        assert shown[~np.isnan(rates)].tolist() == rates[~np.isnan(rates)].tolist()
    used = np.isfinite(population)
    scores = standardised_rates(given.counts[used], population[used])
    alone = gi_star(scores, given.weights.subset(used), permutations=9)
    assert found.z[used].tolist() == alone.z.tolist()
    assert found.classes[0] == 3
    assert np.isnan(found.classes[20])


def test_local_moran_is_a_method_and_calls_an_exception_no_hotspot() -> None:
    counts = np.full(SIDE**2, 2.0)
    counts[PLANTED] = 60.0
    counts[0] = 0.0  # low among high
    found = analyse(observations(counts=counts), Parameters(method="local_moran"))
    assert found.p[0] < 0.001
    assert found.classes[[0, 1, SIDE]].tolist() == [0, 3, 3]
    # The same draws of neighbours as Gi*: the same p, another reading of it.
    gi_star = analyse(observations(counts=counts), Parameters(measure="rate"))
    assert found.p.tolist() == gi_star.p.tolist()


def test_units_without_population_are_left_out_and_lend_no_zero() -> None:
    population = np.full(SIDE**2, 10_000.0)
    population[[1, 100]] = [np.nan, 0.0]
    result = analyse(observations(population=population), Parameters())
    for values in (result.value, result.expected, result.z, result.p, result.q, result.classes):
        assert np.flatnonzero(np.isnan(values)).tolist() == [1, 100]
    assert result.neighbours[[0, 1]].tolist() == [2, 0]
    assert result.neighbour_mean[0] == pytest.approx(600.0)


def test_border_only_is_the_same_as_a_map_of_the_border_alone() -> None:
    everything = observations()
    border = everything.on_border
    part = Observations(
        counts=everything.counts[border],
        population=everything.population[border],
        on_border=np.ones(border.sum(), dtype=bool),
        weights=queen(grid(SIDE, SIDE)[border]),
        days=everything.days,
    )
    whole = analyse(everything, Parameters(border_only=True))
    alone = analyse(part, Parameters())
    assert np.isnan(whole.classes[~border]).all()
    for name in ("value", "expected", "z", "p", "q", "classes", "neighbours"):
        assert (getattr(whole, name)[border] == getattr(alone, name)).all(), name


def test_fewer_than_three_units_with_data_give_no_answer() -> None:
    population = np.full(SIDE**2, np.nan)
    population[:2] = 10_000.0
    result = analyse(observations(population=population), Parameters())
    assert np.isnan(result.classes).all()
    assert np.isnan(result.expected).all()


def test_nothing_anywhere_is_no_cold_spot() -> None:
    result = analyse(observations(counts=np.zeros(SIDE**2)), Parameters())
    assert (result.classes == 0).all()
    assert (result.q == 1).all()


@pytest.mark.parametrize("method", ["gi_star", "local_moran"])
def test_populous_units_without_the_few_incidents_of_a_country_are_not_cold(method: str) -> None:
    # Two incidents among eight million: standardised rates follow populations alone.
    population = np.full(SIDE**2, 10_000.0)
    population[: 3 * SIDE] = 200_000.0
    counts = np.zeros(SIDE**2)
    counts[[-1, -SIDE]] = 1.0
    few = analyse(observations(counts=counts, population=population), Parameters(method=method))
    assert (few.classes >= 0).all()
    # Where hundreds were expected and none came, they are cold indeed.
    many = analyse(
        observations(counts=np.where(population > 1e5, 0.0, 40.0), population=population),
        Parameters(method=method),
    )
    inside = slice(1, SIDE - 1)  # at corners there are too few neighbours to tell
    assert (many.classes[inside] <= -2).all()


def test_no_class_goes_further_than_what_counts_bear() -> None:
    chance = Chance(np.array([[1e-9, 0.02, 0.5]]), np.array([[1.0, -1, -1]]))
    cold, hot = allowed_by(chance)
    assert cold.tolist() == [0, -2, 0]
    assert hot.tolist() == [3, 0, 0]


@pytest.mark.parametrize("incidents", [1, 9, 100])
def test_few_incidents_of_a_country_make_no_hotspots(incidents: int) -> None:
    random = np.random.default_rng(incidents)
    # As unequal as communes, and populous ones beside each other.
    population = np.sort(random.lognormal(9, 1, 30 * 30)).reshape(30, 30)
    weights = queen(grid(30, 30))
    called = 0
    for seed in range(20):
        counts = random.multinomial(incidents, population.ravel() / population.sum())
        observed = Observations(
            counts.astype(float), population.ravel(), np.ones(900, bool), weights, 365.0
        )
        found = analyse(observed, Parameters(permutations=9_999, seed=seed))
        called += bool(np.any(np.abs(found.classes) >= 2))
    # One in twenty would be chance; permutation alone calls something in nearly all of them.
    assert called <= 2


def test_classes_are_steps_of_confidence_on_the_side_of_the_score() -> None:
    q = np.array([0.01, 0.05, 0.10, 0.11, 0.01, 0.05, 0.001, 1.0])
    z = np.array([3.0, 3.0, 3.0, 3.0, -3.0, -3.0, 2.0, 0.0])
    side = np.array([1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, 0.0])
    # The last but one is high among low neighbours: an exception, not a hot spot.
    assert classes(Finding(z, q, side), q).tolist() == [3, 2, 1, 0, -3, -2, 0, 0]


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(KeyError, match="kriging"):
        analyse(observations(), Parameters(method="kriging"))
