from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.analysis.getis_ord import gi_star
from geo.analysis.weights import Weights, from_pairs, queen
from tests.geo.analysis.grids import grid

# Bounds below are six standard deviations of the Monte Carlo error, and every draw is seeded.
SIGMAS = 6


def monte_carlo_bound(p: NDArray[np.float64], permutations: int) -> NDArray[np.float64]:
    """How far a two-sided p, twice a tail of probability p / 2, may lie from its exact value."""
    tail = np.clip(p / 2, 1 / permutations, 0.5)
    return 2 * SIGMAS * np.sqrt(tail * (1 - tail) / permutations) + 2 / permutations


def exact_p(values: NDArray[np.float64], weights: Weights) -> NDArray[np.float64]:
    """The two-sided p from every set of neighbours that a unit could have had."""
    result = np.empty(len(values))
    for unit in range(len(values)):
        around = weights.indices[weights.indptr[unit] : weights.indptr[unit + 1]]
        others = np.delete(values, unit)
        sums = np.array([sum(chosen) for chosen in combinations(others, len(around))])
        observed = values[around].sum()
        tails = (sums <= observed + 1e-9).mean(), (sums >= observed - 1e-9).mean()
        result[unit] = min(2 * min(tails), 1)
    return result


def random_weights(size: int, links: int, seed: int) -> Weights:
    ends = np.random.default_rng(seed).integers(size, size=(links, 2))
    return from_pairs(size, {(int(a), int(b)) for a, b in ends if a != b})


def test_nine_squares_by_hand() -> None:
    # Mean 1, variance 81 / 9 - 1 = 8. Corner: 4 members, sum 9, expected 4, variance
    # 8 (9·4 - 16) / 8 = 20. Side: 6 members, 9 against 6, variance 18. Centre: all, no variance.
    values = np.array([0.0, 0, 0, 0, 9, 0, 0, 0, 0])
    found = gi_star(values, queen(grid(3, 3)))
    corner, side = 5 / np.sqrt(20), 3 / np.sqrt(18)
    assert found.local_sum.tolist() == [9.0] * 9
    assert found.expected.tolist() == [4, 6, 4, 6, 9, 6, 4, 6, 4]
    expected = [corner, side, corner, side, 0, side, corner, side, corner]
    assert found.z == pytest.approx(np.array(expected))
    # Three neighbours out of eight hold the nine with probability 3/8: p = 2 · 3/8.
    assert found.p[0] == pytest.approx(0.75, abs=monte_carlo_bound(np.array(0.75), 9_999))
    assert found.p[1] == 1  # 5/8 and 1: the smaller tail is over a half
    assert found.p[4] == 1
    assert found.side.tolist() == [1, 1, 1, 1, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("seed", range(6))
def test_p_is_that_of_all_neighbourhoods_enumerated(seed: int) -> None:
    weights = random_weights(11, 5 + 6 * seed, seed)
    values = np.random.default_rng(seed).poisson(1.5, 11).astype(float)
    found = gi_star(values, weights, permutations=19_999, seed=seed)
    exact = exact_p(values, weights)
    assert (np.abs(found.p - exact) <= monte_carlo_bound(exact, 19_999)).all()


def test_both_ways_of_sampling_give_the_exact_p() -> None:
    # 31 of 60 units cannot be sampled by redrawing samples with repeats; 3 of 60 can.
    hub = from_pairs(60, {(0, other) for other in range(1, 31)} | {(58, 59), (57, 58)})
    values = np.zeros(60)
    values[[1, 59]] = 1.0
    found = gi_star(values, hub, permutations=19_999)
    # Unit 0 sees one of two ones, 30 drawn of 59: tails 1 - P(0) or 1 - P(2).
    both, none = 30 * 29 / (59 * 58), 29 * 28 / (59 * 58)
    exact = np.array(min(2 * min(1 - both, 1 - none), 1))
    assert abs(found.p[0] - exact) <= monte_carlo_bound(exact, 19_999)
    pair = from_pairs(60, {(58, 59), (57, 58)})
    found = gi_star(values, pair, permutations=19_999)
    # Unit 58 sees one of two ones in two draws of 59: P(at least one) = 1 - 57·56 / (59·58).
    exact = np.array(2 * (1 - 57 * 56 / (59 * 58)))
    assert abs(found.p[58] - exact) <= monte_carlo_bound(exact, 19_999)


def test_null_p_values_are_uniform() -> None:
    weights = queen(grid(20, 20))
    random = np.random.default_rng(7)
    p = np.concatenate(
        [gi_star(random.exponential(size=400), weights, permutations=999).p for _ in range(40)]
    )
    # 16,000 values that overlap with their neighbours: the bounds leave room for that.
    for level in (0.02, 0.05, 0.10, 0.5):
        assert (p <= level).mean() == pytest.approx(level, rel=0.2)


def test_the_same_seed_gives_the_same_bytes() -> None:
    weights, values = queen(grid(8, 8)), np.random.default_rng(3).gamma(1.0, size=64)
    first, again = (gi_star(values, weights, permutations=499, seed=5).p for _ in range(2))
    other = gi_star(values, weights, permutations=499, seed=6).p
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


counts = st.lists(st.integers(0, 30), min_size=12, max_size=12).map(np.array)


@settings(max_examples=40, deadline=None)
@given(counts, st.floats(0.01, 1e4), st.floats(-1e3, 1e3))
def test_unit_of_measure_and_origin_do_not_matter(
    values: NDArray[np.int64], scale: float, origin: float
) -> None:
    weights = queen(grid(3, 4))
    plain = gi_star(values.astype(float), weights, permutations=199)
    moved = gi_star(values * scale + origin, weights, permutations=199)
    mirrored = gi_star(-values.astype(float), weights, permutations=199)
    assert moved.z == pytest.approx(plain.z, abs=1e-6)
    assert mirrored.z == pytest.approx(-plain.z)
    assert moved.side.tolist() == plain.side.tolist() == (-mirrored.side).tolist()
    assert mirrored.p.tolist() == plain.p.tolist()


@settings(max_examples=20, deadline=None)
@given(counts, st.permutations(range(12)))
def test_the_order_of_units_does_not_matter(values: NDArray[np.int64], order: list[int]) -> None:
    weights = queen(grid(3, 4))
    plain = gi_star(values.astype(float), weights, permutations=1_999)
    shuffled = gi_star(
        values[order].astype(float),
        queen(grid(3, 4)[order].reset_index(drop=True)),
        permutations=1_999,
    )
    assert shuffled.z == pytest.approx(plain.z[order])
    assert shuffled.side.tolist() == plain.side[order].tolist()
    bound = np.sqrt(2) * monte_carlo_bound(plain.p[order], 1_999)
    assert (np.abs(shuffled.p - plain.p[order]) <= bound).all()


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9 / 3])
def test_equal_values_are_no_hotspot(value: float) -> None:
    found = gi_star(np.full(7, value), random_weights(7, 9, 1), permutations=99)
    assert found.z.tolist() == found.side.tolist() == [0.0] * 7
    assert found.p.tolist() == [1.0] * 7


def test_a_unit_without_neighbours_is_scored_but_never_significant() -> None:
    found = gi_star(np.array([100.0, 1, 2, 3]), from_pairs(4, {(1, 2), (2, 3)}), permutations=99)
    assert found.z[0] > 1.5
    assert found.p[0] == 1
    assert found.side[0] == 0


def test_smallest_p_is_two_by_permutations_plus_one() -> None:
    values = np.zeros(400)
    values[[0, 1, 20, 21]] = 1_000.0
    found = gi_star(values, queen(grid(20, 20)), permutations=999)
    assert found.p[0] == found.p.min() == 2 / 1_000


@pytest.mark.parametrize("values", [[1.0, 2.0], [1.0, np.nan, 2.0], [1.0, np.inf, 2.0]])
def test_what_cannot_be_analysed_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="unit"):
        gi_star(np.array(values), from_pairs(3, {(0, 1)}))


def test_no_units_are_refused() -> None:
    with pytest.raises(ValueError, match="unit"):
        gi_star(np.array([]), from_pairs(0, set()))
