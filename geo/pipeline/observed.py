"""Of which days there can be records: no rate divides by days that have not come."""

from datetime import date, timedelta

from sqlalchemy import Connection

from geo.dates import first_day, month_number, today
from geo.errors import InputError
from geo.store.database import query
from geo.wording import day_text

# The first day on which a record may lie, as the database's constraint has it: it stands for the
# beginning of a period that has none.
EARLIEST = date(1975, 1, 1)


def days_observed(first: date, last: date) -> int:
    """How many days of [first, last) have come by today; one at least."""
    return max((min(last, today() + timedelta(days=1)) - first).days, 1)


def observed(connection: Connection, first: date, last: date) -> tuple[date, date]:
    """[first, last) without months to come and, of an open beginning, from the first record on.

    Raises:
        InputError: it has not begun.
    """
    refuse_future(first)
    if first <= EARLIEST:
        month = connection.execute(query("store_overview")).one().first_month
        first = first if month is None else min(first_day(month), last - timedelta(days=1))
    return first, min(last, _next_month())


def refuse_future(first: date) -> None:
    """Refuse a period of which no day has come yet: nothing counted is not nothing happened.

    Raises:
        InputError: it begins after today.
    """
    if first > today():
        raise InputError(
            "period.future",
            f"Kỳ này chưa bắt đầu ({day_text(first, 'vi')}): chưa có gì để tính. Hãy chọn kỳ"
            " đã qua.",
            f"This period has not begun ({day_text(first, 'en')}): there is nothing to compute."
            " Choose one that has passed.",
        )


def refuse_unfinished(first: date, last: date) -> None:
    """Refuse a period that a run is to keep: what it divides by must not wait to be.

    Args:
        last: the day after its last; the month that goes on may be in it.

    Raises:
        InputError: it begins after today, or ends after this month.
    """
    refuse_future(first)
    if last > _next_month():
        end = _next_month() - timedelta(days=1)
        raise InputError(
            "period.unfinished",
            f"Kỳ này kéo dài đến {day_text(last - timedelta(days=1), 'vi')}, là những ngày chưa"
            f" đến. Hãy chọn ngày cuối không sau {day_text(end, 'vi')}.",
            f"This period goes on until {day_text(last - timedelta(days=1), 'en')}, days that have"
            f" not come. Choose a last day of {day_text(end, 'en')} at the latest.",
        )


def _next_month() -> date:
    """The first day of the next month."""
    return first_day(month_number(today()) + 1)
