"""Rates and local Moran's I against esda; one JSON line per figure.

    .venv/bin/python bench/agreement.py

What is deterministic must agree to rounding. Permutation p-values are compared as two-sided ones
from esda's own draws, in units of the Monte Carlo error, and beside how well esda agrees with
itself under another seed. Reads the real communes beside the checkout.
"""

from __future__ import annotations

import json
import warnings

import esda
import numpy as np
from esda.smoothing import Empirical_Bayes, Spatial_Empirical_Bayes, assuncao_rate
from gi_star import PERMUTATIONS, peer_weights, read, report, seconds, within_error
from numpy.typing import NDArray

from geo.analysis.local_moran import local_moran
from geo.analysis.smoothing import empirical_bayes, standardised_rates
from geo.analysis.weights import Weights

ROUNDING = 1e-9


def exact(name: str, ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> None:
    """Print the largest difference relative to the spread of the peer's values."""
    difference = float(np.abs(ours - theirs).max() / np.ptp(theirs))
    line = {"name": name, "value": difference, "unit": "of the spread", "peer": 0.0, "ratio": None}
    print(json.dumps(line | {"goal": ROUNDING, "met": difference <= ROUNDING}))


def rates(weights: Weights) -> None:
    """Empirical Bayes rates of seeded counts on the real neighbourhood."""
    random = np.random.default_rng(20261125)
    population = random.integers(1_500, 60_000, weights.size).astype(float)
    counts = random.poisson(population * random.gamma(2.0, 1e-4, weights.size)).astype(float)
    ours = empirical_bayes(counts, population, 365.25).rate
    exact("empirical_bayes_global", ours, Empirical_Bayes(counts, population).r.ravel() * 1e5)
    standardised = standardised_rates(counts, population)
    exact("standardised_rate", standardised, assuncao_rate(counts, population))
    theirs = peer_weights(weights)
    theirs.id_order = list(range(weights.size))
    peer = Spatial_Empirical_Bayes(counts, population, theirs).r.ravel() * 1e5
    local = empirical_bayes(counts, population, 365.25, weights=weights).rate
    exact("empirical_bayes_local", local, peer)


def two_sided(peer: esda.Moran_Local) -> NDArray[np.float64]:
    """Twice the smaller tail of esda's simulations, ties counted in both."""
    observed, tie = peer.Is[:, None], 1e-12
    below = (peer.rlisas <= observed + tie).sum(axis=1)
    above = (peer.rlisas >= observed - tie).sum(axis=1)
    return np.minimum(2 * (np.minimum(below, above) + 1) / (PERMUTATIONS + 1), 1.0)


def moran(values: NDArray[np.float64], weights: Weights) -> None:
    """Score, quadrants, p-values and time of local Moran's I, esda warm and without its draws."""
    theirs = peer_weights(weights)

    def run(seed: int, **options: bool) -> esda.Moran_Local:
        return esda.Moran_Local(
            values, theirs, permutations=PERMUTATIONS, seed=seed, n_jobs=1, **options
        )

    first = run(1)
    ours = local_moran(values, weights, permutations=PERMUTATIONS)
    exact("local_moran_i", ours.local, first.Is)
    # Where a unit or its neighbours are at the mean esda takes a side; there are none in rates.
    exact("local_moran_quadrant", ours.quadrant.astype(float), first.q.astype(float))
    first_p = two_sided(first)
    del first  # its simulations take 265 MB
    itself = within_error(two_sided(run(2)), first_p)
    share = within_error(ours.p, first_p)
    name = "local_moran_two_sided_p_within_3_sigma_of_esda"
    report(name, round(share, 4), "share of units", round(itself, 4), share / itself, 0.995)
    peer = min(seconds(lambda: run(3, keep_simulations=False)) for _ in range(2))
    taken = min(
        seconds(lambda: local_moran(values, weights, permutations=PERMUTATIONS)) for _ in range(5)
    )
    name = "local_moran_9999_permutations_3321_communes"
    report(name, round(taken, 4), "s", round(peer, 3), round(peer / taken, 1), 50.0)


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")  # esda announces its next default
    values, weights = read()
    rates(weights)
    moran(values, weights)


if __name__ == "__main__":
    main()
