import warnings

import esda
import libpysal
import numpy as np
import pytest
from numpy.typing import NDArray

from geo.analysis.getis_ord import gi_star
from geo.analysis.local_moran import LocalMoran, Quadrant, local_moran
from geo.analysis.weights import Weights, from_pairs, queen
from tests.geo.analysis.grids import grid

PERMUTATIONS = 1_999


def clustered(side: int, seed: int) -> tuple[NDArray[np.float64], Weights]:
    """Counts with clusters and many ties on a square of units."""
    weights = queen(grid(side, side))
    random = np.random.default_rng(seed)
    risk = weights.matrix(star=True) @ random.gamma(0.3, 2.0, size=side**2)
    return random.poisson(risk).astype(float), weights


@pytest.fixture(scope="module")
def both() -> tuple[LocalMoran, esda.Moran_Local]:
    values, weights = clustered(25, 3)
    around = np.split(weights.indices, weights.indptr[1:-1])
    peer = libpysal.weights.W({unit: found.tolist() for unit, found in enumerate(around)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # esda announces its next default
        theirs = esda.Moran_Local(values, peer, permutations=PERMUTATIONS, seed=4, n_jobs=1)
    return local_moran(values, weights, permutations=PERMUTATIONS, seed=5), theirs


def test_four_units_in_a_row_by_hand() -> None:
    # Values 0 2 4 10: mean 4, deviations -4 -2 0 6, sum of squares 56; I = 3 d m / 56.
    chain = from_pairs(4, {(0, 1), (1, 2), (2, 3)})
    found = local_moran(np.array([0.0, 2, 4, 10]), chain)
    assert found.local.tolist() == pytest.approx([24 / 56, 12 / 56, 0, 0])
    assert found.quadrant.tolist() == [Quadrant.LOW_LOW, Quadrant.LOW_LOW, 0, 0]
    # The first unit's neighbour is one of -2, 0, 6: mean 4/3, variance 40/3 - 16/9 = 104/9.
    factor = 3 * -4 / 56
    assert found.expected[0] == pytest.approx(factor * 4 / 3)
    assert found.variance[0] == pytest.approx(factor**2 * 104 / 9)
    assert found.p[2] == 1  # at the mean I is 0 whatever the neighbours


def test_scores_moments_and_quadrants_are_those_of_esda(
    both: tuple[LocalMoran, esda.Moran_Local],
) -> None:
    ours, theirs = both
    assert ours.local == pytest.approx(theirs.Is, abs=1e-10)
    # esda scales I by n - 1 but these moments by n, as Sokal et al. do.
    scale = 625 / 624
    assert ours.expected * scale == pytest.approx(theirs.EIc, abs=1e-10)
    assert ours.variance * scale**2 == pytest.approx(theirs.VIc, abs=1e-10)
    assert ours.quadrant.tolist() == theirs.q.tolist()


def test_p_values_agree_within_monte_carlo_error(
    both: tuple[LocalMoran, esda.Moran_Local],
) -> None:
    ours, theirs = both
    draws, observed = theirs.rlisas, theirs.Is[:, None]
    below = (draws <= observed + 1e-12).sum(axis=1)
    above = (draws >= observed - 1e-12).sum(axis=1)
    peer = np.minimum(2 * (np.minimum(below, above) + 1) / (PERMUTATIONS + 1), 1.0)
    tail = np.clip((ours.p + peer) / 4, 1 / PERMUTATIONS, 0.5)
    # The difference of two independent doubled tails has the variance 2 · 4 · tail (1 - tail) / m.
    score = np.abs(ours.p - peer) / np.sqrt(8 * tail * (1 - tail) / PERMUTATIONS)
    assert score.max() <= 5
    assert (score <= 2).mean() >= 0.94
    assert (ours.p <= 0.01).sum() > 20  # the comparison is not among insignificant units only


def test_p_is_that_of_gi_star_with_the_same_seed() -> None:
    values, weights = clustered(15, 8)
    moran = local_moran(values, weights, permutations=999, seed=2)
    other = gi_star(values, weights, permutations=999, seed=2)
    assert moran.p.tolist() == other.p.tolist()
    assert moran.side.tolist() == other.side.tolist()


def test_all_four_quadrants() -> None:
    # Two blocks, one high and one low, each with one unit that is unlike its neighbours.
    values = np.zeros((6, 12))
    values[:, :6] = 10.0
    values[2, 2], values[3, 9] = 0.0, 10.0
    found = local_moran(values.ravel(), queen(grid(6, 12)), permutations=1_999)
    assert found.quadrant[0] == Quadrant.HIGH_HIGH
    assert found.quadrant[2 * 12 + 2] == Quadrant.LOW_HIGH
    assert found.quadrant[11] == Quadrant.LOW_LOW
    assert found.quadrant[3 * 12 + 9] == Quadrant.HIGH_LOW
    assert (found.p[[2 * 12 + 2, 3 * 12 + 9]] <= 0.05).all()
    assert np.sign(found.z[[0, 2 * 12 + 2, 11, 3 * 12 + 9]]).tolist() == [1, -1, 1, -1]


@pytest.mark.parametrize("value", [0.0, 0.1, 1e9 / 3])
def test_equal_values_say_nothing(value: float) -> None:
    found = local_moran(np.full(9, value), queen(grid(3, 3)), permutations=99)
    assert found.local.tolist() == found.z.tolist() == [0.0] * 9
    assert found.p.tolist() == [1.0] * 9
    assert found.quadrant.tolist() == [0] * 9


def test_a_unit_without_neighbours_is_never_significant() -> None:
    found = local_moran(np.array([100.0, 1, 2, 3]), from_pairs(4, {(1, 2), (2, 3)}))
    assert [found.local[0], found.z[0], found.p[0], found.quadrant[0]] == [0, 0, 1, 0]


@pytest.mark.parametrize("values", [[1.0, 2.0], [1.0, np.nan, 2.0], []])
def test_what_cannot_be_analysed_is_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="unit"):
        local_moran(np.array(values), from_pairs(3 if values else 0, set()))
