"""Receipts and payments through the service's entrypoints."""

from decimal import Decimal
from typing import Any

import eventlet
import pytest

from servicekit import Conflict, Forbidden, Invalid, NotFound, new_id
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.finance.builders import (
    FINANCE,
    SALES,
    a_receivable,
    finance_person,
    now,
    receive,
)


def test_a_receipt_settles_in_part_and_another_one_the_rest(service: RunningService) -> None:
    """FI-02, FI-03."""
    me, receivable = finance_person(), a_receivable(service)
    receipt = receive(service, me, receivable, reference="招行回单 8834201")
    assert receipt["number"].startswith("SK") and receipt["number"].endswith("-0001")
    assert (receipt["amount"], receipt["settled_amount"], receipt["currency"]) == (
        "2000.00",
        "2000.00",
        "CNY",
    )
    assert (receipt["receivable_id"], receipt["received_on"]) == (receivable["id"], "2026-11-23")
    assert (receipt["booked_by"], receipt["owner_id"]) == (str(me.account_id), receivable["owner_id"])
    part = now(service, receivable)
    assert (part["status"], part["settled_amount"], part["outstanding_amount"]) == (
        "partial",
        "2000.00",
        "10000.00",
    )
    receive(service, me, receivable, amount="10000.00")
    assert now(service, receivable)["status"] == "settled"
    settled = [event.data for event in service.published("receivable.settled")]
    assert [(data["status"], data["outstanding_amount"]) for data in settled] == [
        ("partial", "10000.00"),
        ("settled", "0.00"),
    ]
    assert next(event.data["receipt_id"] for event in service.published("receipt.booked")) == receipt["id"]
    with pytest.raises(Conflict) as refused:
        receive(service, me, receivable, amount="0.01", as_advance=True)
    assert refused.value.code == "receivable-settled"


def test_ten_receipts_at_once_never_book_more_than_is_open(service: RunningService) -> None:
    """FI-03."""
    me, receivable = finance_person(), a_receivable(service, amount="7000.00")

    def book(_: int) -> str:
        client = RunningService(service.service_class, service.settings)
        try:
            receive(client, me, receivable)
            return "booked"
        except Conflict as conflict:
            return conflict.code
        finally:
            client.connection.release()

    outcomes = list(eventlet.GreenPool(10).imap(book, range(10)))
    assert sorted(outcomes) == ["amount-exceeds-outstanding"] * 7 + ["booked"] * 3
    fresh = now(service, receivable)
    assert (fresh["settled_amount"], fresh["outstanding_amount"]) == ("6000.00", "1000.00")
    receipts = service.call("list_receipts", me, query={"filter[receivable_id]": receivable["id"]})["items"]
    assert sum(Decimal(receipt["amount"]) for receipt in receipts) == 6000
    assert len({receipt["number"] for receipt in receipts}) == 3


def test_the_same_idempotency_key_books_once(service: RunningService) -> None:
    """FI-03."""
    me, receivable, headers = finance_person(), a_receivable(service), {"idempotency_key": "receipt-1"}
    first = receive(service, me, receivable, headers=headers)
    assert receive(service, me, receivable, headers=headers) == first
    assert now(service, receivable)["settled_amount"] == "2000.00"
    with pytest.raises(Invalid) as refused:
        receive(service, me, receivable, headers=headers, amount="3.00")
    assert refused.value.code == "idempotency-key-reused"


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"amount": "0.00"}, {"amount"}),
        ({"amount": "-1.00"}, {"amount"}),
        ({"amount": "1.005"}, {"amount"}),
        ({"amount": 1.5, "received_on": "tomorrow"}, {"amount", "received_on"}),
        ({"amount": "1e3", "as_advance": "yes"}, {"amount", "as_advance"}),
        ({"amount": "9" * 40, "bank_account_id": 7}, {"amount", "bank_account_id"}),
        (
            {"amount": None, "received_on": None, "receivable_id": None},
            {"amount", "received_on", "receivable_id"},
        ),
        ({"receivable_id": str(new_id())}, {"receivable_id"}),
        ({"bank_account_id": str(new_id())}, {"bank_account_id"}),
        (
            {"remark": "a\x00b", "reference": "x" * 101, "currency": "USD"},
            {"remark", "reference", "currency"},
        ),
    ],
)
def test_bad_input_is_told_field_by_field_and_books_nothing(
    service: RunningService, values: dict[str, Any], fields: set[str]
) -> None:
    me, receivable = finance_person(), a_receivable(service)
    with pytest.raises(Invalid) as refused:
        receive(service, me, receivable, **values)
    assert {error["field"] for error in refused.value.errors} == fields
    assert [event.type for event in service.published()] == ["receivable.raised"]


def test_who_sees_a_receivable_may_not_therefore_settle_it(service: RunningService) -> None:
    """FI-03, FI-05."""
    seller = caller(*SALES)
    receivable = a_receivable(service, owner_id=seller.account_id)
    with pytest.raises(Forbidden):
        receive(service, seller, receivable)
    narrow = caller("receivable.read:all", "receipt.write")
    with pytest.raises(Forbidden):
        receive(service, narrow, receivable)
    with pytest.raises(Invalid) as refused:
        receive(service, caller("receivable.read", "receipt.write"), receivable)
    assert refused.value.code == "unknown-reference"
    receipt = receive(service, finance_person(), receivable)
    assert service.call("get_receipt", seller, receipt_id=receipt["id"])["id"] == receipt["id"]
    assert len(service.call("list_receipts", seller, query={})["items"]) == 1
    with pytest.raises(NotFound):
        service.call("get_receipt", caller(*SALES), receipt_id=receipt["id"])
    with pytest.raises(Forbidden):
        service.call("reverse_receipt", seller, receipt_id=receipt["id"], data={"reason": "退票"})


def test_a_reversed_receipt_stays_and_a_counter_entry_opens_the_receivable_again(
    service: RunningService,
) -> None:
    """FI-03, FI-05."""
    me, receivable = finance_person(), a_receivable(service)
    receipt = receive(service, me, receivable)
    undo = {"receipt_id": receipt["id"], "data": {"reason": "支票被退回"}}
    counter = service.call("reverse_receipt", me, **undo)
    assert (counter["amount"], counter["status"], counter["reverses_id"]) == (
        "-2000.00",
        "reversal",
        receipt["id"],
    )
    assert counter["reason"] == "支票被退回"
    assert service.call("get_receipt", me, receipt_id=receipt["id"])["status"] == "reversed"
    assert now(service, receivable)["status"] == "unsettled"
    for done in (receipt["id"], counter["id"]):
        with pytest.raises(Conflict) as refused:
            service.call("reverse_receipt", me, receipt_id=done, data={"reason": "再次"})
        assert refused.value.code == "receipt-not-booked"
    assert len(service.call("list_receipts", me, query={})["items"]) == 2
    reversed_event = service.published("receipt.reversed")[0].data
    assert (reversed_event["reversal_id"], reversed_event["reason"]) == (counter["id"], "支票被退回")
    countered = service.published("receipt.reversal_booked")[0]
    assert str(countered.subject) == countered.data["receipt_id"] == counter["id"]
    assert (countered.data["amount"], countered.data["reason"]) == ("-2000.00", "支票被退回")
    assert service.published("receivable.reopened")[0].data["outstanding_amount"] == "12000.00"


def test_every_event_leaves_the_service(service: RunningService) -> None:
    receive(service, caller(*FINANCE), a_receivable(service))
    wait_until(lambda: all(event.published_at for event in service.published()))
    assert [event.type for event in service.published()] == [
        "receivable.raised",
        "receipt.booked",
        "receivable.settled",
    ]
