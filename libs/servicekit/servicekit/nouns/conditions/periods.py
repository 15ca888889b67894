"""Periods: what ``this_month`` and ``last_30_days`` mean on a day, as days of the house (docs/decisions/0013)."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from servicekit.base.date_fields import is_day
from servicekit.base.errors import Fault
from servicekit.base.labels import Label

NAMED: Mapping[str, Label] = {
    "today": ("今天", "today"),
    "yesterday": ("昨天", "yesterday"),
    "tomorrow": ("明天", "tomorrow"),
    "this_week": ("本周", "this week"),
    "last_week": ("上周", "last week"),
    "next_week": ("下周", "next week"),
    "this_month": ("本月", "this month"),
    "last_month": ("上月", "last month"),
    "next_month": ("下月", "next month"),
    "this_quarter": ("本季度", "this quarter"),
    "last_quarter": ("上季度", "last quarter"),
    "next_quarter": ("下季度", "next quarter"),
    "this_year": ("今年", "this year"),
    "last_year": ("去年", "last year"),
    "next_year": ("明年", "next year"),
}
MOST_DAYS = 9999
NOT_A_PERIOD = Fault(
    "not-a-period", "Must be a day or a period such as today, this_month, last_30_days or next_7_days."
)

PATTERN = f"^({'|'.join(NAMED)}|(last|next)_[0-9]{{1,4}}_days|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})$"
"""What a period looks like."""

Span = tuple[date, date]
"""From a day on, and before a day."""

_DAY = timedelta(days=1)
_DAYS_AWAY = re.compile(r"(?P<way>last|next)_(?P<count>[0-9]{1,4})_days")
_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}
_TURNS = {"last": -1, "this": 0, "next": 1}


def span_of(period: str, today: date) -> Span:
    """Return the days of a period. ``last_7_days`` are today and the seven days before, ``next_7_days`` alike.

    Raises:
        ValueError: with a sentence for the client.
    """
    if period in _NEAR:
        begins = today + _DAY * _NEAR[period]
        return begins, begins + _DAY
    if away := _DAYS_AWAY.fullmatch(period):
        return days_away(int(away["count"]), away["way"], today)
    if period in NAMED:
        turn, unit = period.split("_")
        begin = _BEGINNINGS[unit]
        return begin(today, _TURNS[turn]), begin(today, _TURNS[turn] + 1)
    if not is_day(period):
        raise ValueError(NOT_A_PERIOD)
    try:
        day = date.fromisoformat(period)
    except ValueError:
        raise ValueError(NOT_A_PERIOD) from None
    if not 1 < day.year < 9999:
        raise ValueError(NOT_A_PERIOD)
    return day, day + _DAY


def days_away(count: int, way: str, today: date) -> Span:
    """Return today and so many days before it (``last``) or after it."""
    days = _DAY * count
    return (today - days, today + _DAY) if way == "last" else (today, today + days + _DAY)


def beginning(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day of the house."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _week(day: date, turn: int) -> date:
    return day - _DAY * day.weekday() + 7 * _DAY * turn


def _month(day: date, turn: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + turn, 12)
    return date(year, month + 1, 1)


def _quarter(day: date, turn: int) -> date:
    return _month(day.replace(month=day.month - (day.month - 1) % 3), 3 * turn)


def _year(day: date, turn: int) -> date:
    return date(day.year + turn, 1, 1)


_BEGINNINGS: Mapping[str, Callable[[date, int], date]] = {
    "week": _week, "month": _month, "quarter": _quarter, "year": _year,
}  # fmt: skip
