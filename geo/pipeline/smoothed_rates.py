"""Empirical Bayes rates of units, from counts as somebody may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.analysis.rates import crude_rates
from geo.analysis.smoothing import SmoothedRates, empirical_bayes
from geo.pipeline.neighbours import NeighbourIndex
from geo.pipeline.observed import days_observed, observed
from geo.pipeline.releases import Counts, ReleasedCounts, of_one_period
from geo.pipeline.taking_part import fingerprint_of, taking_part
from geo.store.hotspots import populations
from geo.store.statistics import Selection

CREDIBILITY = 0.95
# What a unit is drawn towards: all units, or itself and its neighbours.
Reference = Literal["all", "neighbours"]


@dataclass(frozen=True, slots=True)
class UnitRates:
    """Rates of n units in the order of `codes`, per 100,000 a year; arrays have the shape (n,).

    `selection` has the period that was counted: whole months, where counts are protected.
    """

    selection: Selection
    codes: Sequence[str]
    crude: NDArray[np.float64]
    smoothed: SmoothedRates
    released: ReleasedCounts
    used: int
    left_out: Mapping[str, int]
    data_fingerprint: str


def smoothed_rates(
    connection: Connection,
    wanted: Selection,
    counts: Counts,
    neighbours: NeighbourIndex,
    reference: Reference = "all",
    credibility: float = CREDIBILITY,
) -> UnitRates:
    """Count incidents and smooth their rates; counts that are rounded widen the intervals.

    Args:
        counts: the door through which counts come: what follows from them tells no more.
        neighbours: keeps who is beside whom from one question to the next.
        credibility: probability that an interval holds.

    Raises:
        NotFoundError: that level of that edition is not loaded.
        InputError: the period is still to come.
    """
    first, last = observed(connection, wanted.first, wanted.last)
    wanted = replace(wanted, first=first, last=last)
    selection, released = of_one_period(connection, wanted, counts)
    codes = list(released.counts.codes)
    values = np.array(released.counts.values, np.float64)
    people = populations(connection, selection.edition, selection.level, codes, selection.last.year)
    days = days_observed(selection.first, selection.last)
    weights = None
    if reference == "neighbours":
        weights = neighbours.current(connection, selection.edition, selection.level)
    smoothed = empirical_bayes(
        values,
        people,
        days,
        weights=weights,
        credibility=credibility,
        rounding=released.rounding,
    )
    inland = np.zeros(len(codes), bool)
    used, left_out = taking_part(values, people, inland, released.counts.total, by_rate=True)
    digest = fingerprint_of(codes, values, people)
    crude = crude_rates(values, people, days)
    return UnitRates(selection, codes, crude, smoothed, released, used, left_out, digest)
