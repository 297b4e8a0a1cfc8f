"""How Vietnamese and English write what both say."""

from datetime import date

from geo.errors import Language


def month_text(month: str, language: Language) -> str:
    """A month such as "2026-02" as the language writes it.

    >>> month_text("2026-02", "vi")
    '02/2026'
    """
    year, of_year = month.split("-")
    return f"{of_year}/{year}" if language == "vi" else month


def day_text(day: date, language: Language) -> str:
    """A day as the language writes it.

    >>> day_text(date(2026, 2, 1), "vi")
    '01/02/2026'
    """
    return f"{day:%d/%m/%Y}" if language == "vi" else day.isoformat()


def number(value: float, language: Language, digits: int = 1) -> str:
    """A number as the language writes it: decimal comma and thousands point in Vietnamese."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
