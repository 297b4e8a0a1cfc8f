"""How the page of a unit writes days, numbers, addresses and classes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from geo.errors import Language
from geo.records.code_lists import code_lists
from geo.wording import day_text, month_text, number
from layers.definition import LegendEntry, Mark
from layers.space_time import CLUSTERS, EMERGING
from layers.themes import HOTSPOTS
from web.unit_figures import month_name


def _by_key(legend: tuple[LegendEntry, ...]) -> Mapping[str, LegendEntry]:
    return {entry.key: entry for entry in legend}


LEGENDS: Mapping[str, Mapping[str, LegendEntry]] = {
    "gi_star": _by_key(HOTSPOTS.legend),
    "emerging": _by_key(EMERGING.legend),
    "scan_poisson": _by_key(CLUSTERS.legend),
    "scan_permutation": _by_key(CLUSTERS.legend),
}
# Lines over a square of 12, by the mark of a class; a plain one has none.
MARKS: Mapping[Mark, str] = {
    "striped": "M-2 8 8-2M2 14 14 2",
    "hatched": "M-2 4 8 14M4-2 14 8",
    "crossed": "M-2 8 8-2M2 14 14 2M-2 4 8 14M4-2 14 8",
    "barred": "M0 3h12M0 9h12",
    "upright": "M3 0v12M9 0v12",
    "dotted": "M2 3h2M8 3h2M2 9h2M8 9h2",
    "checked": "M0 3h6M6 9h6",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a template cannot write by itself, in one language."""

    language: Language

    def day(self, day: date | datetime | None) -> str:
        """A day; of a moment the day on which it was in the time zone of the connection."""
        if day is None:
            return "–"
        return day_text(day.date() if isinstance(day, datetime) else day, self.language)

    def last_day(self, end: date) -> str:
        """The last day of a period that ends before `end`."""
        return self.day(end - timedelta(days=1))

    def month(self, month: int | str) -> str:
        """A month, counted as year * 12 + month - 1, or such as "2026-02"."""
        if isinstance(month, str):
            return month_text(month, self.language)
        return month_name(month, self.language)

    def number(self, value: float, digits: int = 0) -> str:
        """A number."""
        return number(value, self.language, digits)

    def label(self, code_list: str, code: str) -> str:
        """The label of a code."""
        codes = code_lists()[code_list]
        return codes[code].label(self.language) if code in codes else code

    def unit(self, unit: Mapping[str, Any]) -> str:
        """The address of a unit's page."""
        query = "?lang=en" if self.language == "en" else ""
        return f"/don-vi/{unit['edition']}/{unit['level']}/{unit['code']}{query}"

    def entry(self, method: str, hot_class: int | None) -> LegendEntry:
        """How a class of a method is painted, and what it is called."""
        legend = LEGENDS[method]
        return legend.get("none" if hot_class is None else str(hot_class), legend["none"])

    def class_name(self, method: str, hot_class: int | None) -> str:
        """What a class of a method is called."""
        return self.entry(method, hot_class).label.in_language(self.language)

    def lines(self, entry: LegendEntry) -> str:
        """The path of the lines by which a class is told from others without colour."""
        return MARKS.get(entry.mark, "")

    def ink(self, entry: LegendEntry) -> str:
        """The colour of these lines."""
        return entry.ink or ("#8d9296" if entry.mark == "hatched" else "#ffffff")
