"""Booking and reversing, the same for receipts and payments."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from finance.advances.model import Advance
from finance.bank_accounts.model import BankAccount
from finance.events.advances import AdvanceBooked, AdvanceCancelled
from finance.events.obligations import REOPENED, SETTLED
from finance.events.vouchers import BOOKED, COUNTERED, REVERSED
from finance.locking import load_locked, lock_to_settle
from finance.obligations.model import Obligation
from finance.vouchers.model import Voucher
from servicekit import Caller, Invalid, publish, today

V = TypeVar("V", bound=Voucher)


def book(
    session: Session, caller: Caller, kind: type[V], permission: str, field: str, data: dict[str, Any]
) -> V:
    """Book money that settles an obligation; what exceeds it becomes an advance if the request says so.

    Args:
        kind: receipt or payment.
        permission: what the caller needs on the obligation's owner.
        field: where the request names the obligation.
    """
    obligation = lock_to_settle(
        session, kind.settles, data.pop("obligation_id"), caller, permission, field=field
    )
    if data["bank_account_id"] is not None:
        _bank_account(session, data["bank_account_id"]).ensure_takes(obligation.currency)
    voucher = kind.book(obligation, booked_by=caller.account_id, **data)
    voucher.number = kind.numbers.next(session)
    session.add(voucher)
    publish(session, voucher, BOOKED[voucher.kind].of(voucher))
    publish(session, obligation, SETTLED[obligation.direction].of(obligation))
    advance = voucher.advance()
    if advance is not None:
        session.add(advance)
        publish(session, advance, AdvanceBooked.of(advance))
    return voucher


def reverse(
    session: Session, caller: Caller, kind: type[V], permission: str, voucher_id: UUID, reason: str
) -> V:
    """Take a voucher back with a counter-entry, and return that."""
    voucher = load_locked(session, kind, voucher_id, caller, permission)
    obligation = session.get_one(Obligation, voucher.obligation_id, with_for_update=True)
    advance = session.scalar(select(Advance).where(Advance.voucher_id == voucher.id).with_for_update())
    moved_on = max(today(), voucher.moved_on)
    counter = voucher.reverse(obligation, advance, reason=reason, on=moved_on, by=caller.account_id)
    counter.number = kind.numbers.next(session)
    session.add(counter)
    publish(session, voucher, REVERSED[voucher.kind].of(voucher, reversal_id=counter.id, reason=reason))
    publish(session, counter, COUNTERED[counter.kind].of(counter))
    publish(session, obligation, REOPENED[obligation.direction].of(obligation))
    if advance is not None:
        publish(session, advance, AdvanceCancelled.of(advance))
    return counter


def _bank_account(session: Session, bank_account_id: UUID) -> BankAccount:
    account = session.get(BankAccount, bank_account_id, with_for_update={"read": True})
    if account is None:
        raise Invalid.field("bank_account_id", "There is no such bank account.", code="unknown-reference")
    return account
