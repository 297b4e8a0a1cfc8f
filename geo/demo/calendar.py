"""When synthetic events happen: seasons, growth, and how exactly a time is known."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pyarrow
from numpy.typing import NDArray

from geo.demo.draws import Floats, Indices

FIRST_DAY = date(2023, 1, 1)
LAST_DAY = date(2026, 10, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
# First day of the lunar year; recruitment rises in the weeks after, when people look for work.
NEW_YEARS = (date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17))
AFTER_NEW_YEAR = timedelta(weeks=9)
COUNTRY_OFFSET_SECONDS = 7 * 3600
DAY_SECONDS = 86_400


def day_number(day: date) -> int:
    """Days since FIRST_DAY."""
    return (day - FIRST_DAY).days


@cache
def daily_weights() -> Floats:
    """Relative frequency of incidents on each day; mean one."""
    days = [FIRST_DAY + timedelta(number) for number in range(DAYS)]
    weights = np.array([_season(day) * (1 + 0.08 * (day.year - 2023)) for day in days])
    return weights / weights.mean()


def _season(day: date) -> float:
    if any(start <= day < start + AFTER_NEW_YEAR for start in NEW_YEARS):
        return 1.6
    if any(timedelta(0) < start - day <= timedelta(days=10) for start in NEW_YEARS):
        return 0.55
    return 1.35 if day.month in (11, 12) else 0.95


def draw_days(rng: np.random.Generator, size: int, first: int = 0, last: int = DAYS - 1) -> Indices:
    """Day numbers drawn by the daily weights, from `first` to `last` inclusive."""
    cumulative = np.cumsum(daily_weights()[first : last + 1])
    return first + np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")


def periods(rng: np.random.Generator, days: Indices) -> tuple[pyarrow.Array, pyarrow.Array]:
    """Start and end of events on these days: a moment, the whole day, or some days when vague."""
    midnight = days.astype(np.int64) * DAY_SECONDS - COUNTRY_OFFSET_SECONDS
    kind = rng.random(len(days))
    moment = kind < 0.3
    length = np.where(kind > 0.9, rng.integers(2, 15, len(days)), 1)
    # Nothing ends after the last day: the data set says nothing of what follows.
    length = np.minimum(length, DAYS - days)
    start = midnight + np.where(moment, rng.integers(0, 24 * 60, len(days)) * 60, 0)
    end = np.where(moment, start, midnight + length * DAY_SECONDS - 1)
    return timestamps(start), timestamps(end)


def timestamps(seconds: NDArray[np.int64]) -> pyarrow.Array:
    """Instants from seconds since midnight UTC of FIRST_DAY."""
    epoch = np.datetime64(FIRST_DAY, "s").astype(np.int64)
    return pyarrow.array((seconds + epoch) * 1_000_000).cast(pyarrow.timestamp("us", tz="UTC"))
