"""What an intervention did: counts around a dismantled network or a campaign, and the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.analysis.intervention import CONTROLS, SEED, Design, Effect, Panel, effect, ring_of
from geo.analysis.rate_ratio import CONFIDENCE
from geo.dates import first_day, month_number, today
from geo.errors import InputError
from geo.pipeline.neighbours import NeighbourIndex
from geo.pipeline.releases import Counts
from geo.pipeline.taking_part import fingerprint_of
from geo.store.database import query
from geo.store.hotspots import populations
from geo.store.interventions import network_places, units_of_networks
from geo.store.outreach import CoverageUnit, coverage_units, outreach_held
from geo.store.statistics import Selection
from geo.store.unit_sets import UnitIndex
from geo.store.units import not_loaded

MONTHS, FEWEST_MONTHS, MOST_MONTHS, MOST_CONTROLS, MOST_UNITS = 12, 2, 60, 10, 200
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Network:
    """A dismantled network, as an intervention on the day on which it was."""

    identifier: UUID


@dataclass(frozen=True, slots=True)
class Campaign:
    """All outreach held in units in a period [first, last)."""

    units: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class InterventionQuestion:
    """What is asked; whole months are compared, those of the intervention itself left out.

    `months_before` are cut short where they lie before the first record, of which nobody knows
    whether nothing happened; `months_after` where they are not over yet.
    """

    intervention: Network | Campaign
    edition: str = "2025"
    level: str = "commune"
    months_before: int = MONTHS
    months_after: int = MONTHS
    controls: int = CONTROLS
    seed: int = SEED

    @property
    def column(self) -> str:
        """The column of unit_set with the units of this level."""
        return f"{self.level}_{self.edition}"


@dataclass(frozen=True, slots=True)
class Found:
    """An intervention as it was found: [first, last), its units, and what is told of it.

    `left_out` says by reason how much of it lies nowhere that is looked at.
    """

    first: date
    last: date
    codes: frozenset[str]
    case_code: str | None
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Windows:
    """Whole months, each as year * 12 + month - 1: [start, middle) and [middle, end) are before."""

    start: int
    middle: int
    end: int
    after_start: int
    after_end: int

    @property
    def period(self) -> tuple[date, date]:
        """From the first day of before to that beyond after."""
        return first_day(self.start), first_day(self.after_end)

    @property
    def parts(self) -> list[tuple[date, date]]:
        """Both halves before, and after, as [first, last)."""
        ends = (
            (self.start, self.middle),
            (self.middle, self.end),
            (self.after_start, self.after_end),
        )
        return [(first_day(one), first_day(other)) for one, other in ends]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and all that it came from.

    `question` is as it was understood: its months are those that were compared. `others` are
    treated units where something else of the kind was done in the time that is looked at.
    """

    question: InterventionQuestion
    found: Found
    windows: Windows
    units: Sequence[CoverageUnit]
    panel: Panel
    effect: Effect
    others: int
    used: Mapping[str, int]
    left_out: Mapping[str, int]
    data_fingerprint: str


def answer(
    connection: Connection,
    question: InterventionQuestion,
    counts: Counts,
    index: UnitIndex | None = None,
    neighbours: NeighbourIndex | None = None,
    until: date | None = None,
) -> Answer:
    """Read what the question is about, and answer it.

    Args:
        counts: the door through which counts of incidents come: what follows from them tells no
            more than they do.
        index: keeps the places of sets from one question to the next.
        neighbours: likewise.
        until: months that are over lie before its own; today if none is given.

    Raises:
        NotFoundError: that level is not loaded, or there is no network that the actor may see.
        InputError: a unit is not known, nothing was done there, or it is too recent, or too soon
            after the first record, to tell.
    """
    units = coverage_units(connection, question.edition, question.level)
    if not units:
        raise not_loaded(question.edition, question.level)
    codes = [unit.code for unit in units]
    index = index or UnitIndex()
    found = _find(connection, question, codes, index)
    first_month = connection.execute(query("store_overview")).one().first_month
    windows = _windows(question, found, first_month, until or today())
    question = replace(
        question,
        months_before=windows.end - windows.start,
        months_after=windows.after_end - windows.after_start,
    )
    panel, total = _panel(connection, question, units, windows, counts)
    treated = _flags(codes, found.codes)
    weights = (neighbours or NeighbourIndex()).current(connection, question.edition, question.level)
    elsewhere = _flags(codes, _done_elsewhere(connection, question, windows, index))
    design = Design(treated, ring_of(weights, treated), elsewhere & ~treated)
    made = effect(panel, design, question.controls, question.seed)
    used, left_out = _taking_part(made, panel, design, total)
    others = int((elsewhere & treated).sum())
    left_out |= found.left_out
    counted = panel.first, panel.second, panel.after, panel.population, panel.stands_for
    parts = design.treated, design.ring, design.barred
    digest = fingerprint_of(codes, *counted, *parts)
    return Answer(question, found, windows, units, panel, made, others, used, left_out, digest)


def _find(
    connection: Connection, question: InterventionQuestion, codes: Sequence[str], index: UnitIndex
) -> Found:
    if isinstance(question.intervention, Campaign):
        return _find_campaign(connection, question, question.intervention, codes, index)
    network = network_places(connection, question.intervention.identifier, question.column)
    day = network.dismantled_on
    if day is None or not network.codes:
        raise InputError(
            "intervention.unknown_when_or_where",
            "Đường dây này chưa ghi ngày triệt phá, hoặc không có địa điểm nào ở cấp này. Hãy bổ"
            " sung, hoặc hỏi cấp khác.",
            "This network has no day on which it was dismantled, or no place in a unit of this"
            " level. Add them, or ask for another level.",
        )
    places = frozenset(network.codes)
    left_out = {"places_in_no_unit": network.unplaced, "units_without_outreach": 0}
    return Found(day, day + timedelta(days=1), places, network.case_code, left_out)


def _find_campaign(
    connection: Connection,
    question: InterventionQuestion,
    campaign: Campaign,
    codes: Sequence[str],
    index: UnitIndex,
) -> Found:
    if unknown := sorted(set(campaign.units) - set(codes)):
        listed = ", ".join(unknown)[:300]
        raise InputError(
            "unit.unknown",
            f"Phiên bản {question.edition} không có đơn vị cấp “{question.level}” mã {listed}.",
            f"Edition {question.edition} has no {question.level} of code {listed}.",
        )
    period = campaign.first, campaign.last
    days = _days_of_outreach(connection, question.column, period, index)
    held = set(campaign.units) & {code for code, _ in days}
    if not held:
        raise InputError(
            "intervention.no_outreach",
            "Không có buổi tuyên truyền nào ở các đơn vị này trong kỳ đã chọn. Hãy chọn kỳ hoặc"
            " đơn vị khác.",
            "No outreach was held in these units in this period. Choose another period, or others.",
        )
    silent = len(set(campaign.units)) - len(held)
    left_out = {"places_in_no_unit": 0, "units_without_outreach": silent}
    return Found(*period, frozenset(held), None, left_out)


def _days_of_outreach(
    connection: Connection, column: str, period: tuple[date, date], index: UnitIndex
) -> set[tuple[str, date]]:
    """The units in which outreach was held in a period, each with the days."""
    places = index.current(connection)
    first, last = period
    # Of before there is one sum, with the last of its days.
    held = [one for one in outreach_held(connection, first, last) if one.day >= first]
    numbers = places.numbers(np.array([one.unit_set_id for one in held], np.int64))
    codes = places.sets.codes[column][numbers].tolist()
    return {(code, one.day) for code, one in zip(codes, held, strict=True) if code}


def _done_elsewhere(
    connection: Connection, question: InterventionQuestion, windows: Windows, index: UnitIndex
) -> set[str]:
    """Units where something of the kind was done, beside the intervention, in all that time."""
    asked, column = question.intervention, question.column
    if isinstance(asked, Network):
        return units_of_networks(connection, asked.identifier, column, windows.period)
    return {
        code
        for code, day in _days_of_outreach(connection, column, windows.period, index)
        if code not in asked.units or not asked.first <= day < asked.last
    }


def _windows(
    question: InterventionQuestion, found: Found, first_month: int | None, until: date
) -> Windows:
    """The months to compare.

    Args:
        first_month: the first with records; None if there are none.
        until: months that are over lie before its own.
    """
    end = month_number(found.first)
    after_start = month_number(found.last - timedelta(days=1)) + 1
    start = max(end - question.months_before, first_month or 0)
    after_end = min(after_start + question.months_after, month_number(until))
    if after_end <= after_start:
        raise InputError(
            "intervention.too_recent",
            "Chưa có tháng nào trôi qua trọn vẹn sau việc này, nên chưa thể nói gì. Hãy hỏi lại vào"
            " tháng sau.",
            "No whole month has gone by since, so nothing can be said yet. Ask again next month.",
        )
    if end - start < FEWEST_MONTHS:
        raise InputError(
            "intervention.too_early",
            f"Trước việc này chưa có đủ {FEWEST_MONTHS} tháng có bản ghi để so sánh, nên không thể"
            " nói gì.",
            f"There are not {FEWEST_MONTHS} months with records before this to compare with, so"
            " nothing can be said.",
        )
    return Windows(start, start + (end - start) // 2, end, after_start, after_end)


def _panel(
    connection: Connection,
    question: InterventionQuestion,
    units: Sequence[CoverageUnit],
    windows: Windows,
    counts: Counts,
) -> tuple[Panel, int]:
    """What is known of all units, and all records of both times."""
    layer = question.edition, question.level
    released = [
        counts(connection, Selection(*layer, *period), "incidents") for period in windows.parts
    ]
    first, second, after = (np.array(one.counts.values, np.float64) for one in released)
    protection = released[0].protection
    stands_for = np.ones(len(units))
    if protection is not None:
        stands_for = np.where(protection.is_exact, 1.0, protection.base)
    codes = [unit.code for unit in units]
    halves = [float((end - start).days) for start, end in windows.parts[:2]]
    panel = Panel(
        first,
        second,
        after,
        populations(connection, *layer, codes, first_day(windows.end).year),
        np.array([unit.is_land_border for unit in units], bool),
        stands_for,
        (halves[0], halves[1]),
    )
    return panel, sum(one.counts.total for one in released)


def _taking_part(
    made: Effect, panel: Panel, design: Design, total: int
) -> tuple[dict[str, int], dict[str, int]]:
    counted = panel.before + panel.after
    taken = np.concatenate([made.matched, made.ring, made.controls.ravel()])
    used = {
        "records": round(counted[taken].sum()),
        "units_treated": len(made.matched),
        "units_ring": len(made.ring),
        "units_control": made.controls.size,
        "candidates": made.candidates,
    }
    known = panel.population > 0
    return used, {
        "records_in_other_units": round(counted.sum()) - used["records"],
        "records_in_no_unit": total - round(counted.sum()),
        "units_without_population": int((design.treated & ~known).sum()),
        "units_without_controls": int((design.treated & known).sum()) - len(made.matched),
        "units_with_other_interventions": int(design.barred.sum()),
    }


def _flags(codes: Sequence[str], wanted: set[str] | frozenset[str]) -> Flags:
    return np.array([code in wanted for code in codes], bool)


def parameters(question: InterventionQuestion) -> dict[str, Any]:
    """All that the answer depends on beside the intervention and the data, as it was understood."""
    return {
        "months_before": question.months_before,
        "months_after": question.months_after,
        "controls": question.controls,
        "confidence": CONFIDENCE,
        "seed": question.seed,
    }
