"""Prices and amounts of sales have the digits of their currency (M-19)."""

from typing import Any

import pytest

from servicekit import Invalid
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.sales.builders import a_lead, an_opportunity, change

ALL = (
    "opportunity.read", "opportunity.write", "opportunity.close", "product.read:all", "product.write:all", "lead.read",
    "lead.write", "lead.convert",
)  # fmt: skip


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "500"), ("KWD", "1.234"), ("CNY", "5.10")])
def test_an_amount_is_shown_and_told_in_its_currency(
    service: RunningService, currency: str, amount: str
) -> None:
    """SA-25, SA-50."""
    me = caller(*ALL)
    made = an_opportunity(service, me, currency=currency, amount=amount)
    won = change(service, me, "win", made["id"], closed_on="2026-11-22", amount=amount)
    product = service.call("create_product", me, data={"name": "套装", "currency": currency, "price": amount})
    assert made["amount"] == won["amount"] == product["price"] == amount
    assert service.published("opportunity.won")[0].data["amount"] == amount
    assert service.published("product.created")[0].data["price"] == amount


def refused(service: RunningService, operation: str, **arguments: Any) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        service.call(operation, caller_of_all, **arguments)
    return [error["field"] for error in refusal.value.errors]


caller_of_all = caller(*ALL)


def test_digits_that_the_currency_does_not_have_are_refused_wherever_an_amount_is_named(
    service: RunningService,
) -> None:
    """SA-19, SA-25, SA-35, SA-50."""
    me = caller_of_all
    half_a_yen = {"name": "采购", "currency": "JPY", "amount": "0.5"}
    assert refused(service, "create_opportunity", data=half_a_yen) == ["amount"]
    opportunity = an_opportunity(service, me, currency="KWD", amount="1.234")["id"]
    for data in ({"amount": "1.2345"}, {"currency": "CNY"}):
        assert refused(service, "update_opportunity", opportunity_id=opportunity, data=data) == ["amount"]
    win = {"closed_on": "2026-11-22", "amount": "1.2345"}
    assert refused(service, "win_opportunity", opportunity_id=opportunity, data=win) == ["amount"]
    lead = a_lead(service, me)["id"]
    named = refused(service, "convert_lead", lead_id=lead, data={"opportunity": half_a_yen})
    assert named == ["opportunity.amount"]
    assert refused(service, "create_product", data={"name": "套装", "currency": "JPY", "price": "0.5"}) == [
        "price"
    ]
    product = service.call("create_product", me, data={"name": "套装", "price": "0.5"})["id"]
    assert refused(service, "update_product", product_id=product, data={"currency": "JPY"}) == ["price"]
    for currency in ("RMB", "ZZZ", "XXX"):
        assert refused(service, "create_opportunity", data={"name": "采购", "currency": currency}) == [
            "currency"
        ]


@pytest.mark.parametrize(("noun", "field"), [("competitor", "price"), ("partner", "commission")])
def test_what_is_noted_of_an_entry_of_a_library_keeps_to_its_currency(
    service: RunningService, noun: str, field: str
) -> None:
    """SA-37, SA-38: when it is noted, and when amount or currency change; by itself it is the opportunity's."""
    me, keeper = caller_of_all, caller(f"{noun}.read:all", f"{noun}.write:all")
    entry = {f"{noun}_id": service.call(f"create_{noun}", keeper, data={"name": "蓝海"})["id"]}
    of = {"opportunity_id": an_opportunity(service, me, currency="KWD", amount="1")["id"]}
    create, update = f"create_opportunity_{noun}", f"update_opportunity_{noun}"
    for data in ({field: "1.2345"}, {field: "0.5", "currency": "JPY"}):
        assert refused(service, create, **of, data={**entry, **data}) == [field]
    made = service.call(create, me, **of, data={**entry, field: "1.234"})
    assert (made[field], made["currency"]) == ("1.234", "KWD")
    part = {f"opportunity_{noun}_id": made["id"]}
    for data in ({"currency": "CNY"}, {field: "1.2345"}):
        assert refused(service, update, **part, data=data) == [field]
