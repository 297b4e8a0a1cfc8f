"""The texts of the briefing, and how it writes days, months and figures."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

from geo.errors import Language
from geo.pipeline.briefing import Figure
from geo.wording import month_text, number

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
# Up to so many bases a bound is worth telling; beyond it is "few or none".
WORTH_TELLING = 2


@cache
def words(language: Language) -> Mapping[str, str]:
    """All texts in one language by key."""
    found = json.loads(files("web.briefing").joinpath("texts.json").read_text(encoding="utf-8"))
    # No line ends between a number and its sign.
    return {key: text[language].replace(" %", "\u00a0%") for key, text in found.items()}


def day(one: date, language: Language) -> str:
    """A day as the language writes it in short."""
    return f"{one.day:02d}/{one.month:02d}/{one.year}" if language == "vi" else one.isoformat()


def place_and_day(place: str, one: date, language: Language) -> str:
    """The line below the motto; decree 30 writes days and the first two months with a zero."""
    month = f"{one.month:02d}" if one.month < 3 else str(one.month)
    return words(language)["place_date"].format(
        place=place, day=one.day, month=month, month_name=MONTHS[one.month - 1], year=one.year
    )


def month_since(month: str | None, language: Language) -> str:
    """A month such as "2026-02" as the language writes it; a dash for none."""
    return words(language)["unknown"] if month is None else month_text(month, language)


def figure(one: Figure, language: Language, about: str = "about") -> str:
    """A count as it may be told.

    Args:
        about: the text for what is not exact: "about" in a sentence, "near" in a table.
    """
    said = words(language)
    if one.value is not None:
        value = number(one.value, language, 0)
        return value if one.base is None else said[about].format(value=value)
    if one.under is not None and one.base is not None and one.under <= WORTH_TELLING * one.base:
        return said["under"].format(value=number(one.under, language, 0))
    return said["few"]


def change(now: Figure, before: Figure, language: Language) -> str:
    """By how many percent a count has changed; nothing where that may not or cannot be said."""
    if not before.value or now.value is None or now.base or before.base:
        return ""
    percent = round(100 * (now.value - before.value) / before.value)
    key = "change_none" if percent == 0 else "change_up" if percent > 0 else "change_down"
    return words(language)[key].format(percent=number(abs(percent), language, 0))
