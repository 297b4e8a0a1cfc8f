import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.analysis.inference import false_discovery_rate

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
