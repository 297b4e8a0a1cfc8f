import numpy as np
import pytest

from geo.analysis.rates import crude_rates


def test_rates_are_per_100_000_inhabitants_a_year() -> None:
    # 12 among 60,000 in a year are 20 per 100,000; in half a year, 40.
    counts, people = np.array([12.0, 0.0]), np.array([60_000.0, 500.0])
    assert crude_rates(counts, people, 365.25).tolist() == pytest.approx([20.0, 0.0])
    assert crude_rates(counts, people, 365.25 / 2).tolist() == pytest.approx([40.0, 0.0])


def test_a_unit_without_population_has_no_rate() -> None:
    rates = crude_rates(np.array([0.0, 3.0, 3.0]), np.array([np.nan, np.nan, 0.0]), 365)
    assert np.isnan(rates).all()


def test_a_period_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="period of 0 days"):
        crude_rates(np.ones(2), np.ones(2), 0)
