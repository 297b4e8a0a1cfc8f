import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from geo.analysis.inference import chance_around, false_discovery_rate
from geo.analysis.smoothing import elsewhere
from geo.analysis.weights import from_pairs, queen
from tests.geo.analysis.grids import grid

probabilities = st.lists(st.floats(0, 1), min_size=1, max_size=40).map(np.array)

# Benjamini & Hochberg (1995), section 4.1: fifteen p-values, of which four are significant at 0.05.
PUBLISHED = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]


def rejected(p: NDArray[np.float64], level: float) -> NDArray[np.bool_]:
    """The step-up rule as published: reject all up to the last p_(i) <= i level / m."""
    ordered = np.sort(p)
    passing = [x for i, x in enumerate(ordered, start=1) if x <= i * level / len(p)]
    return p <= max(passing, default=-1.0)


def test_the_published_example() -> None:
    q = false_discovery_rate(np.array(PUBLISHED))
    assert (q <= 0.05).sum() == 4
    assert q[3] == pytest.approx(0.0095 * 15 / 4)


@given(probabilities, st.sampled_from([0.01, 0.05, 0.10, 0.5]))
def test_q_under_the_level_is_what_the_step_up_rule_rejects(
    p: NDArray[np.float64], level: float
) -> None:
    q = false_discovery_rate(p)
    unclear = np.isclose(q, level, rtol=1e-12)  # rounding decides
    assert ((q <= level) == rejected(p, level))[~unclear].all()


@given(probabilities)
def test_q_keeps_the_order_of_p_and_is_never_smaller(p: NDArray[np.float64]) -> None:
    q = false_discovery_rate(p)
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= 0).all()
    assert (q >= p * (1 - 1e-15)).all()
    assert (q <= 1).all()


@given(probabilities)
def test_the_order_of_units_does_not_matter(p: NDArray[np.float64]) -> None:
    order = np.random.default_rng(len(p)).permutation(len(p))
    assert (false_discovery_rate(p[order]) == false_discovery_rate(p)[order]).all()


def test_missing_values_stay_missing_and_are_not_counted() -> None:
    q = false_discovery_rate(np.array([np.nan, 0.01, 0.04]))
    assert np.isnan(q[0])
    assert q[1:].tolist() == pytest.approx([0.02, 0.04])
    assert np.isnan(false_discovery_rate(np.array([np.nan]))).all()


class TestChanceAround:
    """What falls on a unit and its neighbours, against independent risks."""

    def test_where_units_elsewhere_do_not_differ_it_is_binomial_given_all_incidents(self) -> None:
        weights = from_pairs(3, {(0, 1)})
        people = np.array([1e4, 1e4, 2e4])
        found = chance_around(np.array([[3, 3, 0], [0, 1, 5], [0, 0, 0]]), people, weights)
        # Half of the inhabitants live in the first two: six heads of six throws, or one of six;
        # half of what was seen counts.
        np.testing.assert_allclose(found.p[:2], [[1 / 64] * 3, [8 / 64] * 3])
        assert found.side.tolist() == [[1, 1, -1], [-1, -1, 1], [0, 0, 0]]
        assert found.p[2].tolist() == [1, 1, 1]

    def test_where_they_do_it_is_what_gamma_risks_give(self) -> None:
        weights = queen(grid(20, 20))
        people = np.full(400, 5e3)
        random = np.random.default_rng(5)
        counts = random.poisson(random.gamma(2, 3, 400))
        counts[0] = 30
        found = chance_around(counts[None], people, weights)
        # The corner and its three neighbours, their risks drawn as those of the others seem to be.
        everywhere = np.ones(400, dtype=bool)
        variance = elsewhere(counts, people, weights, everywhere).variance[0] * people[0] ** 2
        mean = counts.mean()
        sums = random.poisson(random.gamma(mean**2 / variance, variance / mean, (200_000, 4)))
        around = weights.matrix(star=True)[[0]] @ counts
        drawn = sums.sum(axis=1)
        tail = (drawn > around).mean() + (drawn == around).mean() / 2
        assert 0.001 < tail < 0.2
        assert found.p[0, 0] == pytest.approx(2 * tail, rel=0.1)

    def test_risks_that_differ_without_a_pattern_are_no_clusters(self) -> None:
        weights = queen(grid(30, 30))
        random = np.random.default_rng(6)
        people = random.lognormal(8.5, 0.7, 900)
        due = people * random.gamma(2, 1 / 2, (60, 900))
        counts = random.poisson(due / due.sum(axis=1, keepdims=True) * 9_000)
        q = np.array([false_discovery_rate(p) for p in chance_around(counts, people, weights).p])
        # At most one set in twenty is expected.
        assert (q <= 0.05).any(axis=1).sum() <= stats.binom.ppf(0.999, 60, 0.05)
        # By one risk everywhere something would be called in every set.
        star = weights.matrix(star=True)
        tail = stats.binom.sf((star @ counts.T).T - 1, 9_000, star @ people / people.sum())
        assert ((2 * tail <= 0.05 / 900).any(axis=1)).all()

    def test_a_cluster_does_not_hide_itself(self) -> None:
        weights = from_pairs(6, {(0, 1)})
        people = np.full(6, 1e4)
        everywhere = np.ones(6, dtype=bool)
        of_itself, of_another = np.array([90, 80, 5, 4, 6, 5]), np.array([5, 4, 90, 5, 6, 5])
        for counts, among, is_varied in (
            (of_itself, everywhere, False),
            (of_another, everywhere, True),
            (of_another, of_another < 90, False),
        ):
            found = elsewhere(counts, people, weights, among)
            assert (found.variance[0] > 0) == is_varied
            assert found.events[0] == counts[2:][among[2:]].sum()
            assert found.people[0] == 1e4 * among[2:].sum()

    @pytest.mark.parametrize("side", [16, 30])
    def test_nor_do_several_hide_each_other(self, side: int) -> None:
        weights = queen(grid(side, side))
        random = np.random.default_rng(8)
        people = np.full(side**2, 5e3)
        due = np.full(side**2, 0.6)
        places = (2, side // 2, side - 3)
        middles = [row * side + column for row in places for column in places][::2]
        star = weights.matrix(star=True)
        for middle in middles:
            due[star[[middle]].nonzero()[1]] = 6
        found = chance_around(random.poisson(due)[None], people, weights)
        assert (false_discovery_rate(found.p[0])[middles] <= 0.01).all()
        # Nor is the rest cold beside them, but for what the rate allows.
        side = found.side[0][false_discovery_rate(found.p[0]) <= 0.05]
        assert (side < 0).sum() <= 0.05 * len(side)
