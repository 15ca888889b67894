"""Contracts follow their customers: who they are, and what they are merged into."""

import json
from pathlib import Path
from typing import Any

from servicekit import Caller, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from tests.contract.test_contracts import ALL, a_contract, a_customer, signed

CUSTOMER_EVENTS = Path(__file__).parents[2] / "services/customer/api/asyncapi.json"


def tell_of_customer(service: RunningService, customer_id: Any, owner: Caller, **values: Any) -> None:
    """Tell the service of a customer as it is now."""
    event = values.pop("event", "updated")
    customer = {"name": "云图科技", "owner_id": owner.account_id, "status": "basic", "version": 1, **values}
    service.deliver_and_wait("customer", f"customer.{event}", {"customer_id": customer_id, **customer})


def merge(service: RunningService, gone: Any, kept: Any) -> None:
    """Tell the service that a customer was merged into another."""
    service.deliver_and_wait("customer", "customer.merged", {"customer_id": gone, "kept_customer_id": kept})


def test_after_a_merger_every_contract_is_with_the_customer_that_lives_on(service: RunningService) -> None:
    """SA-19 (M-23): told once, with its new version, whatever its state."""
    me, gone, kept = caller(*ALL), new_id(), new_id()
    a_customer(service, customer_id=gone)
    draft, done = a_contract(service, me, customer_id=gone), signed(service, me, customer_id=gone)
    other = a_contract(service, me)
    for _ in range(2):
        merge(service, gone, kept)
    listed = service.call("list_contracts", me, query={"filter[customer_id]": str(kept)})["items"]
    assert {contract["id"] for contract in listed} == {draft["id"], done["id"]}
    told = {str(event.subject): event.data for event in service.published("contract.updated")}
    assert {(row, data["customer_id"], data["version"]) for row, data in told.items()} == {
        (contract["id"], str(kept), contract["version"] + 1) for contract in (draft, done)
    }
    assert service.call("get_contract", me, contract_id=other["id"]) == other


def test_mergers_that_are_told_in_the_wrong_order_end_at_the_same_customer(service: RunningService) -> None:
    """SA-19 (M-23)."""
    me, first, second, third = caller(*ALL), *(new_id() for _ in range(3))
    contract = a_contract(service, me, customer_id=first)
    for gone, kept in ((second, third), (first, second), (third, first)):
        merge(service, gone, kept)
    assert service.call("get_contract", me, contract_id=contract["id"])["customer_id"] == str(third)


def test_the_customer_service_s_own_examples_are_understood(service: RunningService) -> None:
    """SA-19: the publisher's contract file and this consumer fit together."""
    messages = json.loads(CUSTOMER_EVENTS.read_text(encoding="utf-8"))["components"]["messages"]
    for name in ("Created", "Updated", "Invalidated", "Merged"):
        payload = messages[f"Customer{name}"]["examples"][0]["payload"]["data"]
        service.deliver_and_wait("customer", f"customer.{name.lower()}", payload)
    assert service.failures() == []
