"""What is asked of a hotspot run, and what has to be read to answer it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from functools import cached_property
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.analysis.hotspots import MethodName, Neighbourhood, Parameters
from geo.analysis.space_time import (
    EmergingMeasure,
    EmergingParameters,
    ScanParameters,
    usual_share,
)
from geo.dates import first_day, month_number
from geo.errors import InputError
from geo.pipeline.taking_part import fingerprint_of
from geo.store.boundaries import unit_codes
from geo.store.hotspots import month_counts, populations, week_counts
from geo.store.statistics import Selection, unit_counts
from geo.store.unit_sets import UnitIndex
from geo.wording import day_text

MethodParameters = Parameters | EmergingParameters | ScanParameters
KINDS_OF_PARAMETERS: Mapping[MethodName, type[MethodParameters]] = {
    "gi_star": Parameters,
    "local_moran": Parameters,
    "emerging": EmergingParameters,
    "scan_poisson": ScanParameters,
    "scan_permutation": ScanParameters,
}
# By option, the neighbourhoods that have a use for it.
USERS_OF_OPTIONS: Mapping[str, tuple[Neighbourhood, ...]] = {
    "nearest": ("nearest",),
    "reach_metres": ("distance_band", "border_section"),
}
EMERGING_MEASURES: tuple[EmergingMeasure, ...] = get_args(EmergingMeasure)
WEEK = timedelta(weeks=1)
DAYS_PER_MONTH = 365.25 / 12
# As long as a cluster of usual length, in weeks.
LONGEST_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a run: which units, and which days (`period_to` is exclusive).

    Emerging hotspots and the scan take whole months, the scan by weeks whole weeks.
    """

    edition: str
    level: str
    period_from: date
    period_to: date
    kinds: Sequence[str] = ()
    parameters: MethodParameters = field(default_factory=Parameters)

    @property
    def selection(self) -> Selection:
        """The incidents that are counted."""
        return Selection(
            self.edition, self.level, self.period_from, self.period_to, tuple(self.kinds)
        )

    @property
    def months(self) -> tuple[int, int]:
        """The months of the period, [first, last), each as year * 12 + month - 1."""
        return month_number(self.period_from), month_number(self.period_to)

    @property
    def by_weeks(self) -> bool:
        """Whether incidents are counted by weeks of the period, not by months."""
        parameters = self.parameters
        return isinstance(parameters, ScanParameters) and parameters.step_weeks is not None

    @property
    def cell_days(self) -> float:
        """How long a time cell is, on average."""
        return WEEK.days if self.by_weeks else DAYS_PER_MONTH

    @property
    def edges(self) -> list[date]:
        """The first day of each time cell, and the day after the last."""
        if self.by_weeks:
            weeks = (self.period_to - self.period_from) // WEEK
            return [self.period_from + week * WEEK for week in range(weeks + 1)]
        first, last = self.months
        return [first_day(month) for month in range(first, last + 1)]

    @property
    def needs_border(self) -> bool:
        """Whether the answer depends on where the land border runs."""
        neighbourhood = getattr(self.parameters, "neighbourhood", None)
        return self.parameters.border_only or neighbourhood == "border_section"


def question_of(run: Mapping[str, Any]) -> Question:
    """The question that a stored run answers.

    Args:
        run: with the columns of hotspot_run; days may be written as JSON has them.
    """
    kind = KINDS_OF_PARAMETERS[run["method"]]
    names = {one.name for one in fields(kind)}
    stored = {name: value for name, value in run["parameters"].items() if name in names}
    return Question(
        run["edition"],
        run["level"],
        _day(run["period_from"]),
        _day(run["period_to"]),
        tuple(run["parameters"]["kinds"]),
        kind(**stored),
    )


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def stored_question(question: Question) -> dict[str, Any]:
    """The question as JSON keeps it; `question_of` reads it back.

    The names are those of hotspot_run's columns.
    """
    return {
        "method": question.parameters.method,
        "edition": question.edition,
        "level": question.level,
        "period_from": question.period_from.isoformat(),
        "period_to": question.period_to.isoformat(),
        "parameters": asdict(question.parameters) | {"kinds": sorted(question.kinds)},
    }


def usual_parameters(method: MethodName, asked: Mapping[str, Any]) -> MethodParameters:
    """The parameters of a method: those that were asked for, the rest as usual.

    Args:
        asked: by name; None where nobody said.

    Raises:
        InputError: the method, or its neighbourhood, has no parameter of that name, or does not
            know that value.
    """
    said = {name: value for name, value in asked.items() if value is not None}
    kind = KINDS_OF_PARAMETERS[method]
    known = {one.name for one in fields(kind)}
    if unknown := sorted(said.keys() - known):
        raise InputError(
            "hotspots.parameter",
            f"Phương pháp “{method}” không có tham số: {', '.join(unknown)}. Hãy bỏ đi, hoặc chọn"
            " phương pháp khác.",
            f"The method “{method}” has no such parameters: {', '.join(unknown)}. Leave them out,"
            " or choose another method.",
            parameters=unknown,
        )
    if "neighbourhood" in known:
        _refuse_unused(said)
    if kind is ScanParameters:
        if {"step_months", "step_weeks"} <= said.keys():
            raise InputError(
                "hotspots.steps",
                "Bước thời gian là tháng hoặc tuần: hãy bỏ step_months hoặc step_weeks.",
                "Time steps are months or weeks: leave out step_months or step_weeks.",
            )
        if "step_weeks" in said:
            said.setdefault("longest", LONGEST_WEEKS)
        border_only = said.get("border_only", False)
        said.setdefault("largest_share", usual_share(method, border_only=border_only))
    if kind is EmergingParameters and said.get("measure") not in (None, *EMERGING_MEASURES):
        raise InputError(
            "hotspots.measure",
            f"Phương pháp “{method}” chỉ nhận đại lượng: {', '.join(EMERGING_MEASURES)}.",
            f"The method “{method}” takes these measures only: {', '.join(EMERGING_MEASURES)}.",
        )
    return kind(**{"method": method} | said)


def _refuse_unused(said: Mapping[str, Any]) -> None:
    """Refuse what the neighbourhood does not use: a run would say a setting that did nothing."""
    surroundings = said.get("neighbourhood", "queen")
    for name, users in USERS_OF_OPTIONS.items():
        if name in said and surroundings not in users:
            raise InputError(
                "hotspots.neighbourhood",
                f"Láng giềng “{surroundings}” không dùng {name}. Hãy bỏ {name}, hoặc chọn láng"
                f" giềng: {', '.join(users)}.",
                f"The neighbourhood “{surroundings}” does not use {name}. Leave {name} out, or"
                f" choose the neighbourhood: {', '.join(users)}.",
                parameters=[name],
            )


@dataclass(frozen=True)
class Counted:
    """What was counted in n units: `counts` has the shape (cells, n), `population` (n,).

    Time cells are months or weeks, or the whole period for methods without time. `total` are all
    incidents of the period, those in no one unit of the level included.
    """

    codes: Sequence[str]
    counts: NDArray[np.int64]
    population: NDArray[np.float64]
    total: int

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of all that was counted."""
        return fingerprint_of(self.codes, self.counts, self.population)


def count(connection: Connection, question: Question, index: UnitIndex | None = None) -> Counted:
    """Read what the question is about.

    Args:
        index: keeps the places of sets from one question to the next.

    Raises:
        InputError: the method cannot take this period.
    """
    check_period(question)
    selection = question.selection
    year = selection.last.year
    if isinstance(question.parameters, Parameters):
        counted = unit_counts(connection, selection, "incidents", index)
        codes, total = list(counted.codes), counted.total
        counts = np.array(counted.values, dtype=np.int64)[None, :]
    else:
        codes = unit_codes(connection, selection.edition, selection.level)
        counts, total = _by_time(connection, question, codes)
    people = populations(connection, selection.edition, selection.level, codes, year)
    return Counted(codes, counts, people, total)


def _by_time(
    connection: Connection, question: Question, codes: Sequence[str]
) -> tuple[NDArray[np.int64], int]:
    cells = len(question.edges) - 1
    counts = np.zeros((cells, len(codes)), dtype=np.int64)
    places = {code: place for place, code in enumerate(codes)}
    column, kinds = question.selection.column, question.kinds
    if question.by_weeks:
        rows = week_counts(connection, column, kinds, question.period_from, cells)
    else:
        rows = month_counts(connection, column, kinds, question.months)
    total = 0
    for code, cell, incidents in rows:
        total += incidents
        if code in places:
            counts[cell, places[code]] = incidents
    return counts, total


def check_period(question: Question) -> None:
    """Refuse a period that the method cannot take.

    Raises:
        InputError: it is too short, no whole months (weeks), or no multiple of the method's step.
    """
    parameters = question.parameters
    if isinstance(parameters, Parameters):
        return
    if question.by_weeks:
        _check_weeks(question, parameters.step * WEEK, parameters.fewest_steps)
        return
    first, last = question.months
    length, step = last - first, parameters.step
    fewest = parameters.fewest_steps * step
    is_whole = question.period_from.day == question.period_to.day == 1
    if is_whole and length >= fewest and length % step == 0:
        return
    raise InputError(
        "hotspots.period",
        f"Phương pháp “{parameters.method}” cần các tháng trọn, số tháng là bội của {step} và ít"
        f" nhất {fewest}. Hãy chọn từ ngày đầu tháng đến ngày cuối tháng.",
        f"The method “{parameters.method}” needs whole months, a multiple of {step} of them and at"
        f" least {fewest}. Choose from the first day of a month to the last day of one.",
        fewest_months=fewest,
    )


def _check_weeks(question: Question, step: timedelta, fewest: int) -> None:
    length = question.period_to - question.period_from
    if length % step == timedelta(0) and length >= fewest * step:
        return
    days = step.days
    begin = question.period_to - max(length // step, fewest) * step
    raise InputError(
        "hotspots.weeks",
        f"Quét theo tuần cần số ngày là bội của {days} và ít nhất {fewest * days}. Hãy bắt đầu từ"
        f" ngày {day_text(begin, 'vi')}.",
        f"A scan by weeks needs a multiple of {days} days and at least {fewest * days}. Begin on"
        f" {day_text(begin, 'en')}.",
        begin=begin.isoformat(),
    )
