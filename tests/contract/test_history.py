"""The history of contracts: their fields and their lines (CU-23, GW-61)."""

import pytest

from servicekit import NotFound
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, a_contract, signed


def test_a_changed_line_is_told_with_what_it_makes_of_the_amount(service: RunningService) -> None:
    who = caller(*ALL)
    lines = [
        {"name": "专业版", "quantity": "1", "price": "900"},
        {"name": "培训", "quantity": "2", "price": "50"},
    ]
    contract = a_contract(service, who, lines=lines, currency="JPY")
    lines[1]["quantity"] = "3"
    service.call("update_contract", who, contract_id=contract["id"], data={"lines": lines})
    changed, created = service.call("list_contract_history", who, contract_id=contract["id"], query={})[
        "items"
    ]
    assert changed["changes"]["amount"] == ["1000", "1050"]
    before, after = changed["changes"]["lines"]
    assert [(line["name"], line["quantity"], line["total"]) for line in before] == [("培训", "2", "100")]
    assert [(line["name"], line["quantity"], line["total"]) for line in after] == [("培训", "3", "150")]
    assert changed["changes"].keys() == {"amount", "lines"}
    assert len(created["changes"]["lines"][1]) == 2


def test_a_delivery_is_told_of_its_line(service: RunningService) -> None:
    who = caller(*ALL)
    contract = signed(service, who, lines=[{"name": "培训", "quantity": "2", "price": "50"}])
    data = {"line_id": contract["lines"][0]["id"], "quantity": "1", "delivered_on": "2026-11-25"}
    service.call("record_delivery", who, contract_id=contract["id"], data=data)
    entry = service.call("list_contract_history", who, contract_id=contract["id"], query={})["items"][0]
    ((before,), (after,)) = entry["changes"]["lines"]
    assert (before["delivered_quantity"], after["delivered_quantity"]) == (None, "1")


def test_a_deleted_draft_is_told_to_its_owner_alone(service: RunningService) -> None:
    who = caller(*ALL)
    contract = a_contract(service, who)
    service.call("delete_contract", who, contract_id=contract["id"])
    entry = service.call("list_contract_history", who, contract_id=contract["id"], query={})["items"][0]
    assert (entry["kind"], entry["changes"]["amount"]) == ("deleted", ["12000.00", None])
    with pytest.raises(NotFound):
        service.call("list_contract_history", caller(*ALL), contract_id=contract["id"], query={})
