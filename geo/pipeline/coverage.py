"""The coverage gap: what was counted of incidents and outreach, and what follows from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.analysis.coverage import (
    CREDIBILITY,
    HALF_LIFE_DAYS,
    Gaps,
    Reach,
    Visits,
    audience_fit,
    gaps,
    reach,
)
from geo.dates import today
from geo.errors import InputError
from geo.pipeline.observed import EARLIEST, days_observed, observed
from geo.pipeline.releases import Counts, Protection, ReleasedCounts, of_one_period
from geo.pipeline.taking_part import fingerprint_of, taking_part
from geo.records.code_lists import code_list
from geo.store.hotspots import populations
from geo.store.outreach import CoverageUnit, Held, coverage_units, outreach_held
from geo.store.statistics import Selection
from geo.store.unit_sets import UnitIndex, UnitPlaces
from geo.store.units import not_loaded

# What nobody comes to: it meets no one whose number could be told.
MEDIA = frozenset({"loudspeaker", "online", "leaflet", "panel", "press"})
# Who learns so as to teach others, and who was there: sessions for them reach no resident at risk.
NOT_REACHED = frozenset({"cadre", "trainer", "returnee"})
# An event that names no audience was for everybody.
EVERYBODY = ("public",)
# Half-lives after which a session counts as long ago: at most 1/1,024 of it is left.
MEMORY = 10
YEAR = timedelta(days=365)


def session_kinds() -> tuple[str, ...]:
    """Kinds of outreach at which people meet."""
    return tuple(kind for kind in code_list("outreach_kind") if kind not in MEDIA)


def audiences_reached() -> tuple[str, ...]:
    """Groups that outreach is for."""
    return tuple(group for group in code_list("audience") if group not in NOT_REACHED)


def usual_period(first: date | None, last: date | None) -> tuple[date, date]:
    """The period [first, last) that is meant: up to today without an end, and of a year."""
    until = last or today() + timedelta(days=1)
    return first or max(until, EARLIEST + YEAR) - YEAR, until


@dataclass(frozen=True, slots=True)
class CoverageQuestion:
    """What is asked; the period of the incidents is [first, last), and reach is that of its end.

    `kinds` are those of incidents, all if none is given; `outreach_kinds` and `audiences` as usual
    if none is. `border_only` holds border units against each other alone; `province` tells of one
    province, and its units are still held against all.
    """

    edition: str
    level: str
    first: date
    last: date
    kinds: tuple[str, ...] = ()
    outreach_kinds: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    border_only: bool = False
    province: str | None = None
    half_life_days: float = HALF_LIFE_DAYS

    @property
    def selection(self) -> Selection:
        """The incidents that are counted."""
        return Selection(self.edition, self.level, self.first, self.last, self.kinds)

    @property
    def parameters(self) -> dict[str, Any]:
        """All that the answer depends on beside the data, as it was understood."""
        return {
            "kinds": sorted(self.kinds),
            "outreach_kinds": sorted(self.outreach_kinds or session_kinds()),
            "audiences": sorted(self.audiences or audiences_reached()),
            "border_only": self.border_only,
            "province": self.province,
            "half_life_days": self.half_life_days,
            "credibility": CREDIBILITY,
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """What was held in n units up to the last day, whatever its age, by unit.

    `last_session` is None, and `sessions` 0, where none ever was.
    """

    sessions: Sequence[int]
    last_session: Sequence[date | None]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of n units; arrays are in the order of `units`, and have the shape (n,).

    `question` has the period that was counted: whole months, where counts are protected.
    `incidents` are None where few or none is all that may be told; they count as none. What is not
    compared, inland or without a population, has no gap.
    """

    question: CoverageQuestion
    units: Sequence[CoverageUnit]
    population: NDArray[np.float64]
    incidents: Sequence[int | None]
    tally: Tally
    reach: Reach
    gaps: Gaps
    protection: Protection | None
    used: Mapping[str, int]
    left_out: Mapping[str, int]
    data_fingerprint: str

    @property
    def asked(self) -> list[int]:
        """The numbers of the units that were asked for: of the province, and compared."""
        province, border = self.question.province, self.question.border_only
        return [
            number
            for number, unit in enumerate(self.units)
            if province in (None, unit.province_code) and (unit.is_land_border or not border)
        ]


def cover(
    connection: Connection,
    question: CoverageQuestion,
    counts: Counts,
    index: UnitIndex | None = None,
) -> Coverage:
    """Read what the question is about, and answer it.

    Args:
        counts: the door through which counts of incidents come, such as Releases.counts for an
            audience: what follows from them tells no more than they do.
        index: keeps the places of sets from one question to the next.

    Raises:
        NotFoundError: that level of that edition is not loaded.
        InputError: there is no such province, kind or audience.
    """
    units = coverage_units(connection, question.edition, question.level)
    _check(question, units)
    first, last = observed(connection, question.first, question.last)
    wanted = replace(question.selection, first=first, last=last)
    selection, released = of_one_period(connection, wanted, counts)
    question = replace(question, first=selection.first, last=selection.last)
    codes = [unit.code for unit in units]
    people = populations(
        connection, question.edition, question.level, codes, question.selection.last.year
    )
    since = question.last - timedelta(days=round(MEMORY * question.half_life_days))
    held = outreach_held(connection, since, question.last)
    places = (index or UnitIndex()).current(connection)
    return _answer(question, units, released, people, _visited(question, units, held, places))


def _answer(
    question: CoverageQuestion,
    units: Sequence[CoverageUnit],
    released: ReleasedCounts,
    people: NDArray[np.float64],
    visited: "_Visited",
) -> Coverage:
    inland = np.array([question.border_only and not one.is_land_border for one in units], bool)
    counts = np.array(released.counts.values, np.float64)
    compared = np.where(inland, np.nan, people)
    reached = reach(visited.visits, people, question.half_life_days)
    days = days_observed(question.first, question.last)
    total = released.counts.total
    used, left_out = taking_part(counts, people, inland, total, by_rate=True)
    return Coverage(
        question=question,
        units=units,
        population=people,
        incidents=released.shown,
        tally=visited.tally,
        reach=reached,
        gaps=gaps(counts, compared, days, reached.per_1000, rounding=released.rounding),
        protection=released.protection,
        used={"records": used} | visited.used,
        left_out=left_out | visited.left_out,
        data_fingerprint=fingerprint_of(
            [unit.code for unit in units], counts, people, *astuple(visited.visits)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Visited:
    """Events as the analysis takes them, their sums, and how many take part."""

    visits: Visits
    tally: Tally
    used: dict[str, int]
    left_out: dict[str, int]


def _visited(
    question: CoverageQuestion,
    units: Sequence[CoverageUnit],
    held: Sequence[Held],
    sets: UnitPlaces,
) -> _Visited:
    kinds = set(question.parameters["outreach_kinds"])
    wanted = set(question.parameters["audiences"])
    of_set = sets.sets.codes[question.selection.column].tolist()
    places = {unit.code: number for number, unit in enumerate(units)}
    left_out = dict.fromkeys(
        ("events_of_other_kinds", "events_for_other_audiences", "events_in_no_unit"), 0
    )
    taken: list[tuple[int, float, Held]] = []
    numbers = sets.numbers(np.array([one.unit_set_id for one in held], np.int64)).tolist()
    for one, number in zip(held, numbers, strict=True):
        fit = audience_fit(one.audiences or EVERYBODY, wanted)
        if one.kind not in kinds:
            left_out["events_of_other_kinds"] += one.events
        elif not fit:
            left_out["events_for_other_audiences"] += one.events
        elif of_set[number] not in places:
            left_out["events_in_no_unit"] += one.events
        else:
            taken.append((places[of_set[number]], fit, one))
    last = question.last - timedelta(days=1)
    visits = Visits(
        unit=np.array([unit for unit, _, _ in taken], np.int64),
        age=np.array([(last - one.day).days for _, _, one in taken], np.float64),
        participants=np.array([one.participants for _, _, one in taken], np.float64),
        sessions=np.array([one.sessions for _, _, one in taken], np.float64),
        fit=np.array([fit for _, fit, _ in taken], np.float64),
    )
    used = {
        "events": sum(one.events for _, _, one in taken),
        "events_without_participants": sum(one.uncounted for _, _, one in taken),
    }
    return _Visited(visits, _tally(len(units), taken), used, left_out)


def _tally(units: int, taken: Sequence[tuple[int, float, Held]]) -> Tally:
    sessions, last = [0] * units, [date.min] * units
    for unit, _, one in taken:
        sessions[unit] += one.sessions
        last[unit] = max(last[unit], one.day)
    return Tally(sessions, [None if day == date.min else day for day in last])


def _check(question: CoverageQuestion, units: Sequence[CoverageUnit]) -> None:
    outreach_kinds, kinds = code_list("outreach_kind"), code_list("incident_kind")
    _check_codes(question.kinds, kinds, "loại vụ việc", "kind of incident")
    _check_codes(question.outreach_kinds, outreach_kinds, "hình thức", "kind of outreach")
    _check_codes(question.audiences, audiences_reached(), "đối tượng", "audience")
    edition, level, province = question.edition, question.level, question.province
    if not units:
        raise not_loaded(edition, level)
    if province is not None and province not in {unit.province_code for unit in units}:
        raise InputError(
            "unit.unknown",
            f"Phiên bản {edition} không có tỉnh mã {province}. Xem các mã ở"
            f" /api/v1/units?edition={edition}&level=province.",
            f"Edition {edition} has no province of code {province}."
            f" /api/v1/units?edition={edition}&level=province lists the codes.",
            unit=province,
        )


def _check_codes(codes: Sequence[str], known: Collection[str], vi: str, en: str) -> None:
    if unknown := sorted(set(codes) - set(known)):
        listed, choices = ", ".join(unknown)[:300], ", ".join(known)
        raise InputError(
            "kind.unknown",
            f"Không có {vi} {listed} trong phép tính này. Có thể chọn: {choices}.",
            f"There is no {en} {listed} to count here. Choices: {choices}.",
        )
