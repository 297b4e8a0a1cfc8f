import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from geo.analysis.emerging import (
    Category,
    Emerging,
    categorise,
    chance_by_permutation,
    emerging,
)
from geo.analysis.getis_ord import gi_star
from geo.analysis.inference import Chance, chance_around, false_discovery_rate
from geo.analysis.smoothing import standardised_rates
from geo.analysis.weights import Weights, queen
from tests.geo.analysis.grids import grid

# Twenty slices each, hot H, cold C, neither a dot; with the direction of z.
SERIES = {
    "new": ("...................H", 0),
    "consecutive": (".................HHH", 0),
    "intensifying": ("HHHHHHHHH..HHHHHHHHH", 1),
    "persistent": ("HHHHHHHHH..HHHHHHHHH", 0),
    "diminishing": (".HHHHHHHHHHHHHHHHHHH", -1),
    "sporadic": ("..HH....H.........HH", 0),
    "oscillating": ("..CC..HHHHH.......HH", 0),
    "historical": ("HHHHHHHHHHHHHHHHHHH.", 1),
}
MIRROR = str.maketrans("HC", "CH")


def category(series: str, direction: int) -> str:
    states = np.array([{"H": 1, "C": -1, ".": 0}[state] for state in series])[:, None]
    return Category(categorise(states, np.array([direction]))[0]).name.lower()


@pytest.mark.parametrize(("kind", "series"), SERIES.items())
def test_each_hot_category(kind: str, series: tuple[str, int]) -> None:
    assert category(*series) == f"{kind}_hot"


@pytest.mark.parametrize(("kind", "series"), SERIES.items())
def test_each_cold_category_is_the_mirror_of_the_hot_one(
    kind: str, series: tuple[str, int]
) -> None:
    text, direction = series
    assert category(text.translate(MIRROR), -direction) == f"{kind}_cold"


def test_there_are_seventeen_categories() -> None:
    assert len(Category) == 17
    assert len(SERIES) * 2 + 1 == 17


@pytest.mark.parametrize(
    ("series", "direction", "expected"),
    [
        ("....................", 1, "none"),
        ("HHHH................", -1, "none"),  # hot once, but neither now nor always
        ("CC.HHH..............", 0, "none"),
        ("..................HH", 1, "consecutive_hot"),  # two are enough, a trend is no matter
        ("H..................H", 0, "sporadic_hot"),  # not new: it was hot before
        ("CCCCC..............H", 0, "oscillating_hot"),  # hot for the first time, but once cold
        ("HHHHHHHHHHHHHHHHH..H", 1, "intensifying_hot"),  # 18 of 20 are nine in ten
        ("HHHHHHHHHHHHHHHH...H", 1, "sporadic_hot"),  # 17 are not
        ("HHHHHHHHHHHHHHHHHH..", 0, "historical_hot"),
        ("HHHHHHHHHHHHHHHHHHHC", 0, "oscillating_cold"),  # the present decides
        ("CHHHHHHHHHHHHHHHHHHH", 0, "persistent_hot"),  # always hot, whatever it once was
        ("HHHHHHHHHHHHHHHHHHHH", -1, "diminishing_hot"),
    ],
)
def test_the_edges_between_categories(series: str, direction: int, expected: str) -> None:
    assert category(series, direction) == expected


def test_every_sequence_has_exactly_one_category_and_mirrors() -> None:
    states = np.random.default_rng(4).integers(-1, 2, (12, 3_000))
    states[:, :1_000] = np.where(states[:, :1_000] < 0, 1, states[:, :1_000])
    states[:, 1_000:1_500] = np.where(np.arange(12)[:, None] > 0, 1, states[:, 1_000:1_500])
    direction = np.random.default_rng(5).integers(-1, 2, 3_000)
    found = categorise(states, direction)
    assert categorise(-states, -direction).tolist() == (-found).tolist()
    now_hot, now_cold = states[-1] > 0, states[-1] < 0
    historical = Category.HISTORICAL_HOT
    assert (found[now_hot] > 0).all()
    assert (found[now_cold] < 0).all()
    assert np.isin(found[~now_hot & ~now_cold], [0, historical, -historical]).all()


SIDE = 12
CORNER = [row * SIDE + column for row in range(3) for column in range(3)]


def cube(months: int = 20) -> NDArray[np.float64]:
    return np.random.default_rng(9).poisson(3.0, (months, SIDE**2)).astype(float)


def by_permutation(
    values: NDArray[np.float64], weights: Weights, permutations: int = 99, seed: int = 0
) -> Emerging:
    chance = chance_by_permutation(values, weights, permutations=permutations, seed=seed)
    return emerging(values, weights, chance)


def test_a_cluster_that_comes_is_consecutive_and_one_that_stays_persistent() -> None:
    weights = queen(grid(SIDE, SIDE))
    values = cube()
    opposite = [SIDE**2 - 1 - unit for unit in CORNER]
    values[-4:, CORNER] += 40
    values[:, opposite] += 40
    found = by_permutation(values, weights, 4_999)
    assert found.category[CORNER[4]] == Category.CONSECUTIVE_HOT
    assert found.category[opposite[4]] in {Category.PERSISTENT_HOT, Category.DIMINISHING_HOT}
    assert found.states[-5:, CORNER[4]].tolist() == [0, 1, 1, 1, 1]
    middle = SIDE * SIDE // 2 + SIDE // 2
    assert found.category[middle] == Category.NONE


def test_slices_are_gi_star_of_the_month_corrected_within_it() -> None:
    weights = queen(grid(SIDE, SIDE))
    values = cube()
    values[3, CORNER] += 40
    found = by_permutation(values, weights, 999, 6)
    alone = gi_star(values[3], weights, permutations=999, seed=6)
    assert found.z[3].tolist() == alone.z.tolist()
    hot = (false_discovery_rate(alone.p) <= 0.05) & (alone.z > 0) & (alone.side > 0)
    assert hot.sum() >= 4
    assert (found.states[3] == 1).tolist() == hot.tolist()


def test_too_few_slices_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 10 slices"):
        by_permutation(cube(9), queen(grid(SIDE, SIDE)))


def test_a_cube_of_other_units_is_refused() -> None:
    with pytest.raises(ValueError, match="144 units in the cube, 9"):
        emerging(cube(), queen(grid(3, 3)), Chance(cube(), cube()))


def test_without_a_cluster_hardly_any_unit_is_called_however_the_population_lies() -> None:
    # Populous units lie together, and most units count nothing in a slice: permuted standardised
    # rates call something in nearly every slice of this.
    weights = queen(grid(30, 30))
    people = np.where(np.arange(900) % 30 < 8, 4e4, 2e3)
    counts = np.random.default_rng(3).poisson(people / people.sum() * 90, (200, 900))
    values = np.array([standardised_rates(row, people) for row in counts.astype(float)])
    by_people = emerging(values, weights, chance_around(counts, people, weights))
    called = (by_people.states != 0).any(axis=1)
    # At most one slice in twenty is expected, 10 of 200.
    assert called.sum() <= stats.binom.ppf(0.999, 200, 0.05)
    drawn = chance_by_permutation(values[:10], weights, permutations=9_999)
    assert (emerging(values[:10], weights, drawn).states != 0).any(axis=1).sum() >= 5


def test_a_lone_village_with_many_incidents_is_hot_by_population() -> None:
    weights = queen(grid(30, 30))
    people = np.full(900, 5e3)
    counts = np.random.default_rng(4).poisson(0.1, (12, 900))
    middle = 15 * 30 + 15
    counts[4:, middle] += 9
    values = np.array([standardised_rates(row, people) for row in counts.astype(float)])
    found = emerging(values, weights, chance_around(counts, people, weights))
    assert found.states[:, middle].tolist() == [0] * 4 + [1] * 8
    assert found.category[middle] == Category.CONSECUTIVE_HOT
