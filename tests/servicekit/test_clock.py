"""Business days are those of the house, whatever the clocks of servers and clients say (M-18)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from marshmallow import ValidationError
from pydantic import ValidationError as UnreadableSetting

from servicekit import today
from servicekit.base.fields import Date, PastDate, PastTimestamp, Timestamp
from servicekit.base.settings import Settings
from servicekit.testing_environment import house_in
from tests.servicekit.test_fields import accepted

MORNING = datetime(2026, 11, 22, 7, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
EVENING = datetime(2026, 11, 21, 18, 30, tzinfo=ZoneInfo("America/Los_Angeles"))


def test_a_morning_in_shanghai_is_on_its_own_day() -> None:
    with time_machine.travel(MORNING):
        assert datetime.now(UTC).date() == date(2026, 11, 21)
        assert today() == date(2026, 11, 22)


def test_an_evening_in_america_is_on_its_own_day_where_the_house_is_there() -> None:
    with house_in("America/Los_Angeles"), time_machine.travel(EVENING):
        assert datetime.now(UTC).date() == date(2026, 11, 22)
        assert today() == date(2026, 11, 21)


def test_a_time_zone_that_does_not_exist_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHU_TIME_ZONE", "Asia/Atlantis")
    with pytest.raises(UnreadableSetting, match="kehu_time_zone"):
        Settings()


def test_what_has_happened_is_neither_after_tomorrow_nor_before_1990() -> None:
    with time_machine.travel(MORNING):
        for day in ("1990-01-01", "2026-11-22", "2026-11-23"):
            assert accepted(PastDate(), day) == date.fromisoformat(day)
        for day in ("1989-12-31", "2026-11-24", "0001-01-01", "9999-12-31"):
            with pytest.raises(ValidationError, match="1990-01-01 to 2026-11-23"):
                accepted(PastDate(), day)


@pytest.mark.parametrize(("zone", "offset"), [("Asia/Shanghai", "+08:00"), ("America/Los_Angeles", "-08:00")])
def test_the_first_moment_at_which_anything_was_done_is_when_1990_began_in_the_house(
    zone: str, offset: str
) -> None:
    with house_in(zone):
        first = accepted(PastTimestamp(), f"1990-01-01T00:00:00{offset}")
        assert first == datetime.fromisoformat(f"1990-01-01T00:00:00{offset}")
        for moment in (f"1989-12-31T23:59:59{offset}", "2199-01-01T00:00:00Z"):
            with pytest.raises(ValidationError, match="nor before 1990"):
                accepted(PastTimestamp(), moment)


def test_what_is_planned_is_within_two_centuries() -> None:
    assert accepted(Date(), "2199-12-31") == date(2199, 12, 31)
    for day in ("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"):
        with pytest.raises(ValidationError):
            accepted(Date(), day)


def test_a_moment_is_shown_as_it_will_be_read_again() -> None:
    """(M-24)"""
    kept = accepted(Timestamp(), "2026-11-22T07:00:00+08:00")
    assert kept.isoformat() == "2026-11-21T23:00:00+00:00"
