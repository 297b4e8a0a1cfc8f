"""Figures of a unit as its page writes them: months, kinds and channels, as they may be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.dates import MONTHS
from geo.errors import Language
from geo.pipeline.briefing import Figure, of_month
from geo.pipeline.releases import ReleasedMonths
from geo.records.code_lists import code_lists
from geo.store.statistics import MonthCount
from geo.wording import month_text, number
from web.briefing.wording import change, figure
from web.i18n import messages


@dataclass(frozen=True, slots=True)
class Span:
    """Months from `first` to `last`, both in it, counted as year * 12 + month - 1."""

    first: int
    last: int

    @property
    def year_before(self) -> "Span":
        """The same months a year before."""
        return Span(self.first - MONTHS, self.last - MONTHS)

    def holds(self, month: int) -> bool:
        """Whether a month lies in it."""
        return self.first <= month <= self.last


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a table with a bar: what it is, its count in words, and its part of the longest."""

    label: str
    told: str
    part: float


def month_name(month: int, language: Language) -> str:
    """A month as the language writes it."""
    return month_text(f"{month // MONTHS}-{month % MONTHS + 1:02d}", language)


def totals(found: ReleasedMonths, span: Span, language: Language) -> dict[str, str]:
    """Incidents and victims of the months and of a year before, with the change where it is known.

    `apportioned` is the unit's part of incidents that are known by a unit around it, "" for none.
    """
    incidents, before = (_sum(found, one, "incidents") for one in (span, span.year_before))
    victims, victims_before = (_sum(found, one, "victims") for one in (span, span.year_before))
    shared = sum(one.apportioned for one in found.counts if span.holds(one.month))
    return {
        "incidents": figure(incidents, language),
        "incidents_before": figure(before, language),
        "incidents_change": change(incidents, before, language),
        "victims": figure(victims, language),
        "victims_before": figure(victims_before, language),
        "victims_change": change(victims, victims_before, language),
        "apportioned": number(shared, language) if shared >= 0.05 else "",
    }


def trend(found: ReleasedMonths, span: Span, language: Language) -> list[dict[str, Any]]:
    """Every month with its count and that of a year before, as told and as drawn."""
    rows = []
    for month in range(span.first, span.last + 1):
        now, before = of_month(found, month), of_month(found, month - MONTHS)
        rows.append(
            {
                "month": month_name(month, language),
                "told": figure(now, language, "near"),
                "told_before": figure(before, language, "near"),
                "value": now.value or 0,
                "value_before": before.value or 0,
            }
        )
    return rows


def kinds(found: ReleasedMonths, span: Span, language: Language) -> list[Bar]:
    """Incidents of the months by kind, the commonest first; kinds without a count are not named."""
    sums: dict[str, int] = {}
    for one in found.counts:
        if span.holds(one.month):
            sums[one.kind] = sums.get(one.kind, 0) + one.incidents
    told = {kind: Figure(count, found.base) for kind, count in sums.items() if count}
    return _bars(told, "incident_kind", language)


def channels(counts: Mapping[str, Any] | None, language: Language) -> list[Bar]:
    """Incidents by channel of recruitment, the commonest first; none where they are not told."""
    told = counts["by_channel"] if counts else {}
    return _bars({code: Figure(count) for code, count in told.items()}, "channel", language)


def _bars(told: Mapping[str, Figure], code_list: str, language: Language) -> list[Bar]:
    names = code_lists()[code_list]
    longest = max((one.value or 0 for one in told.values()), default=1)
    order = sorted(told.items(), key=lambda item: (-(item[1].value or 0), item[0]))
    return [
        Bar(names[code].label(language), figure(one, language, "near"), (one.value or 0) / longest)
        for code, one in order
    ]


def _sum(found: ReleasedMonths, span: Span, measure: str) -> Figure:
    inside: Sequence[MonthCount] = [one for one in found.counts if span.holds(one.month)]
    value = sum(getattr(one, measure) for one in inside)
    told = value if value or found.base is None else None
    # How many victims there may be beside those told has no bound.
    return Figure(told, found.base, found.under if measure == "incidents" else None)


def raster_line(found: Mapping[str, Any], language: Language) -> tuple[str, str]:
    """The title of a raster layer and what it says of a unit, as on the map."""
    text, unit = messages(language), found["unit"]
    if found["style"] == "population":
        line = text["raster_total"].format(value=_rounded(found["total"], unit, language))
    else:
        line = text["raster_mean"].format(
            value=_rounded(found["mean"], unit, language),
            least=_rounded(found["least"], "", language),
            most=_rounded(found["most"], unit, language),
        )
    percent = round(found["covered"] * 100)
    if percent < 99:
        line = f"{line} ({text['raster_covered'].format(percent=percent)})"
    return found[f"title_{language}"], line


def _rounded(value: float, unit: str, language: Language) -> str:
    """A few digits: more would say more than a raster knows."""
    steps = ((100, 0), (1, 1), (0.01, 3))
    digits = next((digits for least, digits in steps if abs(value) >= least), 5)
    return f"{number(value, language, digits)} {unit}".strip()
