"""The advance; it refuses to give more than it has."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from finance.base import Base
from finance.customers.model import OfCustomer
from finance.obligations.model import ZERO, Obligation
from servicekit import Conflict, Eager, Owned, Record, guarded, new_id, utcnow
from servicekit.base.money import check_amount, written

OPEN, USED, CANCELLED = "open", "used", "cancelled"
STATUSES = {OPEN: ("可用", "Open"), USED: ("已用完", "Used"), CANCELLED: ("已取消", "Cancelled")}


class AdvanceApplication(Eager, Base):
    """A part of an advance that settled something; negative where that was taken back."""

    __tablename__ = "advance_application"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    advance_id: Mapped[UUID] = mapped_column(ForeignKey("advance.id"))
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligation.id"))
    amount: Mapped[Decimal]
    applied_by: Mapped[UUID]
    applied_at: Mapped[datetime] = mapped_column(default=utcnow)


def _nothing_left(advance: Any) -> Conflict | None:
    return None if advance.open_amount else _too_much_of(advance, ZERO)


def _nothing_applied(advance: Any) -> Conflict | None:
    applied = advance.status != CANCELLED and advance.open_amount != advance.amount
    return None if applied else _more_than_applied(advance, ZERO)


def _too_much_of(advance: Any, left: Decimal) -> Conflict:
    so_much = written(left, advance.currency)
    text = f"Only {so_much} is left of the advance."
    return Conflict("amount-exceeds-advance", text, params={"left": so_much})


def _more_than_applied(advance: Any, applied: Decimal) -> Conflict:
    so_much = written(applied, advance.currency)
    text = f"Only {so_much} of the advance was applied to it."
    return Conflict("amount-exceeds-applied", text, params={"left": so_much})


class Advance(Record, Owned, OfCustomer, Base):
    """What was paid beyond what was owed, and how much of it is left.

    States: open → used when nothing is left, cancelled when the receipt or payment it came from is reversed.
    """

    __tablename__ = "advance"

    voucher_id: Mapped[UUID] = mapped_column(ForeignKey("voucher.id"), unique=True)
    """The receipt or payment it came with."""
    direction: Mapped[str]
    """What it can settle: receivables (the customer paid us early) or payables (we paid early)."""
    currency: Mapped[str]
    amount: Mapped[Decimal]
    open_amount: Mapped[Decimal]
    status: Mapped[str] = mapped_column(default=OPEN)

    applications: Mapped[list[AdvanceApplication]] = relationship(
        cascade="all, delete-orphan", order_by=AdvanceApplication.applied_at, lazy="selectin"
    )

    @guarded(_nothing_left)
    def apply(self, obligation: Obligation, amount: Decimal, by: UUID) -> None:
        """Settle something of the same customer with what is left.

        Raises:
            Conflict: ``advance-of-another-customer``, ``currency-differs``, ``amount-exceeds-advance``, or what the
                obligation refuses.
        """
        if obligation.customer_id != self.customer_id:
            raise Conflict(
                "advance-of-another-customer", "An advance settles only what its own customer owes."
            )
        if obligation.currency != self.currency:
            raise Conflict(
                "currency-differs", f"The advance is in {self.currency}, not {obligation.currency}."
            )
        if amount > self.open_amount:
            raise _too_much_of(self, self.open_amount)
        obligation.settle(amount)
        self._move(obligation, amount, by)

    @guarded(_nothing_applied)
    def release(self, obligation: Obligation, amount: Decimal, by: UUID) -> None:
        """Take back what was applied to something: it is open again, and the advance has it again.

        Raises:
            Conflict: ``amount-exceeds-applied``.
        """
        applied = sum(
            (part.amount for part in self.applications if part.obligation_id == obligation.id), ZERO
        )
        if amount > applied:
            raise _more_than_applied(self, applied)
        if amount != applied:
            check_amount("amount", amount, self.currency)
        obligation.unsettle(amount)
        self._move(obligation, -amount, by)

    def ensure_unused(self) -> None:
        """Refuse unless all of it is still there."""
        if self.open_amount != self.amount:
            raise Conflict("advance-in-use", "A part of the advance has been applied; release it first.")

    def cancel(self) -> None:
        """The money it came with was none."""
        self.ensure_unused()
        self.open_amount = ZERO
        self.status = CANCELLED

    def _move(self, obligation: Obligation, amount: Decimal, by: UUID) -> None:
        self.applications.append(
            AdvanceApplication(obligation_id=obligation.id, amount=amount, applied_by=by)
        )
        self.open_amount -= amount
        self.status = OPEN if self.open_amount else USED
