"""Incidence rates."""

import numpy as np
from numpy.typing import NDArray

PER = 100_000.0
DAYS_PER_YEAR = 365.25


def crude_rates(
    counts: NDArray[np.float64], population: NDArray[np.float64], days: float | NDArray[np.int64]
) -> NDArray[np.float64]:
    """Events per 100,000 inhabitants a year, shape (n,).

    A unit without population figure, or with nobody living in it, has no rate: NaN, never zero.

    Args:
        counts: events in the period, shape (n,).
        population: inhabitants, shape (n,), NaN where unknown.
        days: length of the period, or of each unit's.

    Raises:
        ValueError: the period has no length.
    """
    if np.any(np.asarray(days) <= 0):
        raise ValueError(f"a period of {days} days has no rate")
    people = np.where(population > 0, population, np.nan)
    return counts / people * PER * DAYS_PER_YEAR / days
