"""Working hours, which need no server (GW-56)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from identity.approvals.working_hours import WorkingHours

HOUSE = ZoneInfo("Asia/Shanghai")
WEEK = WorkingHours(9, 18, frozenset({1, 2, 3, 4, 5}), HOUSE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HOUSE)


@pytest.mark.parametrize(
    ("began", "hours", "ends"),
    [
        ("2026-11-23 10:00", 4, "2026-11-23 14:00"),
        ("2026-11-23 16:00", 4, "2026-11-24 11:00"),
        ("2026-11-23 06:00", 9, "2026-11-23 18:00"),
        ("2026-11-27 17:30", 1, "2026-11-30 09:30"),
        ("2026-11-28 12:00", 2, "2026-11-30 11:00"),
        ("2026-11-23 19:00", 45, "2026-11-30 18:00"),
    ],
)
def test_only_working_hours_count(began: str, hours: int, ends: str) -> None:
    assert WEEK.after(at(began), hours) == at(ends)
    assert WEEK.after(at(began).astimezone(UTC), hours) == at(ends)


def test_a_house_that_works_round_the_clock_or_never() -> None:
    always = WorkingHours(0, 24, frozenset(range(1, 8)), HOUSE)
    assert always.after(at("2026-11-28 23:00"), 30) == at("2026-11-28 23:00") + timedelta(hours=30)
    assert WorkingHours(9, 9, frozenset({1}), HOUSE).after(at("2026-11-28 23:00"), 1) is None
    assert WorkingHours(9, 18, frozenset(), HOUSE).after(at("2026-11-28 23:00"), 1) is None
