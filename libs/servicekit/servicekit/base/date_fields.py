"""Marshmallow fields for days and moments: within what can be meant, and with what has happened not in the future."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields

from servicekit.base.clock import day_of, today
from servicekit.base.errors import Fault
from servicekit.base.labels import Labelled

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
"""A moment as RFC 3339 has it, which is what ``date-time`` means in a contract; ISO 8601 knows many more forms, such as
those of weeks and without seconds."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far a client's clock may be ahead of ours."""

EARLIEST_DONE = date(1990, 1, 1)
"""The first day, of the house, on which anything has been done."""

FIRST_PLANNED, LAST_PLANNED = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def is_moment(value: Any) -> bool:
    """Tell whether a value is written as a moment: ``2026-11-22T16:00:00+08:00``."""
    return isinstance(value, str) and _MOMENT.fullmatch(value) is not None


def is_day(value: Any) -> bool:
    """Tell whether a value is written as a day: ``2026-11-22``, and in no other form of ISO 8601."""
    return isinstance(value, str) and _DATE.fullmatch(value) is not None


class Timestamp(Labelled, fields.AwareDateTime):
    """A moment with its offset from UTC, of years that can be stored and read back in every time zone; kept in UTC."""

    fault = "not-a-time"
    beyond = Fault("time-out-of-range", "Must be of the years 2 to 9998.")
    default_error_messages = dict.fromkeys(
        ("invalid", "invalid_awareness", "format"),
        "Must be a time with its offset from UTC, like 2026-11-22T16:00:00+08:00.",
    )

    def _allows(self, moment: datetime) -> bool:
        return 1 < moment.year < 9999

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        if not is_moment(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        moment = super()._deserialize(value.upper(), attr, data, **more)
        if not self._allows(moment):
            raise ValidationError(self.beyond)
        return moment.astimezone(UTC)


class PastTimestamp(Timestamp):
    """A moment at which something was done: not in the future, and not before 1990 began in the house."""

    beyond = Fault("not-in-the-past", "Must not be in the future, nor before 1990.")

    def _allows(self, moment: datetime) -> bool:
        done = super()._allows(moment) and day_of(moment) >= EARLIEST_DONE
        return done and moment <= datetime.now(UTC) + CLOCKS_DIFFER


class PlannedTimestamp(Timestamp):
    """A moment at which something is to be done, within what anybody can plan; it may have passed."""

    beyond = Fault("not-a-plan", "Must be a time between 1900 and 2200.")

    def _allows(self, moment: datetime) -> bool:
        return FIRST_PLANNED <= moment <= LAST_PLANNED


class Date(Labelled, fields.Date):
    """A day as ``2026-11-22``; the other forms of ISO 8601 are refused, and so is what lies centuries away.

    Args:
        earliest: the first day allowed.
    """

    fault = "not-a-date"
    default_error_messages = dict.fromkeys(("invalid", "format"), "Must be a day like 2026-11-22.")

    def __init__(self, *, earliest: date = date(1900, 1, 1), **more: Any):
        super().__init__(**more)
        self.earliest = earliest

    @property
    def latest(self) -> date:
        """The last day allowed."""
        return date(2199, 12, 31)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        if not is_day(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        day: date = super()._deserialize(value, attr, data, **more)
        if not self.earliest <= day <= self.latest:
            raise ValidationError(
                Fault(
                    "date-out-of-range",
                    "Must be from {earliest} to {latest}.",
                    earliest=str(self.earliest),
                    latest=str(self.latest),
                )
            )
        return day


class PastDate(Date):
    """A day on which something has happened, from 1990 on."""

    def __init__(self, *, earliest: date = EARLIEST_DONE, **more: Any):
        super().__init__(earliest=earliest, **more)

    @property
    def latest(self) -> date:
        """Tomorrow: east of the house it has begun already."""
        return today() + timedelta(days=1)
