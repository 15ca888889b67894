"""The contract's own rules: no database, no broker."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contract.contracts.model import Contract
from servicekit import Conflict, Invalid, new_id


def a_contract(**values: Any) -> Contract:
    """Return a draft over 12,000 to be paid at once, with what the test changes."""
    contract = Contract(owner_id=new_id(), number="HT20261122-0001")
    contract.fill_in(
        **{
            "name": "年度合同", "customer_id": new_id(), "nature": "income", "payment_mode": "one_off",
            "currency": "CNY", "amount": Decimal("12000.00"), **values,
        }
    )  # fmt: skip
    return contract


def a_line(**values: Any) -> dict[str, Any]:
    return {"name": "服务", "quantity": Decimal(2), "price": Decimal("50.005"), **values}


def test_a_contract_without_an_amount_sums_its_lines_to_the_cent() -> None:
    """CT-11."""
    contract = a_contract(amount=None, lines=[a_line(), a_line(discount_percent=Decimal(90))])
    assert contract.amount == Decimal("100.01") + Decimal("90.01")


@pytest.mark.parametrize("typed", ["9999.00", "190.01"])
def test_an_amount_that_is_not_the_sum_of_the_lines_is_refused_and_changes_nothing(typed: str) -> None:
    """CT-11 (M-13): 9999.00 beside lines of 190.02 was taken, and became the receivable."""
    contract = a_contract(amount=Decimal("190.02"), lines=[a_line(), a_line(discount_percent=Decimal(90))])
    with pytest.raises(Invalid) as refused:
        contract.fill_in(amount=Decimal(typed))
    assert refused.value.errors[0]["field"] == "amount"
    assert contract.amount == Decimal("190.02")


def test_lines_change_the_amount_and_without_lines_it_can_be_typed_again() -> None:
    """CT-11 (M-13)."""
    contract = a_contract(amount=Decimal("12000.00"))
    contract.fill_in(lines=[a_line(price=Decimal(10))])
    assert contract.amount == Decimal("20.00")
    contract.fill_in(lines=[])
    assert contract.amount == Decimal("20.00")
    contract.fill_in(amount=Decimal("9999.00"))
    assert contract.amount == Decimal("9999.00")
    with pytest.raises(Invalid) as refused:
        contract.fill_in(amount=None)
    assert refused.value.errors[0]["field"] == "amount"
    assert contract.amount == Decimal("9999.00")


def test_what_is_handed_in_adds_up_whatever_was_stored() -> None:
    """CT-11 (M-13)."""
    contract = a_contract(amount=Decimal("20.00"), lines=[a_line(price=Decimal(10))])
    contract.amount = Decimal("9999.00")
    contract.ensure_submittable()
    assert contract.amount == Decimal("20.00")


def test_a_contract_without_amount_and_lines_is_refused() -> None:
    """CT-11."""
    with pytest.raises(Invalid):
        a_contract(amount=None)


def test_instalments_must_add_up_to_the_contract() -> None:
    """CT-10."""
    terms = [{"due_on": date(2027, 1, 1), "amount": Decimal("11999.99")}]
    with pytest.raises(Invalid) as refused:
        a_contract(payment_mode="instalments", payment_terms=terms)
    assert refused.value.errors[0]["field"] == "payment_terms"


@pytest.mark.parametrize("mode", ["instalments", "none"])
def test_terms_must_suit_the_payment_mode(mode: str) -> None:
    """CT-10."""
    terms = [] if mode == "instalments" else [{"due_on": date(2027, 1, 1), "amount": Decimal("12000.00")}]
    with pytest.raises(Invalid):
        a_contract(payment_mode=mode, payment_terms=terms)


def test_a_contract_goes_from_draft_to_completed_step_by_step() -> None:
    """CT-01, CT-03 to CT-07."""
    contract = a_contract()
    contract.submit(approval_id=new_id())
    assert contract.status == "pending_approval"
    contract.approve()
    contract.sign(date(2026, 11, 22))
    contract.complete(date(2027, 11, 21))
    assert contract.status == "completed"


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        ("draft", {"submit", "edit"}),
        ("pending_approval", {"approve", "reject"}),
        ("approved", {"sign"}),
        ("signed", {"complete"}),
        ("completed", set()),
    ],
)
def test_each_state_allows_only_its_own_steps(status: str, allowed: set[str]) -> None:
    """CT-01 to CT-07."""
    steps = {
        "submit": lambda c: c.submit(None),
        "edit": lambda c: c.fill_in(name="改名"),
        "approve": lambda c: c.approve(),
        "reject": lambda c: c.reject("太贵"),
        "sign": lambda c: c.sign(date(2026, 11, 22)),
        "complete": lambda c: c.complete(date(2026, 11, 22)),
    }
    for name, step in steps.items():
        contract = a_contract()
        contract.status = status
        if name in allowed:
            step(contract)
        else:
            with pytest.raises(Conflict):
                step(contract)


def test_a_rejected_contract_is_a_draft_that_can_be_mended_and_says_why() -> None:
    """CT-03."""
    contract = a_contract()
    contract.submit(approval_id=new_id())
    contract.reject("折扣过高")
    assert (contract.status, contract.rejection) == ("draft", "折扣过高")
    contract.fill_in(amount=Decimal("10000.00"))
    contract.submit(None)
    assert contract.rejection is None
