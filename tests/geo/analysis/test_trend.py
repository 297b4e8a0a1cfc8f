import numpy as np
import pymannkendall
import pytest

from geo.analysis.trend import mann_kendall


def test_by_hand_with_a_tie() -> None:
    # 1 2 2 5: five rises, no fall. Variance (4·3·13 - 2·1·9) / 18 = 138 / 18.
    found = mann_kendall(np.array([[1.0], [2], [2], [5]]))
    assert found.score[0] == 5
    assert found.variance[0] == pytest.approx(138 / 18)
    assert found.z[0] == pytest.approx(4 / np.sqrt(138 / 18))


def test_equal_values_have_no_trend() -> None:
    found = mann_kendall(np.full((12, 2), 0.1))
    assert found.score.tolist() == found.variance.tolist() == found.z.tolist() == [0.0, 0.0]
    assert found.p.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("times", [3, 10, 61])
@pytest.mark.parametrize("mean", [0.2, 3.0, 1_000.0])
def test_many_series_are_those_of_pymannkendall(times: int, mean: float) -> None:
    random = np.random.default_rng(times)
    drift = np.linspace(-1, 1, 50) * mean / 4
    series = random.poisson(mean, (times, 50)) + np.arange(times)[:, None] // 4 * drift.round()
    found = mann_kendall(series.astype(float))
    for unit, values in enumerate(series.T):
        if np.ptp(values) == 0:
            continue  # the peer divides by zero
        peer = pymannkendall.original_test(values)
        assert found.score[unit] == peer.s
        assert found.variance[unit] == peer.var_s
        assert found.z[unit] == pytest.approx(peer.z, abs=1e-14)
        assert found.p[unit] == pytest.approx(peer.p, abs=1e-14)


def test_without_a_trend_it_is_called_as_often_as_it_says() -> None:
    p = mann_kendall(np.random.default_rng(2).poisson(2.0, (24, 20_000)).astype(float)).p
    assert (p <= 0.05).mean() == pytest.approx(0.05, abs=0.006)  # four standard errors
