"""Working hours: what is left of a step's time counts only while people work (GW-56)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from servicekit import Parameter
from servicekit.base.clock import time_zone

BEGINS = Parameter("approval.day_begins", 9)
ENDS = Parameter("approval.day_ends", 18)
DAYS = Parameter("approval.working_days", "12345")
"""Monday is 1, Sunday is 7."""
FARTHEST = 3700
"""Days that are looked through; a house that never works is never late."""


@dataclass(frozen=True)
class WorkingHours:
    """When people work, in the time zone of the house."""

    begins: int
    ends: int
    days: frozenset[int]
    zone: ZoneInfo

    def after(self, moment: datetime, hours: int) -> datetime | None:
        """Return when so many working hours have passed since a moment; None in a house that never works."""
        left, now = timedelta(hours=hours), moment.astimezone(self.zone)
        day = now.date()
        for _ in range(FARTHEST):
            if day.isoweekday() in self.days and self.begins < self.ends:
                opens = datetime.combine(day, time(self.begins), self.zone)
                closes = datetime.combine(day, time(0), self.zone) + timedelta(hours=self.ends)
                start = max(opens, now)
                if closes - start >= left:
                    return (start + left).astimezone(UTC)
                left -= max(closes - start, timedelta())
            day += timedelta(days=1)
        return None


def working_hours(session: Session) -> WorkingHours:
    """Return when people work, as an administrator has set it."""
    days = frozenset(int(each) for each in DAYS.of(session) if each in "1234567")
    return WorkingHours(BEGINS.of(session), ENDS.of(session), days, time_zone())
