"""What the answers of finance say that their caller may do is what the operations let them do."""

import pytest

from identity.roles.ready import READY_ROLES
from servicekit import Caller, new_id
from servicekit.testing import RunningService
from servicekit.testing_possible import House, Trials, looks
from tests.finance.builders import a_bank_account, a_receivable, finance_person, receive, sign

ROLES = [role.permissions for role in READY_ROLES]


@pytest.fixture
def house(service: RunningService) -> House:
    house = House()
    house.move_in(service)
    return house


ADVANCES: list[tuple[str, list[tuple[str, str]]]] = [
    ("open", []),
    ("open", [("apply", "10.00")]),
    ("used", [("apply", "30.00")]),
    ("open", [("apply", "30.00"), ("release", "30.00")]),
    ("cancelled", []),
]
"""In which states an advance may be, and by which steps it comes there."""


def paid_in_advance(service: RunningService, me: Caller, house: House) -> tuple[str, str, dict[str, str]]:
    """Return the ids of a receipt over more than was owed and of its advance, and what the advance may settle."""
    of = {"customer_id": str(new_id()), "owner_id": str(house.owner_id), "amount": "100.00"}
    first, later = a_receivable(service, **of), a_receivable(service, **of)
    receipt = receive(service, me, first, amount="130.00", as_advance=True)
    advance = service.call("list_advances", me, query={"filter[voucher_id]": receipt["id"]})["items"][0]
    return receipt["id"], advance["id"], {"receivable_id": later["id"]}


def test_can_of_an_advance_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House
) -> None:
    """(W-2) What is left can be applied, and what was applied can be released."""
    me, of_advances = finance_person(), Trials(service, "get_advance", house, ROLES)
    of_receipts = Trials(service, "get_receipt", house, ROLES, looked_up=["advance-in-use"])
    for status, steps in ADVANCES:
        receipt_id, advance_id, used_for = paid_in_advance(service, me, house)
        for step, amount in steps:
            data = {**used_for, "amount": amount}
            service.call(f"{step}_advance", me, advance_id=advance_id, data=data)
        if status == "cancelled":
            service.call("reverse_receipt", me, receipt_id=receipt_id, data={"reason": "退票"})
        assert service.call("get_advance", me, advance_id=advance_id)["status"] == status
        using = {"data": {**used_for, "amount": "1.00"}}
        bodies = dict.fromkeys(("apply_advance", "release_advance"), using)
        assert of_advances.faults(advance_id, bodies) == []
        assert of_receipts.faults(receipt_id, {"reverse_receipt": {"data": {"reason": "退票"}}}) == []
    assert of_advances.untried | of_receipts.untried == set()


def test_can_of_a_payment_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House
) -> None:
    """(W-2) It is reversed once, and a counter-entry never."""
    me = finance_person()
    payable = sign(service, nature="expense", owner_id=str(house.owner_id))[0]
    data = {"payable_id": payable["id"], "amount": "2000.00", "paid_on": "2026-11-23"}
    payment = service.call("create_payment", me, data=data)
    bodies = {"reverse_payment": {"data": {"reason": "退票"}}}
    trials = Trials(service, "get_payment", house, ROLES)
    assert trials.faults(payment["id"], bodies) == []
    counter = service.call("reverse_payment", me, payment_id=payment["id"], **bodies["reverse_payment"])
    for each in (payment, counter):
        assert trials.faults(each["id"], bodies) == []
    assert trials.untried == set()


def test_can_of_a_bank_account_names_what_the_operations_let_the_caller_do(
    service: RunningService, house: House
) -> None:
    """(W-2) It has no owner; a closed one can be opened again."""
    me, trials = finance_person(), Trials(service, "get_bank_account", house, ROLES)
    account = a_bank_account(service, me)
    bodies = {"update_bank_account": {"data": {"bank": "工商银行"}}}
    for active in (True, False):
        service.call("update_bank_account", me, bank_account_id=account["id"], data={"active": active})
        assert trials.faults(account["id"], bodies) == []
    assert trials.untried == set()
    assert looks(service) == {"get_advance", "get_receipt", "get_payment", "get_bank_account"}
