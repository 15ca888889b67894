"""What the answers of finance say that their caller may do is what the operations let them do."""

from typing import Any

import pytest

from identity.roles.ready import READY_ROLES
from servicekit import Caller, new_id
from servicekit.testing import RunningService
from servicekit.testing_possible import House, callers_of, disagreements, looks, rights_around
from tests.finance.builders import a_bank_account, a_receivable, finance_person, receive, sign

ROLES = [role.permissions for role in READY_ROLES]


@pytest.fixture
def house(service: RunningService) -> House:
    house = House()
    house.move_in(service)
    return house


def faults_of(
    service: RunningService, house: House, look: str, record_id: Any, bodies: Any, *looked_up: str
) -> list[str]:
    callers = callers_of(house, rights_around(service, look, ROLES))
    return disagreements(service, look, record_id, callers, bodies=bodies, looked_up=looked_up)


def paid_in_advance(service: RunningService, me: Caller, house: House) -> tuple[str, str, dict[str, str]]:
    """Return the ids of a receipt over more than was owed and of its advance, and what the advance may settle."""
    of = {"customer_id": str(new_id()), "owner_id": str(house.owner_id), "amount": "100.00"}
    first, later = a_receivable(service, **of), a_receivable(service, **of)
    receipt = receive(service, me, first, amount="130.00", as_advance=True)
    advance = service.call("list_advances", me, query={"filter[voucher_id]": receipt["id"]})["items"][0]
    return receipt["id"], advance["id"], {"receivable_id": later["id"]}


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("open", []),
        ("open", [("apply", "10.00")]),
        ("used", [("apply", "30.00")]),
        ("open", [("apply", "30.00"), ("release", "30.00")]),
        ("cancelled", []),
    ],
    ids=["untouched", "begun", "used", "released", "cancelled"],
)
def test_can_of_an_advance_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, status: str, steps: list[tuple[str, str]]
) -> None:
    """(W-2) What is left can be applied, and what was applied can be released."""
    me = finance_person()
    receipt_id, advance_id, used_for = paid_in_advance(service, me, house)
    for step, amount in steps:
        data = {**used_for, "amount": amount}
        service.call(f"{step}_advance", me, advance_id=advance_id, data=data)
    if status == "cancelled":
        service.call("reverse_receipt", me, receipt_id=receipt_id, data={"reason": "退票"})
    assert service.call("get_advance", me, advance_id=advance_id)["status"] == status
    bodies = {name: {"data": {**used_for, "amount": "1.00"}} for name in ("apply_advance", "release_advance")}
    assert faults_of(service, house, "get_advance", advance_id, bodies) == []
    reversal = {"reverse_receipt": {"data": {"reason": "退票"}}}
    assert faults_of(service, house, "get_receipt", receipt_id, reversal, "advance-in-use") == []


def test_can_of_a_payment_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House
) -> None:
    """(W-2) It is reversed once, and a counter-entry never."""
    me = finance_person()
    payable = sign(service, nature="expense", owner_id=str(house.owner_id))[0]
    data = {"payable_id": payable["id"], "amount": "2000.00", "paid_on": "2026-11-23"}
    payment = service.call("create_payment", me, data=data)
    bodies = {"reverse_payment": {"data": {"reason": "退票"}}}
    assert faults_of(service, house, "get_payment", payment["id"], bodies) == []
    counter = service.call("reverse_payment", me, payment_id=payment["id"], **bodies["reverse_payment"])
    for each in (payment, counter):
        assert faults_of(service, house, "get_payment", each["id"], bodies) == []


@pytest.mark.parametrize("active", [True, False])
def test_can_of_a_bank_account_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House, active: bool
) -> None:
    """(W-2) It has no owner; a closed one can be opened again."""
    me = finance_person()
    account = a_bank_account(service, me)
    service.call("update_bank_account", me, bank_account_id=account["id"], data={"active": active})
    bodies = {"update_bank_account": {"data": {"bank": "工商银行"}}}
    assert faults_of(service, house, "get_bank_account", account["id"], bodies) == []
    assert looks(service) == {"get_advance", "get_receipt", "get_payment", "get_bank_account"}
