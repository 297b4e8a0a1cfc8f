"""Days and months as they are counted here; a month is a number, year * 12 + month - 1."""

from datetime import date, datetime, timedelta, timezone

# Vietnamese time has had no changes since June 1975, and no record is older.
COUNTRY_TIME = timezone(timedelta(hours=7))
MONTHS = 12
MIDDLE_OF_MONTH = 15


def today() -> date:
    """The day that it is in Vietnam."""
    return datetime.now(COUNTRY_TIME).date()


def month_number(day: date) -> int:
    """The month of a day.

    >>> first_day(month_number(date(2025, 8, 31)))
    datetime.date(2025, 8, 1)
    """
    return day.year * MONTHS + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // MONTHS, month % MONTHS + 1, 1)


def nearest_month(day: date) -> int:
    """The month whose first day lies nearest."""
    return month_number(day) + (day.day > MIDDLE_OF_MONTH)


def whole_months(first: date | None, last: date | None) -> tuple[date, date]:
    """The whole months [first, last) around the days of a period whose ends may be open.

    Without an end they are those that have ended, and of a year without a first day.

    >>> whole_months(date(2025, 8, 31), date(2025, 9, 2))
    (datetime.date(2025, 8, 1), datetime.date(2025, 10, 1))
    """
    end = month_number(last - timedelta(days=1)) + 1 if last else month_number(today())
    begin = month_number(first) if first else end - MONTHS
    return first_day(begin), first_day(end if last else max(end, begin + 1))
