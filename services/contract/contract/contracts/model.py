"""The contract and its parts; they refuse illegal states themselves."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contract.base import Base
from contract.contracts import faults
from contract.contracts.codes import (
    APPROVED,
    COMPLETED,
    DRAFT,
    INSTALMENTS,
    NO_PAYMENT,
    ONE_OFF,
    PENDING,
    SIGNED,
)
from servicekit import Approvable, Conflict, Eager, Invalid, Owned, Record, in_states, new_id, utcnow
from servicekit.base.money import check_amount, product, round_amount


class ContractLine(Eager, Base):
    """What is delivered: a product or a text, a quantity, a price."""

    __tablename__ = "contract_line"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"))
    position: Mapped[int]
    product_id: Mapped[UUID | None]
    name: Mapped[str | None]
    quantity: Mapped[Decimal]
    price: Mapped[Decimal]
    discount_percent: Mapped[Decimal] = mapped_column(default=Decimal(100))
    """100 means none (SA-70)."""
    delivery_due_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    """The day of the last delivery."""
    delivered_quantity: Mapped[Decimal | None]
    """All deliveries together."""

    @property
    def total(self) -> Decimal:
        """Quantity times price times discount, exactly: it counts rounded to the digits of the currency (SA-70)."""
        return product(self.quantity, self.price, self.discount_percent, Decimal("0.01"))

    @property
    def undelivered_quantity(self) -> Decimal:
        """What of it is still to be delivered; nothing where more was noted than was ordered."""
        return max(self.quantity - (self.delivered_quantity or Decimal(0)), Decimal(0))


class Delivery(Eager, Base):
    """What was delivered of a line, and when; the deliveries of a line add up (CT-06)."""

    __tablename__ = "contract_delivery"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"))
    line_id: Mapped[UUID] = mapped_column(ForeignKey("contract_line.id", ondelete="CASCADE"))
    quantity: Mapped[Decimal]
    delivered_on: Mapped[date]
    recorded_by: Mapped[UUID | None]
    """Unknown where it was noted before deliveries were kept one by one."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)


class PaymentTerm(Base):
    """What is to be paid when."""

    __tablename__ = "payment_term"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"))
    position: Mapped[int]
    due_on: Mapped[date]
    amount: Mapped[Decimal]
    remark: Mapped[str | None]


class Contract(Approvable, Record, Owned, Base):
    """An agreement with a customer or a supplier.

    States: draft → pending_approval → approved → signed → completed (CT-01); a rejected one is a draft again.
    """

    __tablename__ = "contract"
    granted_as: ClassVar[tuple[str, str] | None] = ("contract", "id")
    locked: ClassVar[tuple[str, ...]] = ()
    """Its own state refuses what may not be done while it waits."""

    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    customer_id: Mapped[UUID]
    opportunity_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(default="sales")
    nature: Mapped[str]
    payment_mode: Mapped[str]
    currency: Mapped[str]
    amount: Mapped[Decimal]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    signer_id: Mapped[UUID]
    """Who signs for us (CT-12)."""
    customer_signer: Mapped[str | None]
    remark: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=DRAFT)
    rejection: Mapped[str | None]
    """The comment with which approval was last refused."""
    signed_on: Mapped[date | None]
    completed_on: Mapped[date | None]

    lines: Mapped[list[ContractLine]] = relationship(
        cascade="all, delete-orphan", order_by=ContractLine.position
    )
    payment_terms: Mapped[list[PaymentTerm]] = relationship(
        cascade="all, delete-orphan", order_by=PaymentTerm.position
    )

    @in_states(DRAFT, code="contract-not-draft")
    def fill_in(
        self,
        lines: list[dict[str, Any]] | None = None,
        payment_terms: list[dict[str, Any]] | None = None,
        **values: Any,
    ) -> None:
        """Set what a draft holds, and see that it adds up (CT-02, CT-10, CT-11).

        Args:
            lines: all lines anew, or None to leave them.
            payment_terms: all terms anew, or None to leave them.
            values: other columns by name; an amount of None is the sum of the lines, and refused where there are none.

        Raises:
            Conflict: ``contract-not-draft``.
            Invalid: ``invalid-input`` with the fields that do not fit together.
        """
        # Parts that are read later would first have half of the changes stored.
        _ = self.lines, self.payment_terms
        to_be_summed = "amount" in values and values["amount"] is None
        named = values.pop("amount", None)
        if lines is not None:
            self.lines = [ContractLine(position=place, **line) for place, line in enumerate(lines, 1)]
            self.touch()
        if payment_terms is not None:
            self.payment_terms = [
                PaymentTerm(position=place, **term) for place, term in enumerate(payment_terms, 1)
            ]
            self.touch()
        for name, value in values.items():
            setattr(self, name, value)
        if to_be_summed and not self.lines:
            raise Invalid.field("amount", faults.AMOUNT_OR_LINES)
        self._settle_amount(named)
        self._check()

    def _settle_amount(self, named: Decimal | None = None) -> None:
        """Let the amount be the sum of the lines; only where there are none it is what was typed (CT-11).

        Args:
            named: the amount that was typed just now, if one was.

        Raises:
            Invalid: if there is neither an amount nor a line, or the one that was typed is not the sum.
        """
        if self.lines:
            totals = [round_amount(line.total, self.currency) for line in self.lines]
            for place, part in enumerate(totals):
                check_amount(f"lines.{place}", part, self.currency)
            total = sum(totals, Decimal(0))
            check_amount("lines", total, self.currency)
            if named not in (None, total):
                raise Invalid.field("amount", faults.not_sum_of_lines(total, self.currency))
            named = total
        if named is not None:
            self.amount = named
        if self.amount is None:
            raise Invalid.field("amount", faults.AMOUNT_OR_LINES)

    def _check(self) -> None:
        check_amount("amount", self.amount, self.currency)
        for place, term in enumerate(self.payment_terms):
            check_amount(f"payment_terms.{place}.amount", term.amount, self.currency)
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise Invalid.field("ends_on", faults.BEFORE_START)
        if self.payment_mode == INSTALMENTS:
            if not self.payment_terms:
                raise Invalid.field("payment_terms", faults.TERMS_NEEDED)
            total = sum((term.amount for term in self.payment_terms), Decimal(0))
            if total != self.amount:
                raise Invalid.field("payment_terms", faults.terms_differ(total, self.amount, self.currency))
        elif self.payment_mode == ONE_OFF and len(self.payment_terms) > 1:
            raise Invalid.field("payment_terms", faults.ONE_TERM_AT_MOST)
        elif (
            self.payment_mode == ONE_OFF
            and self.payment_terms
            and self.payment_terms[0].amount != self.amount
        ):
            raise Invalid.field("payment_terms", faults.TERM_DIFFERS)
        elif self.payment_mode == NO_PAYMENT and self.payment_terms:
            raise Invalid.field("payment_terms", faults.NO_TERMS)

    @in_states(DRAFT, code="contract-not-draft")
    def ensure_submittable(self) -> None:
        """See once more that the draft adds up: what is judged from here on is what will be signed (CT-03, CT-11)."""
        self._settle_amount()
        self._check()

    @in_states(DRAFT, code="contract-not-draft")
    def submit(self, approval_id: UUID | None) -> None:
        """Hand the draft in: for approval if there is a flow for it, else it is approved at once (CT-03).

        Args:
            approval_id: the id under which approval is asked for; None where no flow is bound.
        """
        self.rejection = None
        self.approval_id = approval_id
        self.status = PENDING if approval_id else APPROVED

    @in_states(PENDING, code="contract-not-pending")
    def approve(self) -> None:
        """The approval flow has ended well (CT-04)."""
        self.status = APPROVED

    @in_states(PENDING, code="contract-not-pending")
    def reject(self, comment: str) -> None:
        """The approval flow has ended badly: it is a draft again and can be mended."""
        self.status = DRAFT
        self.rejection = comment

    @in_states(APPROVED, code="contract-not-approved")
    def sign(
        self, signed_on: date, signer_id: UUID | None = None, customer_signer: str | None = None
    ) -> None:
        """Both sides have signed; only from approved (CT-05).

        Args:
            signer_id: who signed for us, if not whom the draft named (CT-12).
            customer_signer: who signed for the customer, likewise.
        """
        self.signed_on = signed_on
        self.signer_id = signer_id or self.signer_id
        self.customer_signer = customer_signer or self.customer_signer
        self.status = SIGNED

    @in_states(SIGNED, code="contract-not-signed")
    def deliver(self, line_id: UUID, quantity: Decimal, delivered_on: date, by: UUID) -> Delivery:
        """Note that a part of a line, or all of it, was delivered under a signed contract (CT-06).

        Args:
            by: who notes it.

        Raises:
            Conflict: ``contract-not-signed``; ``quantity-exceeds-ordered``, if less is still to be delivered.
            Invalid: if the contract has no such line.
        """
        line = self._line(line_id)
        if quantity > line.undelivered_quantity:
            fault = faults.too_much(line.undelivered_quantity)
            raise Conflict(fault.code, fault, [{"field": "quantity", "message": fault}])
        line.delivered_quantity = (line.delivered_quantity or Decimal(0)) + quantity
        line.delivered_on = max(delivered_on, line.delivered_on or delivered_on)
        self.touch()
        return Delivery(
            contract_id=self.id, line_id=line.id, quantity=quantity, delivered_on=delivered_on, recorded_by=by
        )

    @in_states(SIGNED, code="contract-not-signed")
    def take_back(self, delivery: Delivery, others: Sequence[Delivery]) -> None:
        """Undo that a delivery was noted: it was none (CT-06).

        Args:
            others: the other deliveries of its line.

        Raises:
            Conflict: ``contract-not-signed``.
        """
        line = self._line(delivery.line_id)
        line.delivered_quantity = sum((other.quantity for other in others), Decimal(0)) or None
        line.delivered_on = max((other.delivered_on for other in others), default=None)
        self.touch()

    def _line(self, line_id: UUID) -> ContractLine:
        line = next((line for line in self.lines if line.id == line_id), None)
        if line is None:
            raise Invalid.field("line_id", faults.NO_SUCH_LINE)
        return line

    @in_states(SIGNED, code="contract-not-signed")
    def complete(self, completed_on: date) -> None:
        """Everything agreed has been done: the end, and not before it was signed (CT-07)."""
        if self.signed_on and completed_on < self.signed_on:
            raise Invalid.field("completed_on", faults.before_signed(self.signed_on))
        self.completed_on = completed_on
        self.status = COMPLETED

    @in_states(DRAFT, code="contract-not-draft")
    def ensure_deletable(self) -> None:
        """Only drafts may be deleted (CT-02)."""
