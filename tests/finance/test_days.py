"""The days of receipts and payments are the house's (M-18)."""

import pytest
import time_machine

from servicekit import Invalid
from servicekit.testing import RunningService
from tests.finance.builders import a_receivable, finance_person, receive
from tests.servicekit.test_clock import MORNING


@pytest.mark.parametrize("received_on", ["2026-11-20", "2026-11-22", "2026-11-23"])
def test_a_reversal_is_never_dated_before_what_it_reverses(service: RunningService, received_on: str) -> None:
    """FI-03: of today and before it is reversed today, of tomorrow (where it is that already) on its own day."""
    me, receivable = finance_person(), a_receivable(service)
    with time_machine.travel(MORNING):
        receipt = receive(service, me, receivable, received_on=received_on)
        assert receipt["number"] == "SK20261122-0001"
        undo = {"receipt_id": receipt["id"], "data": {"reason": "支票被退回"}}
        counter = service.call("reverse_receipt", me, **undo)
    assert counter["received_on"] == max("2026-11-22", received_on)


@pytest.mark.parametrize("received_on", ["1989-12-31", "2026-11-24"])
def test_no_money_comes_in_after_tomorrow_or_before_1990(service: RunningService, received_on: str) -> None:
    """FI-03."""
    receivable = a_receivable(service)
    with time_machine.travel(MORNING), pytest.raises(Invalid) as refused:
        receive(service, finance_person(), receivable, received_on=received_on)
    assert [error["field"] for error in refused.value.errors] == ["received_on"]
