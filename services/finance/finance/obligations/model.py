"""What is owed: receivables and payables; they refuse to be settled beyond what is open."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from finance.base import Base
from finance.customers.model import OfCustomer
from servicekit import Conflict, Owned, Record
from servicekit.base.money import check_amount, written

RECEIVABLE, PAYABLE = "receivable", "payable"
DIRECTIONS = {RECEIVABLE: ("应收", "Receivable"), PAYABLE: ("应付", "Payable")}
UNSETTLED, PARTIAL, SETTLED, BAD_DEBT = "unsettled", "partial", "settled", "bad_debt"
STATUSES = {
    UNSETTLED: ("未核销", "Unsettled"),
    PARTIAL: ("部分核销", "Partly settled"),
    SETTLED: ("已核销", "Settled"),
    BAD_DEBT: ("坏账", "Bad debt"),
}
ZERO = Decimal(0)


class Obligation(Record, Owned, OfCustomer, Base):
    """An amount that one side owes the other: a ``Receivable`` or a ``Payable``.

    States follow from the amounts: unsettled → partial → settled, or bad debt (FI-02).
    """

    __tablename__ = "obligation"
    __table_args__ = (UniqueConstraint("contract_id", "position", name="uq_obligation_contract_id"),)

    direction: Mapped[str]
    contract_id: Mapped[UUID]
    contract_number: Mapped[str]
    position: Mapped[int]
    """Which of the contract's payments it is, from 1 (FI-04)."""
    summary: Mapped[str]
    incurred_on: Mapped[date]
    """The day the contract was signed."""
    due_on: Mapped[date]
    currency: Mapped[str]
    amount: Mapped[Decimal]
    settled_amount: Mapped[Decimal] = mapped_column(default=ZERO)
    bad_debt_amount: Mapped[Decimal] = mapped_column(default=ZERO)
    status: Mapped[str] = mapped_column(default=UNSETTLED)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version, "polymorphic_on": "direction"}

    @property
    def outstanding_amount(self) -> Decimal:
        """What is still open."""
        return self.amount - self.settled_amount - self.bad_debt_amount

    def settle(self, amount: Decimal, *, at_most_open: bool = False) -> Decimal:
        """Settle in part or whole (FI-03), and return how much it took.

        Args:
            amount: how much money there is; more than zero.
            at_most_open: take what is open of a larger amount, instead of refusing it.

        Raises:
            Conflict: ``receivable-settled``, ``amount-exceeds-outstanding``.
            Invalid: if the currency has no such amount.
        """
        if not self.outstanding_amount:
            raise Conflict(f"{self.direction}-settled", f"Nothing is open on this {self.direction}.")
        if amount > self.outstanding_amount and not at_most_open:
            still_open = written(self.outstanding_amount, self.currency)
            raise Conflict(
                "amount-exceeds-outstanding", f"Only {still_open} is open.", params={"left": still_open}
            )
        if (
            amount != self.outstanding_amount
        ):  # All of it can always be settled, also of what was stored otherwise.
            check_amount("amount", amount, self.currency)
        taken = min(amount, self.outstanding_amount)
        self.settled_amount += taken
        self.set_status()
        return taken

    def unsettle(self, amount: Decimal) -> None:
        """Open again what a settlement had settled that turned out to be none.

        Raises:
            Conflict: ``amount-not-settled``, if so much has not been settled.
        """
        if amount > self.settled_amount:
            settled = written(self.settled_amount, self.currency)
            raise Conflict(
                "amount-not-settled", f"Only {settled} has been settled.", params={"left": settled}
            )
        self.settled_amount -= amount
        self.set_status()

    def set_status(self) -> None:
        """Let the state follow the amounts (FI-02)."""
        if self.outstanding_amount:
            self.status = PARTIAL if self.settled_amount or self.bad_debt_amount else UNSETTLED
        else:
            self.status = BAD_DEBT if self.bad_debt_amount else SETTLED


class Receivable(Obligation):
    """What a customer owes us (应收)."""

    __mapper_args__ = {"polymorphic_identity": RECEIVABLE}


class Payable(Obligation):
    """What we owe a supplier (应付)."""

    __mapper_args__ = {"polymorphic_identity": PAYABLE}


OBLIGATIONS: dict[str, type[Obligation]] = {RECEIVABLE: Receivable, PAYABLE: Payable}
