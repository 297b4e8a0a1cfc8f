"""Gi* against esda, the field's own implementation, on the communes that ship with the product."""

import warnings
from pathlib import Path

import esda
import geopandas
import libpysal
import numpy as np
import pytest
from numpy.typing import NDArray

from geo.analysis.getis_ord import GiStar, gi_star
from geo.analysis.weights import queen

COMMUNES = Path(__file__).parents[3] / "data" / "boundaries" / "2025" / "communes.fgb"
PERMUTATIONS = 1_999


@pytest.fixture(scope="module")
def both() -> tuple[GiStar, esda.G_Local]:
    """Counts with clusters and many ties on 800 communes; 1,999 permutations by each program."""
    units = geopandas.read_file(COMMUNES).sort_values("code").geometry.iloc[:800]
    weights = queen(units)
    random = np.random.default_rng(11)
    values = weights.matrix(star=True) @ random.gamma(0.3, 2.0, size=len(units))
    values = random.poisson(values).astype(float)
    neighbours = {
        unit: weights.indices[weights.indptr[unit] : weights.indptr[unit + 1]].tolist()
        for unit in range(weights.size)
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # esda announces its next default
        peer = esda.G_Local(
            values,
            libpysal.weights.W(neighbours, silence_warnings=True),
            transform="B",
            star=True,
            permutations=PERMUTATIONS,
            seed=12,
            n_jobs=1,
        )
    return gi_star(values, weights, permutations=PERMUTATIONS, seed=13), peer


def two_sided(peer: esda.G_Local) -> NDArray[np.float64]:
    """Twice the smaller tail of esda's own draws, ties in both: its p_sim is one-sided."""
    draws, observed = peer.rGs, peer.Gs[:, None]
    below = (draws <= observed + 1e-12).sum(axis=1)
    above = (draws >= observed - 1e-12).sum(axis=1)
    return np.minimum(2 * (np.minimum(below, above) + 1) / (PERMUTATIONS + 1), 1.0)


def test_scores_are_equal(both: tuple[GiStar, esda.G_Local]) -> None:
    ours, peer = both
    assert ours.z == pytest.approx(peer.Zs, abs=1e-10)


def test_two_sided_p_values_agree_within_monte_carlo_error(
    both: tuple[GiStar, esda.G_Local],
) -> None:
    ours, peer = both
    theirs = two_sided(peer)
    tail = np.clip((ours.p + theirs) / 4, 1 / PERMUTATIONS, 0.5)
    # The difference of two independent doubled tails has the variance 2 · 4 · tail (1 - tail) / m.
    error = np.sqrt(8 * tail * (1 - tail) / PERMUTATIONS)
    score = np.abs(ours.p - theirs) / error
    assert score.max() <= 5
    assert (score <= 2).mean() >= 0.94
    assert (ours.p <= 0.01).sum() > 20  # the comparison is not among insignificant units only
