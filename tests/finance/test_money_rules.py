"""The rules about what is owed and what settles it: no database, no broker."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.advances.model import Advance
from finance.obligations.model import Obligation, Payable, Receivable
from finance.obligations.raising import obligations_of
from finance.vouchers.model import Payment, Receipt
from servicekit import Conflict, new_id

SIGNED_ON = date(2026, 11, 22)
ME = new_id()
CUSTOMER = new_id()


def raised(**values: Any) -> list[Obligation]:
    """Return what a signed contract over 12,000 to be paid at once raises, with what the test changes."""
    return obligations_of(
        **{
            "nature": "income", "payment_mode": "one_off", "amount": Decimal("12000.00"), "signed_on": SIGNED_ON,
            "terms": [], "summary": "年度合同", "contract_id": new_id(), "contract_number": "HT20261122-0001",
            "customer_id": CUSTOMER, "owner_id": ME, "currency": "CNY", **values,
        }
    )  # fmt: skip


def a_receivable(amount: str = "12000.00", **values: Any) -> Obligation:
    return raised(amount=Decimal(amount), **values)[0]


def a_receipt(obligation: Obligation, amount: str, *, as_advance: bool = False) -> Receipt:
    return Receipt.book(obligation, Decimal(amount), as_advance, moved_on=SIGNED_ON, booked_by=ME)


def reversed_by(receipt: Receipt, obligation: Obligation, advance: Advance | None = None) -> Receipt:
    return receipt.reverse(obligation, advance, reason="退票", on=SIGNED_ON, by=ME)


def test_an_income_contract_raises_a_receivable_and_an_expense_contract_a_payable() -> None:
    """FI-01."""
    assert [type(row) for row in raised()] == [Receivable]
    assert [type(row) for row in raised(nature="expense")] == [Payable]
    assert raised(nature="descriptive") == raised(payment_mode="none") == []


def test_a_one_off_payment_is_due_on_its_term_or_else_on_the_day_of_signature() -> None:
    """FI-01, CT-10."""
    assert raised()[0].due_on == SIGNED_ON
    term = (date(2027, 1, 31), Decimal("12000.00"))
    assert raised(terms=[term])[0].due_on == date(2027, 1, 31)


def test_instalments_raise_one_row_a_term() -> None:
    """FI-04."""
    terms = [(date(2027, 1, 31), Decimal("4000.01")), (date(2027, 6, 30), Decimal("7999.99"))]
    rows = raised(payment_mode="instalments", terms=terms)
    assert [(row.position, row.due_on, row.amount) for row in rows] == [(1, *terms[0]), (2, *terms[1])]
    assert [row.summary for row in rows] == ["年度合同 (1/2)", "年度合同 (2/2)"]
    assert sum(row.amount for row in rows) == Decimal("12000.00")


@pytest.mark.parametrize(
    "values",
    [
        {"terms": [(SIGNED_ON, Decimal("11999.99"))]},
        {"terms": [(SIGNED_ON, Decimal("6000.00"))] * 2},
        {"payment_mode": "instalments"},
        {"payment_mode": "instalments", "terms": [(SIGNED_ON, Decimal("12000.01"))]},
        {
            "payment_mode": "instalments",
            "terms": [(SIGNED_ON, Decimal(-1)), (SIGNED_ON, Decimal("12001.00"))],
        },
        {"amount": Decimal("-5.00")},
        {"amount": Decimal("0.005")},
        {"nature": "gift"},
        {"payment_mode": "barter"},
    ],
)
def test_what_does_not_add_up_is_refused_loudly(values: dict[str, Any]) -> None:
    """FI-01."""
    with pytest.raises(ValueError, match=r"\w"):
        raised(**values)


def test_nothing_is_open_where_nothing_is_to_be_paid() -> None:
    """FI-02."""
    assert a_receivable("0.00").status == "settled"


def test_the_state_follows_the_amounts() -> None:
    """FI-02, FI-03."""
    row = a_receivable()
    assert (row.status, row.outstanding_amount) == ("unsettled", Decimal("12000.00"))
    row.settle(Decimal("0.01"))
    assert (row.status, row.outstanding_amount) == ("partial", Decimal("11999.99"))
    row.settle(Decimal("11999.99"))
    assert (row.status, row.outstanding_amount) == ("settled", 0)
    row.unsettle(Decimal("12000.00"))
    assert row.status == "unsettled"
    row.bad_debt_amount = Decimal("12000.00")
    row.set_status()
    assert row.status == "bad_debt"


def test_more_than_is_open_is_refused_and_changes_nothing() -> None:
    """FI-03."""
    row = a_receivable()
    with pytest.raises(Conflict) as refused:
        a_receipt(row, "12000.01")
    assert (refused.value.code, row.settled_amount) == ("amount-exceeds-outstanding", 0)
    a_receipt(row, "12000.00")
    for as_advance in (False, True):
        with pytest.raises(Conflict) as refused:
            a_receipt(row, "0.01", as_advance=as_advance)
        assert refused.value.code == "receivable-settled"


def test_what_exceeds_becomes_an_advance_if_that_is_meant() -> None:
    """FI-12."""
    row = a_receivable()
    receipt = a_receipt(row, "12500.00", as_advance=True)
    advance = receipt.advance()
    assert advance is not None
    assert (receipt.settled_amount, advance.open_amount) == (Decimal("12000.00"), Decimal("500.00"))
    assert (row.status, advance.direction) == ("settled", "receivable")
    assert a_receipt(a_receivable(), "1.00", as_advance=True).advance() is None


def an_advance(amount: str = "500.00") -> Advance:
    advance = a_receipt(a_receivable("1.00"), str(Decimal(amount) + 1), as_advance=True).advance()
    assert advance is not None
    return advance


def test_an_advance_settles_only_as_much_as_is_left_of_it() -> None:
    """FI-12."""
    advance, row = an_advance(), a_receivable()
    advance.apply(row, Decimal("500.00"), ME)
    assert (advance.status, advance.open_amount, row.settled_amount) == ("used", 0, Decimal("500.00"))
    with pytest.raises(Conflict) as refused:
        advance.apply(row, Decimal("0.01"), ME)
    assert refused.value.code == "amount-exceeds-advance"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"customer_id": new_id()}, "advance-of-another-customer"),
        ({"currency": "USD"}, "currency-differs"),
        ({"amount": "10.00"}, "amount-exceeds-outstanding"),
    ],
)
def test_an_advance_settles_only_what_it_fits(values: dict[str, Any], code: str) -> None:
    """FI-12."""
    advance, row = an_advance(), a_receivable(**values)
    with pytest.raises(Conflict) as refused:
        advance.apply(row, Decimal("500.00"), ME)
    assert (refused.value.code, advance.open_amount, row.settled_amount) == (code, Decimal("500.00"), 0)


def test_only_what_was_applied_can_be_released() -> None:
    """FI-12."""
    advance, row = an_advance(), a_receivable()
    advance.apply(row, Decimal("300.00"), ME)
    for other, amount in ((a_receivable(), "0.01"), (row, "300.01")):
        with pytest.raises(Conflict) as refused:
            advance.release(other, Decimal(amount), ME)
        assert refused.value.code == "amount-exceeds-applied"
    advance.release(row, Decimal("300.00"), ME)
    assert (advance.status, advance.open_amount, row.status) == ("open", Decimal("500.00"), "unsettled")


def test_a_reversal_is_a_counter_entry_and_can_be_made_once() -> None:
    """FI-03."""
    row = a_receivable()
    receipt = a_receipt(row, "2000.00")
    counter = reversed_by(receipt, row)
    assert (receipt.status, counter.status, counter.amount) == ("reversed", "reversal", Decimal("-2000.00"))
    assert (row.status, counter.reverses_id) == ("unsettled", receipt.id)
    for done in (receipt, counter):
        with pytest.raises(Conflict) as refused:
            reversed_by(done, row)
        assert refused.value.code == "receipt-not-booked"


def test_a_receipt_whose_advance_is_in_use_cannot_be_reversed() -> None:
    """FI-12."""
    row, later = a_receivable("100.00"), a_receivable("50.00")
    receipt = a_receipt(row, "150.00", as_advance=True)
    advance = receipt.advance()
    assert advance is not None
    advance.apply(later, Decimal("20.00"), ME)
    with pytest.raises(Conflict) as refused:
        reversed_by(receipt, row, advance)
    assert (refused.value.code, row.status, receipt.status) == ("advance-in-use", "settled", "booked")
    advance.release(later, Decimal("20.00"), ME)
    reversed_by(receipt, row, advance)
    assert (row.status, advance.status, advance.open_amount) == ("unsettled", "cancelled", 0)


def test_a_payment_settles_a_payable_in_the_same_way() -> None:
    """FI-03."""
    row = a_receivable(nature="expense")
    payment = Payment.book(row, Decimal("12000.00"), False, moved_on=SIGNED_ON, booked_by=ME)
    assert (row.status, payment.kind) == ("settled", "payment")
    with pytest.raises(Conflict) as refused:
        Payment.book(row, Decimal("1.00"), False, moved_on=SIGNED_ON, booked_by=ME)
    assert refused.value.code == "payable-settled"


CENTS = st.integers(min_value=1, max_value=3_000_00).map(lambda cents: Decimal(cents) / 100)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "receive more", "reverse", "apply", "release"]),
        st.integers(min_value=0, max_value=20),
        st.integers(min_value=0, max_value=20),
        CENTS,
    ),
    max_size=40,
)


@given(amounts=st.lists(CENTS, min_size=1, max_size=4), steps=STEPS)
def test_no_sequence_of_bookings_makes_or_loses_a_cent(
    amounts: list[Decimal], steps: list[tuple[str, int, int, Decimal]]
) -> None:
    """FI-02, FI-03, FI-12: what came in is what is settled and what is left of advances, after every step."""
    rows = [a_receivable(str(amount)) for amount in amounts]
    receipts: list[Receipt] = []
    advances: list[Advance] = []
    for step, one, another, amount in steps:
        try:
            take(step, one, another, amount, rows, receipts, advances)
        except Conflict:
            pass
        assert sum(r.amount for r in receipts) == sum(r.settled_amount for r in rows) + sum(
            a.open_amount for a in advances
        )
        assert all(0 <= row.settled_amount <= row.amount for row in rows)
        assert all(0 <= advance.open_amount <= advance.amount for advance in advances)
        for row in rows:
            assert (row.status == "settled") == (row.outstanding_amount == 0)
            assert (row.status == "unsettled") == (row.settled_amount == 0)


def take(
    step: str,
    one: int,
    another: int,
    amount: Decimal,
    rows: list[Obligation],
    receipts: list[Receipt],
    advances: list[Advance],
) -> None:
    """Take one step with things chosen by number; a step that has nothing to work on does nothing."""
    row = rows[one % len(rows)]
    if step.startswith("receive"):
        receipt = a_receipt(row, str(amount), as_advance=step == "receive more")
        receipts.append(receipt)
        if (advance := receipt.advance()) is not None:
            advances.append(advance)
    elif step == "reverse" and receipts:
        receipt = receipts[another % len(receipts)]
        row = next(row for row in rows if row.id == receipt.obligation_id)
        came_with = next((advance for advance in advances if advance.voucher_id == receipt.id), None)
        receipts.append(reversed_by(receipt, row, came_with))
    elif step == "apply" and advances:
        advances[another % len(advances)].apply(row, amount, ME)
    elif step == "release" and advances:
        advances[another % len(advances)].release(row, amount, ME)
