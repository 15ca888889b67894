"""The days of opportunities are the house's, and a sale is won on the day of the seller (M-18, M-24)."""

import pytest
import time_machine

from servicekit import Invalid
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from servicekit.testing_environment import house_in
from tests.sales.builders import an_opportunity, change
from tests.servicekit.test_clock import EVENING, MORNING

ALL = ("opportunity.read", "opportunity.write", "opportunity.close")


def test_a_morning_in_shanghai_begins_on_its_own_day(service: RunningService) -> None:
    """SA-25."""
    with time_machine.travel(MORNING):
        made = service.call("create_opportunity", caller(*ALL), data={"name": "CRM 采购"})
    assert made["started_on"] == "2026-11-22"


@pytest.mark.parametrize("house", ["America/Los_Angeles", "Asia/Shanghai"])
def test_an_evening_in_america_wins_on_its_own_day(service: RunningService, house: str) -> None:
    """SA-35: also in a house that stands in Shanghai, where it is tomorrow."""
    me = caller(*ALL)
    with house_in(house), time_machine.travel(EVENING):
        made = service.call("create_opportunity", me, data={"name": "CRM 采购"})
        won = change(service, me, "win", made["id"], closed_on="2026-11-21")
    assert (won["started_on"], won["closed_on"]) == ("2026-11-21", "2026-11-21")


def test_nothing_is_closed_after_tomorrow(service: RunningService) -> None:
    """SA-35."""
    me = caller(*ALL)
    made = an_opportunity(service, me)
    with time_machine.travel(MORNING), pytest.raises(Invalid) as refused:
        change(service, me, "win", made["id"], closed_on="2026-11-24")
    assert [error["field"] for error in refused.value.errors] == ["closed_on"]


def test_no_close_is_expected_before_the_start(service: RunningService) -> None:
    """SA-25 (M-24)."""
    me = caller(*ALL)
    with pytest.raises(Invalid) as refused:
        an_opportunity(service, me, expected_close_on="2026-10-31")
    assert [error["field"] for error in refused.value.errors] == ["expected_close_on"]
    made = an_opportunity(service, me, expected_close_on="2026-11-30")
    for changed in ({"expected_close_on": "2026-10-31"}, {"started_on": "2026-12-01"}):
        with time_machine.travel("2026-12-05T00:00:00Z"), pytest.raises(Invalid) as refused:
            change(service, me, "update", made["id"], **changed)
        assert [error["field"] for error in refused.value.errors] == ["expected_close_on"]
