"""The days of contracts are the house's (M-18)."""

import pytest
import time_machine

from servicekit import Invalid
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from servicekit.testing_environment import house_in
from tests.contract.test_contracts import ALL, a_contract, signed
from tests.servicekit.test_clock import EVENING, MORNING


def test_a_morning_in_shanghai_numbers_its_own_day(service: RunningService) -> None:
    """GW-57."""
    with time_machine.travel(MORNING):
        assert a_contract(service, caller(*ALL))["number"] == "HT20261122-0001"


def test_an_evening_in_america_numbers_its_own_day(service: RunningService) -> None:
    """GW-57."""
    with house_in("America/Los_Angeles"), time_machine.travel(EVENING):
        assert a_contract(service, caller(*ALL))["number"] == "HT20261121-0001"


def test_nothing_is_completed_before_it_was_signed(service: RunningService) -> None:
    """CT-07."""
    me = caller(*ALL)
    contract = signed(service, me)
    with pytest.raises(Invalid) as refused:
        complete = {"contract_id": contract["id"], "data": {"completed_on": "2026-11-21"}}
        service.call("complete_contract", me, **complete)
    assert [error["field"] for error in refused.value.errors] == ["completed_on"]
    assert service.call("get_contract", me, contract_id=contract["id"])["status"] == "signed"


@pytest.mark.parametrize("signed_on", ["1989-12-31", "2026-11-24", "9999-12-31"])
def test_nothing_is_signed_after_tomorrow_or_before_1990(service: RunningService, signed_on: str) -> None:
    """CT-05."""
    me = caller(*ALL)
    contract_id = a_contract(service, me)["id"]
    service.call("submit_contract", me, contract_id=contract_id)
    with time_machine.travel(MORNING), pytest.raises(Invalid) as refused:
        service.call("sign_contract", me, contract_id=contract_id, data={"signed_on": signed_on})
    assert [error["field"] for error in refused.value.errors] == ["signed_on"]
