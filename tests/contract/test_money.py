"""Contracts in every currency, and figures that no contract has (M-19)."""

from typing import Any

import pytest
from sqlalchemy import text

from servicekit import Invalid
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, a_contract, signed


def refused(service: RunningService, **values: Any) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        a_contract(service, caller(*ALL), **values)
    assert refusal.value.code == "invalid-input"
    return [error["field"] for error in refusal.value.errors]


LINE = {"name": "服务", "quantity": "1.5", "price": "333.3333"}


@pytest.mark.parametrize(
    ("currency", "amount"), [("CNY", "500.00"), ("JPY", "500"), ("KWD", "500.000"), ("CLF", "500.0000")]
)
def test_amounts_have_the_digits_of_the_currency_from_the_draft_to_the_event(
    service: RunningService, currency: str, amount: str
) -> None:
    """SA-70, CT-11."""
    me = caller(*ALL)
    lines = [{**LINE, "price": "333.33"}, {**LINE, "quantity": "1", "price": "0.005"}]
    made = a_contract(
        service,
        me,
        currency=currency,
        amount=amount,
        payment_terms=[{"due_on": "2026-12-31", "amount": amount}],
    )
    read = service.call("get_contract", me, contract_id=made["id"])
    assert read == made
    assert (read["amount"], read["payment_terms"][0]["amount"]) == (amount, amount)
    assert service.published("contract.created")[0].data["amount"] == amount
    of_lines = a_contract(service, me, currency=currency, amount=None, lines=lines)
    totals = {"CNY": ["500.00", "0.00"], "JPY": ["500", "0"], "KWD": ["499.995", "0.005"],
              "CLF": ["499.9950", "0.0050"]}[currency]  # fmt: skip
    assert [line["total"] for line in of_lines["lines"]] == totals
    sums = {"CNY": "500.00", "JPY": "500", "KWD": "500.000", "CLF": "500.0000"}
    assert of_lines["amount"] == sums[currency]
    assert service.call("get_contract", me, contract_id=of_lines["id"]) == of_lines


def test_a_signed_contract_tells_its_terms_in_its_currency(service: RunningService) -> None:
    me = caller(*ALL)
    signed(
        service,
        me,
        currency="KWD",
        amount="1.234",
        payment_terms=[{"due_on": "2026-12-31", "amount": "1.234"}],
    )
    event = service.published("contract.signed")[0].data
    assert (event["amount"], event["payment_terms"][0]["amount"]) == ("1.234", "1.234")


@pytest.mark.parametrize("currency", ["RMB", "ZZZ", "XXX", "XTS", "DEM", "cny"])
def test_what_is_no_currency_of_today_is_refused(service: RunningService, currency: str) -> None:
    assert refused(service, currency=currency) == ["currency"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"currency": "JPY", "amount": "100.50"}, "amount"),
        ({"currency": "CNY", "amount": "100.005"}, "amount"),
        ({"currency": "KWD", "amount": "1.2345"}, "amount"),
        ({"currency": "JPY", "amount": "101", "payment_mode": "instalments", "payment_terms": [
            {"due_on": "2026-12-31", "amount": "50.5"}, {"due_on": "2027-12-31", "amount": "50.5"}]},
         "payment_terms.0.amount"),
        ({"lines": [{**LINE, "discount_percent": "100.0001"}]}, "lines.0.discount_percent"),
        ({"lines": [{**LINE, "discount_percent": "-1"}]}, "lines.0.discount_percent"),
    ],
)  # fmt: skip
def test_digits_the_currency_does_not_have_and_discounts_above_all_are_refused(
    service: RunningService, values: dict[str, Any], field: str
) -> None:
    assert refused(service, **values) == [field]


def test_a_change_of_amount_or_currency_alone_keeps_to_the_digits(service: RunningService) -> None:
    me = caller(*ALL)
    yen = a_contract(service, me, currency="JPY", amount="100")["id"]
    yuan = a_contract(service, me, amount="100.50")["id"]
    for contract_id, change in ((yen, {"amount": "100.5"}), (yuan, {"currency": "JPY"})):
        with pytest.raises(Invalid) as refusal:
            service.call("update_contract", me, contract_id=contract_id, data=change)
        assert [error["field"] for error in refusal.value.errors] == ["amount"]
    assert service.call("get_contract", me, contract_id=yuan)["currency"] == "CNY"


GREAT = {"name": "服务", "quantity": "9" * 14 + ".9999", "price": "9" * 14 + ".9999"}


def test_the_greatest_quantity_times_the_greatest_price_is_refused_with_its_line(
    service: RunningService,
) -> None:
    """SA-70."""
    assert refused(service, lines=[LINE, GREAT], amount=None) == ["lines.1"]


def test_a_sum_that_cannot_be_kept_is_refused(service: RunningService) -> None:
    """CT-11."""
    line = {"name": "服务", "quantity": "1", "price": "9" * 14}
    assert refused(service, lines=[line] * 11, amount=None) == ["lines"]


def test_no_stored_amount_breaks_a_list_that_is_sorted_by_it(service: RunningService) -> None:
    me = caller(*ALL)
    made = [a_contract(service, me)["id"] for _ in range(3)]
    for contract_id, amount in zip(
        made, ("9999999999999999.9999", "1000000000000000", "0.0001"), strict=True
    ):
        stored = {"id": contract_id, "amount": amount}
        with service.database.sessions.begin() as session:
            session.execute(
                text("UPDATE contract SET amount = :amount, currency = 'RMB' WHERE id = :id"), stored
            )
    read, cursor = [], ""
    while cursor is not None:
        query = {"sort": "-amount", "limit": "1", "cursor": cursor}
        page = service.call("list_contracts", me, query=query)
        read += [(item["id"], item["amount"], item["currency"]) for item in page["items"]]
        cursor = page["next"]
    shown = ("9999999999999999.9999", "1000000000000000.00", "0.0001")
    assert read == [(contract_id, amount, "RMB") for contract_id, amount in zip(made, shown, strict=True)]
