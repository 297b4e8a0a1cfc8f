"""What the printed briefing of a province tells of a period, as its reader may know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import Connection

from geo import __version__
from geo.analysis.coverage import GapClass
from geo.analysis.rates import crude_rates
from geo.dates import month_number
from geo.errors import NotFoundError
from geo.pipeline.briefing_ground import Ground, read_ground
from geo.pipeline.briefing_hotspots import EDITION, Hotspots, HotspotSource, read_hotspots
from geo.pipeline.coverage import Coverage, CoverageQuestion, cover
from geo.pipeline.coverage_tables import coverage_rows
from geo.pipeline.flows import FlowFilter, network_flows
from geo.pipeline.observed import days_observed
from geo.pipeline.releases import Audience, ReleasedCounts, ReleasedMonths, Releases
from geo.settings import Settings
from geo.store.database import query
from geo.store.statistics import Measure, Selection
from geo.store.units import editions, find_units, get_unit

TABLE_ROWS = 10


@dataclass(frozen=True, slots=True)
class BriefingQuestion:
    """A province of 2025 and a period [first, last); `dated` is the day on the paper."""

    province: str
    first: date
    last: date
    dated: date


@dataclass(frozen=True, slots=True)
class Figure:
    """A count as it may be told: a multiple of `base`, or exact without one.

    `value` is None where few or none is all that may be told: less than `under`, if known.
    """

    value: int | None
    base: int | None = None
    under: int | None = None


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune; its rate is per 100,000 inhabitants a year, None where it may not be told.

    `hot_class` is -3 … 3 among all of the country, `border_class` among the communes of the land
    border alone, None without data or inland. `since` is the month since which it has been hot,
    such as "2026-02"; `last_session` the day of the last session up to the end of the period.
    """

    code: str
    name: str
    full_name: str
    is_special_zone: bool
    incidents: Figure
    rate: float | None
    hot_class: int | None
    border_class: int | None
    since: str | None
    last_session: date | None

    @property
    def hottest(self) -> int:
        """The higher of both classes, 0 where it is hot in neither."""
        return max(self.hot_class or 0, self.border_class or 0, 0)


@dataclass(frozen=True, slots=True)
class Month:
    """Incidents of a month, counted as year * 12 + month - 1, and of the same a year before."""

    number: int
    incidents: Figure
    before: Figure


@dataclass(frozen=True, slots=True)
class Gap:
    """A commune where risk is ahead of outreach; figures as in the coverage of units."""

    full_name: str
    gap_class: GapClass
    risk: float
    reach: float
    sessions: int
    last_session: date | None


@dataclass(frozen=True, slots=True)
class Networks:
    """Networks dismantled in the period with a place in the province, of those one may see.

    `identifiers` are not told; who reads of records leaves a trace by them.
    """

    identifiers: tuple[str, ...]
    roles: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that the paper says; `first` to `last` is the period that was counted, [first, last).

    Where counts are protected it is of whole months, and `base` is what they are multiples of.
    `communes` are all of the province by code; `ranked` those that the table and the map name.
    `unvisited` are communes in which no session was held in the period.
    """

    question: BriefingQuestion
    first: date
    last: date
    province: str
    province_en: str
    is_land_border: bool
    incidents: Figure
    incidents_before: Figure
    victims: Figure
    victims_before: Figure
    communes: Sequence[Commune]
    ranked: Sequence[Commune]
    unvisited: Sequence[Commune]
    months: Sequence[Month]
    gaps: Sequence[Gap]
    networks: Networks
    hotspots: HotspotSource | None
    ground: Ground
    boundary_source: str
    is_approximate: bool
    is_demo: bool
    base: int | None
    data_fingerprint: str
    software_version: str = __version__


def brief(
    connection: Connection,
    records: Connection,
    question: BriefingQuestion,
    settings: Settings,
    releases: Releases,
    audience: Audience,
) -> Briefing:
    """Gather it.

    Args:
        records: a connection that sees the networks which the reader may see.
        audience: of a paper that leaves the system: the public one outside of one's own units.

    Raises:
        NotFoundError: there is no such province, or its communes are not loaded.
    """
    province = province_of(connection, question.province)
    counts = partial(releases.counts, audience=audience)
    asked = CoverageQuestion(
        EDITION, "commune", question.first, question.last, province=question.province
    )
    covered = cover(connection, asked, counts, releases.index)
    first, last = covered.question.first, covered.question.last
    totals = _Totals(connection, releases, audience, question.province)
    hotspots = read_hotspots(connection, _own(covered), releases.index)
    communes = _communes(connection, covered, hotspots)
    layer = _layer(connection)
    return Briefing(
        question=question,
        first=first,
        last=last,
        province=province["full_name"],
        province_en=province["name_en"],
        is_land_border=province["is_land_border"],
        incidents=totals.of(first, last, "incidents"),
        incidents_before=totals.of(year_before(first), year_before(last), "incidents"),
        victims=totals.of(first, last, "victims"),
        victims_before=totals.of(year_before(first), year_before(last), "victims"),
        communes=communes,
        ranked=_ranked(communes),
        unvisited=[one for one in communes if one.last_session is None or one.last_session < first],
        months=totals.months(first, last),
        gaps=_gaps(covered),
        networks=_networks(records, question.province, first, last),
        hotspots=hotspots.source,
        ground=read_ground(
            connection,
            question.province,
            province["bounds"],
            settings.boundaries_directory / "surroundings.json",
        ),
        boundary_source=layer["source"],
        is_approximate=layer["approximate"],
        is_demo=bool(connection.execute(query("store_overview")).one()[2]),
        base=next((one.incidents.base for one in communes if one.incidents.base), None),
        data_fingerprint=covered.data_fingerprint,
    )


def province_of(connection: Connection, code: str) -> dict[str, Any]:
    """A province of 2025.

    Raises:
        NotFoundError: there is none of that code.
    """
    try:
        return get_unit(connection, EDITION, "province", code)
    except NotFoundError as error:
        address = f"/api/v1/units?edition={EDITION}&level=province"
        raise NotFoundError(
            error.code,
            f"Phiên bản {EDITION} không có tỉnh mã {code}. Xem các mã ở {address}.",
            f"Edition {EDITION} has no province of code {code}. {address} lists the codes.",
            province=code,
        ) from error


def _layer(connection: Connection) -> dict[str, Any]:
    layers = next(one["layers"] for one in editions(connection) if one["name"] == EDITION)
    found: dict[str, Any] = next(one for one in layers if one["level"] == "commune")
    return found


def year_before(day: date) -> date:
    """The same day a year before; of a 29th of February the day after the 28th.

    >>> year_before(date(2024, 2, 29))
    datetime.date(2023, 3, 1)
    """
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 3, 1)
    return day.replace(year=day.year - 1)


@dataclass(frozen=True, slots=True)
class _Totals:
    """Counts of the province as a whole."""

    connection: Connection
    releases: Releases
    audience: Audience
    code: str

    def of(self, first: date, last: date, measure: Measure) -> Figure:
        selection = Selection(EDITION, "province", first, last)
        found = self.releases.counts(self.connection, selection, measure, self.audience)
        return figures_of(found)[self.code]

    def months(self, first: date, last: date) -> list[Month]:
        """Every month that the period touches."""
        found = self.releases.months(
            self.connection, (EDITION, "province", self.code), self.audience
        )
        ends = last - timedelta(days=1)
        begin, end = map(month_number, (first, ends))
        return [
            Month(number, of_month(found, number), of_month(found, number - 12))
            for number in range(begin, end + 1)
        ]


def of_month(found: ReleasedMonths, number: int) -> Figure:
    """Incidents of a month, counted as year * 12 + month - 1."""
    value = sum(one.incidents for one in found.counts if one.month == number)
    told = value if value or found.base is None else None
    return Figure(told, found.base, found.under)


def figures_of(found: ReleasedCounts) -> dict[str, Figure]:
    """Counts as they may be told, by code."""
    told = zip(found.counts.codes, found.shown, found.bases, found.unders, strict=True)
    return {
        code: Figure(value, base, under if value is None else None)
        for code, value, base, under in told
    }


def _own(covered: Coverage) -> set[str]:
    """Communes told of exactly: of these alone a paper may say since when they are hot."""
    protection = covered.protection
    return {
        unit.code
        for number, unit in enumerate(covered.units)
        if protection is None or protection.is_exact[number]
    }


def _communes(
    connection: Connection,
    covered: Coverage,
    hotspots: Hotspots,
) -> list[Commune]:
    question, protection = covered.question, covered.protection
    facts = {
        one["code"]: one
        for one in find_units(connection, EDITION, "commune", parent=question.province)
    }
    counted = np.array([np.nan if one is None else one for one in covered.incidents], np.float64)
    days = days_observed(question.first, question.last)
    rates = crude_rates(counted, covered.population, days)
    found = []
    for number in covered.asked:
        unit, value = covered.units[number], covered.incidents[number]
        is_exact = protection is None or bool(protection.is_exact[number])
        under = protection.under if protection is not None and value is None else None
        found.append(
            Commune(
                code=unit.code,
                name=facts[unit.code]["name"],
                full_name=unit.full_name,
                is_special_zone=facts[unit.code]["unit_type"] == "Đặc khu",
                incidents=Figure(
                    value,
                    None if is_exact or protection is None else protection.base,
                    None if under is None else int(under[number]),
                ),
                rate=None if np.isnan(rates[number]) else float(rates[number]),
                hot_class=hotspots.classes.get(unit.code),
                border_class=hotspots.border_classes.get(unit.code),
                since=hotspots.since.get(unit.code),
                last_session=covered.tally.last_session[number],
            )
        )
    return found


def _ranked(communes: Sequence[Commune]) -> list[Commune]:
    """Hot ones first, by class; then by incidents, rate and code; those with neither stay out."""

    def order(one: Commune) -> tuple[int, int, float, str]:
        return -one.hottest, -(one.incidents.value or 0), -(one.rate or 0), one.code

    told = [one for one in communes if one.hottest or one.incidents.value]
    return sorted(told, key=order)[:TABLE_ROWS]


def _gaps(covered: Coverage) -> list[Gap]:
    ahead = (GapClass.RISK_CLEARLY_AHEAD, GapClass.RISK_LIKELY_AHEAD)
    return [
        Gap(
            row["full_name"],
            row["gap_class"],
            row["risk"],
            row["reach"],
            row["sessions"],
            row["last_session"],
        )
        for row in coverage_rows(covered)
        if row["gap_class"] in ahead
    ][:TABLE_ROWS]


def _networks(records: Connection, province: str, first: date, last: date) -> Networks:
    found = network_flows(records, FlowFilter(EDITION, "province", first, last))
    hub = next((one for one in found.merged.hubs if one.place == province), None)
    return Networks(hub.networks, dict(hub.roles)) if hub else Networks((), {})
