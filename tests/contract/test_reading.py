"""A contract that is read says the same as one that was just changed, though nothing of it goes through entities."""

from typing import Any

import pytest

from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, a_contract

SMALLEST, LARGEST = "0.0001", "99999999999999.9999"
NO_PARTS: dict[str, Any] = {}
UNUSUAL: dict[str, Any] = {
    "name": "上海“云图”\\科技 '2027' 年度合同 𠀀",
    "payment_mode": "instalments",
    "lines": [
        {"name": 'CRM "专业版"\\n 年度订阅', "quantity": SMALLEST, "price": "300000000"},
        {"product_id": "01936f3a-7c00-7000-8000-000000000004", "quantity": "7", "price": "0.0003",
         "delivery_due_on": "2026-12-31", "discount_percent": "33.3333"},
        {"name": "实施", "quantity": "1", "price": LARGEST, "discount_percent": "0"},
    ],
    "payment_terms": [
        {"due_on": "2027-06-30", "amount": "0.01", "remark": "尾款，'最后'"},
        {"due_on": "2026-12-31", "amount": "29999.99"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("values", [NO_PARTS, UNUSUAL], ids=["without parts", "with unusual parts"])
def test_what_is_read_is_what_was_answered_when_it_was_made(
    service: RunningService, values: dict[str, Any]
) -> None:
    """CT-13: each amount to its last digit, parts in the order they were given, whatever stands in a text."""
    me = caller(*ALL)
    made = a_contract(service, me, **values)
    assert service.call("get_contract", me, contract_id=made["id"]) == made
    listed = service.call("list_contracts", me, query={})["items"]
    assert listed == [
        {name: value for name, value in made.items() if name not in ("lines", "payment_terms", "can")}
    ]


def test_parts_are_those_of_the_contract_alone_and_a_change_of_them_is_seen_at_once(
    service: RunningService,
) -> None:
    me = caller(*ALL)
    first, second = (a_contract(service, me, **UNUSUAL) for _ in range(2))
    mended = service.call(
        "update_contract",
        me,
        contract_id=first["id"],
        data={"lines": UNUSUAL["lines"][:1], "amount": "30000.00"},
    )
    assert len(mended["lines"]) == 1
    assert service.call("get_contract", me, contract_id=first["id"]) == mended
    assert service.call("get_contract", me, contract_id=second["id"]) == second


def test_a_contract_is_of_sales_unless_it_is_of_purchase_and_found_by_that(service: RunningService) -> None:
    """CT-08."""
    me = caller(*ALL)
    sold, bought = a_contract(service, me), a_contract(service, me, kind="purchase")
    assert (sold["kind"], bought["kind"]) == ("sales", "purchase")
    for kind, meant in (("sales", sold), ("purchase", bought)):
        found = service.call("list_contracts", me, query={"filter[kind]": kind})["items"]
        assert [each["id"] for each in found] == [meant["id"]]
