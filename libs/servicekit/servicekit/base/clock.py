"""Which day it is. Moments are in UTC; business days are those of the house, in the one time zone that it has set."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from servicekit.base.database import utcnow
from servicekit.base.settings import Settings


@cache
def time_zone() -> ZoneInfo:
    """Return the time zone of the house, ``KEHU_TIME_ZONE``."""
    return Settings().kehu_time_zone


def today() -> date:
    """Return the business day of this moment: the date that a calendar on the wall of the house shows."""
    return day_of(utcnow())


def day_of(moment: datetime) -> date:
    """Return the business day of a moment."""
    return moment.astimezone(time_zone()).date()
