"""Money that came in or went out; nothing booked is ever deleted, only reversed by a counter-entry."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from finance.advances.model import Advance
from finance.base import Base
from finance.customers.model import OfCustomer
from finance.obligations.model import Obligation, Payable, Receivable
from servicekit import Conflict, Numbers, Owned, Record, guarded

RECEIPT, PAYMENT = "receipt", "payment"
BOOKED, REVERSED, REVERSAL = "booked", "reversed", "reversal"
STATUSES = {BOOKED: ("已入账", "Booked"), REVERSED: ("已冲销", "Reversed"), REVERSAL: ("冲销单", "Reversal")}


def _only_booked(voucher: Any) -> Conflict | None:
    if voucher.status == BOOKED:
        return None
    return Conflict(f"{voucher.kind}-not-booked", f"The {voucher.kind} is {voucher.status}.")


class Voucher(Record, Owned, OfCustomer, Base):
    """Money that settles an obligation: a ``Receipt`` (收款单) or a ``Payment`` (付款单).

    States: booked → reversed; the counter-entry that reverses it is a reversal, with negative amounts.
    """

    __tablename__ = "voucher"

    settles: ClassVar[type[Obligation]]
    numbers: ClassVar[Numbers]

    kind: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligation.id"))
    contract_id: Mapped[UUID]
    currency: Mapped[str]
    amount: Mapped[Decimal]
    settled_amount: Mapped[Decimal]
    """What of it settled the obligation."""
    advance_amount: Mapped[Decimal]
    """What of it was more than was open, and became an advance."""
    moved_on: Mapped[date]
    bank_account_id: Mapped[UUID | None] = mapped_column(ForeignKey("bank_account.id"))
    reference: Mapped[str | None]
    remark: Mapped[str | None]
    booked_by: Mapped[UUID]
    status: Mapped[str] = mapped_column(default=BOOKED)
    reverses_id: Mapped[UUID | None] = mapped_column(ForeignKey("voucher.id"), unique=True)
    reason: Mapped[str | None]
    """Why it was reversed; on the counter-entry."""

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "polymorphic_on": "kind"}

    @classmethod
    def book(cls, obligation: Obligation, amount: Decimal, as_advance: bool, **values: Any) -> Self:
        """Settle an obligation in part or whole (FI-03); what exceeds it becomes an advance if that is meant.

        Raises:
            Conflict: what the obligation refuses.
        """
        settled = obligation.settle(amount, at_most_open=as_advance)
        return cls(
            owner_id=obligation.owner_id,
            obligation_id=obligation.id,
            contract_id=obligation.contract_id,
            customer_id=obligation.customer_id,
            currency=obligation.currency,
            amount=amount,
            settled_amount=settled,
            advance_amount=amount - settled,
            **values,
        )

    def advance(self) -> Advance | None:
        """Return the advance that comes with it, if more was paid than was open (FI-12)."""
        if not self.advance_amount:
            return None
        return Advance(
            owner_id=self.owner_id,
            voucher_id=self.id,
            direction=self.settles.__mapper__.polymorphic_identity,
            customer_id=self.customer_id,
            currency=self.currency,
            amount=self.advance_amount,
            open_amount=self.advance_amount,
        )

    @guarded(_only_booked)
    def reverse(
        self, obligation: Obligation, advance: Advance | None, *, reason: str, on: date, by: UUID
    ) -> Self:
        """Return the counter-entry that takes it back: what it settled is open again, its advance is cancelled.

        Raises:
            Conflict: ``receipt-not-booked`` if it was reversed or is a reversal, ``advance-in-use``.
        """
        if advance is not None:
            advance.cancel()
        obligation.unsettle(self.settled_amount)
        self.status = REVERSED
        return type(self)(
            owner_id=self.owner_id,
            obligation_id=self.obligation_id,
            contract_id=self.contract_id,
            customer_id=self.customer_id,
            currency=self.currency,
            amount=-self.amount,
            settled_amount=-self.settled_amount,
            advance_amount=-self.advance_amount,
            moved_on=on,
            bank_account_id=self.bank_account_id,
            reference=self.reference,
            booked_by=by,
            status=REVERSAL,
            reverses_id=self.id,
            reason=reason,
        )


class Receipt(Voucher):
    """Money that came in (收款单)."""

    __mapper_args__ = {"polymorphic_identity": RECEIPT}
    settles = Receivable
    numbers = Numbers("receipt", "SK{date:%Y%m%d}-{n:04}")


class Payment(Voucher):
    """Money that went out (付款单)."""

    __mapper_args__ = {"polymorphic_identity": PAYMENT}
    settles = Payable
    numbers = Numbers("payment", "FK{date:%Y%m%d}-{n:04}")
