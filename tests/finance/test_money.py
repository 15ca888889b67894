"""Money in every currency, through what is owed, what is paid and what is paid early (M-19)."""

from decimal import Decimal

import pytest

from servicekit import Invalid
from servicekit.testing import RunningService
from tests.finance.builders import a_bank_account, a_receivable, finance_person, now, receive


@pytest.mark.parametrize(
    ("currency", "owed", "paid", "left"),
    [("JPY", "500", "200", "300"), ("KWD", "1.234", "0.034", "1.200"), ("CNY", "5.00", "2.00", "3.00")],
)
def test_amounts_have_the_digits_of_their_currency(
    service: RunningService, currency: str, owed: str, paid: str, left: str
) -> None:
    """FI-01 to FI-03."""
    me, receivable = finance_person(), a_receivable(service, currency=currency, amount=owed)
    assert (receivable["amount"], receivable["outstanding_amount"]) == (owed, owed)
    assert service.published("receivable.raised")[0].data["amount"] == owed
    receipt = receive(service, me, receivable, amount=paid)
    assert (receipt["amount"], receipt["settled_amount"]) == (paid, paid)
    assert now(service, receivable)["outstanding_amount"] == left
    assert service.published("receivable.settled")[0].data["outstanding_amount"] == left
    totals = service.call("total_receivables", me, query={})["items"]
    assert [(total["currency"], total["outstanding_amount"]) for total in totals] == [(currency, left)]


@pytest.mark.parametrize(("currency", "paid"), [("JPY", "0.5"), ("CNY", "0.005"), ("KWD", "0.0001")])
def test_money_that_the_currency_does_not_have_is_refused(
    service: RunningService, currency: str, paid: str
) -> None:
    """FI-03, FI-12."""
    me, receivable = finance_person(), a_receivable(service, currency=currency, amount="500")
    for amount, as_advance in ((paid, False), (str(Decimal(1000) + Decimal(paid)), True)):
        with pytest.raises(Invalid) as refused:
            receive(service, me, receivable, amount=amount, as_advance=as_advance)
        assert [error["field"] for error in refused.value.errors] == ["amount"]
    early = receive(service, me, receivable, amount="1000", as_advance=True)
    advance = service.call("list_advances", me, query={"filter[voucher_id]": early["id"]})["items"][0]
    later = a_receivable(
        service,
        currency=currency,
        amount="500",
        customer_id=receivable["customer_id"],
        number="HT20261122-0002",
    )
    for operation, amount in (("apply_advance", "500"), ("release_advance", "500")):
        with pytest.raises(Invalid) as refused:
            data = {"receivable_id": later["id"], "amount": paid}
            service.call(operation, me, advance_id=advance["id"], data=data)
        assert [error["field"] for error in refused.value.errors] == ["amount"]
        service.call(operation, me, advance_id=advance["id"], data={**data, "amount": amount})


def test_what_was_signed_in_cents_of_a_currency_without_any_can_be_paid(service: RunningService) -> None:
    """FI-03: contracts that were stored before currencies were looked at are owed as they were signed."""
    me, receivable = finance_person(), a_receivable(service, currency="JPY", amount="100.50")
    assert receivable["amount"] == "100.5"
    receive(service, me, receivable, amount="100.5")
    assert now(service, receivable)["status"] == "settled"


def test_a_bank_account_is_kept_in_a_currency_of_today(service: RunningService) -> None:
    """FI-08."""
    me = finance_person()
    for values, field in (
        ({"currency": "RMB"}, "currency"),
        ({"currency": "JPY", "opening_balance": "0.5"}, "opening_balance"),
    ):
        with pytest.raises(Invalid) as refused:
            a_bank_account(service, me, **values)
        assert [error["field"] for error in refused.value.errors] == [field]
    assert a_bank_account(service, me, currency="KWD", opening_balance="0.5")["balance"] == "0.500"
