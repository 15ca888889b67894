"""The bank account and what has moved on it."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from finance.base import Base
from finance.obligations.model import ZERO
from finance.vouchers.model import RECEIPT, Voucher
from servicekit import Conflict, Invalid, Record
from servicekit.base.money import check_amount


class BankMovement(Base):
    """What has come in less what has gone out of a bank account, summed up by the database."""

    __table__ = (
        select(
            Voucher.bank_account_id.label("bank_account_id"),
            func.sum(case((Voucher.kind == RECEIPT, Voucher.amount), else_=-Voucher.amount)).label("amount"),
        )
        .where(Voucher.bank_account_id.is_not(None))
        .group_by(Voucher.bank_account_id)
        .subquery("bank_movement")
    )
    __mapper_args__ = {"primary_key": [__table__.c.bank_account_id]}

    bank_account_id: Mapped[UUID]
    amount: Mapped[Decimal]


class BankAccount(Record, Base):
    """An account of ours (单位账户). Closed ones take no more money."""

    __tablename__ = "bank_account"

    name: Mapped[str]
    """Unique by its key (``kehu_key``), as is the number."""
    bank: Mapped[str | None]
    number: Mapped[str | None]
    currency: Mapped[str]
    opening_balance: Mapped[Decimal] = mapped_column(default=ZERO)
    active: Mapped[bool] = mapped_column(default=True)

    movement: Mapped[BankMovement | None] = relationship(
        primaryjoin=lambda: BankAccount.id == foreign(BankMovement.bank_account_id),
        viewonly=True,
        uselist=False,
        lazy="selectin",
    )

    @property
    def balance(self) -> Decimal:
        """What should be on it now."""
        return self.opening_balance + (self.movement.amount if self.movement else ZERO)

    def fill_in(self, **values: Any) -> None:
        """Set what is known of it; its currency is fixed from the beginning.

        Raises:
            Conflict: ``currency-fixed``.
        """
        if self.currency is not None and values.get("currency", self.currency) != self.currency:
            text = f"The account is kept in {self.currency}."
            raise Conflict("currency-fixed", text, params={"currency": self.currency})
        for name, value in values.items():
            setattr(self, name, value)
        if "opening_balance" in values:
            check_amount("opening_balance", self.opening_balance, self.currency)

    def ensure_takes(self, currency: str) -> None:
        """Refuse money it cannot take.

        Raises:
            Conflict: ``bank-account-closed``.
            Invalid: ``currency-differs``.
        """
        if not self.active:
            raise Conflict(
                "bank-account-closed", f"The account {self.name} is closed.", params={"name": self.name}
            )
        if currency != self.currency:
            raise Invalid.field(
                "bank_account_id",
                f"The account is kept in {self.currency}, not {currency}.",
                "currency-differs",
            )
