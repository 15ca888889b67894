"""Advances, of receipts and of payments, through the service's entrypoints."""

from typing import Any

import pytest

from servicekit import Conflict, Invalid, NotFound, new_id
from servicekit.testing import RunningService
from tests.finance.builders import (
    a_receivable,
    finance_person,
    now,
    receive,
    sign,
)


def test_more_than_is_open_is_refused_unless_it_is_meant_as_an_advance(service: RunningService) -> None:
    """FI-03, FI-12."""
    me, receivable = finance_person(), a_receivable(service)
    with pytest.raises(Conflict) as refused:
        receive(service, me, receivable, amount="12000.01")
    assert refused.value.code == "amount-exceeds-outstanding"
    assert now(service, receivable) == receivable
    receipt = receive(service, me, receivable, amount="12000.01", as_advance=True)
    assert (receipt["settled_amount"], receipt["advance_amount"]) == ("12000.00", "0.01")
    advance = service.call("list_advances", me, query={"filter[voucher_id]": receipt["id"]})["items"][0]
    assert (advance["open_amount"], advance["customer_id"]) == ("0.01", receivable["customer_id"])
    assert service.published("advance.booked")[0].data["advance_id"] == advance["id"]


def test_an_advance_is_applied_to_a_later_receivable_and_can_be_released(service: RunningService) -> None:
    """FI-12."""
    me, customer_id = finance_person(), str(new_id())
    first, later = (a_receivable(service, customer_id=customer_id, amount="100.00") for _ in range(2))
    receipt = receive(service, me, first, amount="130.00", as_advance=True)
    advance = service.call("list_advances", me, query={"filter[customer_id]": customer_id})["items"][0]

    def use(operation: str, **values: Any) -> dict[str, Any]:
        data = {"receivable_id": later["id"], "amount": "30.00", **values}
        answer: dict[str, Any] = service.call(operation, me, advance_id=advance["id"], data=data)
        return answer

    with pytest.raises(Conflict) as refused:
        use("apply_advance", amount="30.01")
    assert refused.value.code == "amount-exceeds-advance"
    assert use("apply_advance")["status"] == "used"
    assert now(service, later)["outstanding_amount"] == "70.00"
    with pytest.raises(Conflict) as refused:
        service.call("reverse_receipt", me, receipt_id=receipt["id"], data={"reason": "退票"})
    assert refused.value.code == "advance-in-use"
    released = use("release_advance")
    assert [part["amount"] for part in released["applications"]] == ["30.00", "-30.00"]
    service.call("reverse_receipt", me, receipt_id=receipt["id"], data={"reason": "退票"})
    assert service.call("get_advance", me, advance_id=advance["id"])["status"] == "cancelled"
    assert now(service, later)["status"] == now(service, first)["status"] == "unsettled"
    assert [event.type for event in service.published() if event.type.startswith("advance.")] == [
        "advance.booked",
        "advance.applied",
        "advance.released",
        "advance.cancelled",
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"receivable_id": None}, "receivable_id"),
        ({"payable_id": str(new_id())}, "payable_id"),
        ({"receivable_id": str(new_id())}, "receivable_id"),
        ({"amount": "0"}, "amount"),
    ],
)
def test_an_advance_must_be_told_what_it_settles(
    service: RunningService, values: dict[str, Any], field: str
) -> None:
    """FI-12."""
    me, receivable = finance_person(), a_receivable(service)
    receive(service, me, receivable, amount="12001.00", as_advance=True)
    advance = service.call("list_advances", me, query={})["items"][0]
    data = {"receivable_id": receivable["id"], "amount": "1.00", **values}
    with pytest.raises(Invalid) as refused:
        service.call("apply_advance", me, advance_id=advance["id"], data=data)
    assert [error["field"] for error in refused.value.errors] == [field]


def test_payments_settle_payables_and_what_is_paid_early_settles_later_ones(service: RunningService) -> None:
    """FI-03, FI-05, FI-12."""
    me, supplier = finance_person(), str(new_id())
    payable = sign(service, nature="expense", customer_id=supplier)[0]
    later = sign(service, nature="expense", customer_id=supplier)[0]
    data = {"payable_id": payable["id"], "amount": "12500.00", "paid_on": "2026-11-24", "as_advance": True}
    payment = service.call("create_payment", me, data=data)
    assert payment["number"].startswith("FK") and payment["payable_id"] == payable["id"]
    assert service.call("list_receipts", me, query={})["items"] == []
    advance = service.call("list_advances", me, query={"filter[direction]": "payable"})["items"][0]
    use = {"payable_id": later["id"], "amount": "500.00"}
    service.call("apply_advance", me, advance_id=advance["id"], data=use)
    assert service.call("get_payable", me, payable_id=later["id"])["settled_amount"] == "500.00"
    service.call("release_advance", me, advance_id=advance["id"], data=use)
    counter = service.call("reverse_payment", me, payment_id=payment["id"], data={"reason": "重复付款"})
    assert counter["amount"] == "-12500.00"
    assert {"payment.booked", "payment.reversed", "payable.settled", "payable.reopened"} <= {
        event.type for event in service.published()
    }
    with pytest.raises(NotFound):
        service.call("reverse_receipt", me, receipt_id=payment["id"], data={"reason": "x"})
    with pytest.raises(Invalid):
        receive(service, me, payable)
