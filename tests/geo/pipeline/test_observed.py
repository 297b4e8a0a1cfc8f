"""Periods and the days of them that have come."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from geo.dates import today
from geo.errors import InputError
from geo.pipeline.coverage import CoverageQuestion
from geo.pipeline.hotspot_questions import Question
from geo.pipeline.hotspots import run_hotspots
from geo.pipeline.observed import EARLIEST, days_observed, observed, refuse_unfinished
from geo.pipeline.releases import Releases
from geo.pipeline.surfaces import DensityQuestion, density
from geo.settings import load_settings
from geo.store.database import transaction
from tests.geo.pipeline.test_coverage import covered


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(1, 20_000))
def test_no_more_days_are_observed_than_have_come(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    come = [day for day in range(length) if first + timedelta(days=day) <= today()]
    assert days_observed(first, last) == max(len(come), 1)


def test_a_period_is_cut_to_what_can_have_been_recorded(demo_engine: Engine) -> None:
    with transaction(demo_engine) as connection:
        first, last = observed(connection, EARLIEST, date(2100, 1, 1))
        # The demonstration's records begin in January 2023.
        assert first == date(2023, 1, 1)
        assert last.day == 1
        assert timedelta(0) < last - today() <= timedelta(days=31)
        stated = date(2020, 1, 1), date(2021, 1, 1)
        assert observed(connection, *stated) == stated
        with pytest.raises(InputError, match=r"period\.future"):
            observed(connection, today() + timedelta(days=1), date(2100, 1, 1))


def test_days_to_come_thin_out_nothing(demo_engine: Engine) -> None:
    releases = Releases(load_settings())
    whole, further = (
        CoverageQuestion("2025", "commune", date(2026, 1, 1), last)
        for last in (date(2026, 11, 1), date(2028, 1, 1))
    )
    rates, beyond = (covered(demo_engine, releases, one).gaps.risk.rate for one in (whole, further))
    assert rates.max() == pytest.approx(beyond.max(), rel=0.2)
    with transaction(demo_engine) as connection:
        asked = (
            DensityQuestion(date(2026, 1, 1), last, (), 5_000, 20_000.0)
            for last in (today() + timedelta(days=1), date(2029, 1, 1))
        )
        short, long = (density(connection, one, 5) for one in asked)
    assert long.question.years == short.question.years
    assert (long.per_km2_year[long.shown] == short.per_km2_year[short.shown]).all()


def test_a_run_takes_no_days_to_come_and_not_nothing_at_all(demo_engine: Engine) -> None:
    with pytest.raises(InputError, match=r"period\.unfinished") as refused:
        run_hotspots(demo_engine, Question("2025", "commune", date(2026, 1, 1), date(2028, 1, 1)))
    assert "31/12/2027" in refused.value.vi
    with pytest.raises(InputError, match=r"hotspots\.too_little"):
        run_hotspots(demo_engine, Question("2025", "commune", date(1990, 1, 1), date(1991, 1, 1)))
    refuse_unfinished(date(2026, 1, 1), today().replace(day=1))
