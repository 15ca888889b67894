"""What the answer of a contract says that its caller may do is what the operations let them do."""

from typing import Any

from identity.roles.ready import READY_ROLES
from servicekit import Caller, new_id
from servicekit.testing import RunningService
from servicekit.testing_callers import caller
from servicekit.testing_possible import House, Trials, looks
from tests.contract.test_contracts import ALL, a_contract
from tests.flows import bind

SIGNED, COMPLETED = {"signed_on": "2026-11-22"}, {"completed_on": "2026-11-23"}
LINE = {"name": "CRM 专业版", "quantity": "2", "price": "6000"}


def a_contract_in(service: RunningService, who: Caller, status: str) -> tuple[dict[str, Any], Any]:
    """Return a contract in a status, and the id of a delivery that was noted on it if it was signed."""
    contract, delivery_id = a_contract(service, who, lines=[LINE]), new_id()
    which = {"contract_id": contract["id"]}
    if status == "pending_approval":
        bind(service, "contract", "submit")
    if status != "draft":
        service.call("submit_contract", who, **which)
    if status in ("signed", "completed"):
        service.call("sign_contract", who, **which, data=SIGNED)
        service.call("record_delivery", who, **which, data=of_a_line(contract))
        delivery_id = service.call("list_deliveries", who, **which, query={})["items"][0]["id"]
    if status == "completed":
        service.call("complete_contract", who, **which, data=COMPLETED)
    return service.call("get_contract", who, **which), delivery_id


def of_a_line(contract: dict[str, Any]) -> dict[str, str]:
    return {"line_id": contract["lines"][0]["id"], "quantity": "1", "delivered_on": "2026-11-23"}


def test_can_names_what_the_operations_let_the_caller_do(service: RunningService) -> None:
    """(W-2) In each state, by each role, for the owner, their superior, a colleague and a stranger."""
    house = House()
    house.move_in(service)
    trials = Trials(service, "get_contract", house, [role.permissions for role in READY_ROLES])
    for status in ("draft", "approved", "signed", "completed", "pending_approval"):
        contract, delivery_id = a_contract_in(service, caller(*ALL, account_id=house.owner_id), status)
        bodies = {
            "update_contract": {"data": {"remark": "已核对"}},
            "sign_contract": {"data": SIGNED},
            "complete_contract": {"data": COMPLETED},
            "record_delivery": {"data": of_a_line(contract)},
            "delete_delivery": {"delivery_id": delivery_id},
        }
        assert (contract["status"], trials.faults(contract["id"], bodies)) == (status, [])
    assert trials.untried == set() and looks(service) == {"get_contract"}


def test_only_a_contract_by_itself_says_what_can_be_done_with_it(service: RunningService) -> None:
    """(W-2) Lists and events are for many; whoever made, changed or signed it is told what comes next."""
    me = caller(*ALL)
    drafted = a_contract(service, me)
    assert drafted["can"] == ["delete_contract", "share_contract", "submit_contract", "update_contract"]
    approved = service.call("submit_contract", me, contract_id=drafted["id"])
    assert approved["can"] == ["share_contract", "sign_contract"]
    assert "can" not in service.call("list_contracts", me, query={})["items"][0]
    assert all("can" not in event.data for event in service.published())
