"""What finance tells about bank accounts."""

from typing import Any, ClassVar, Self
from uuid import UUID

from finance.bank_accounts.model import BankAccount
from servicekit import Event


class BankAccountChanged(Event):
    """A bank account was opened, changed or closed (FI-08); its number stays with finance."""

    type: ClassVar[str] = "bank_account.changed"
    example: ClassVar[dict[str, Any]] = {
        "bank_account_id": "01936f3a-7c00-7000-8000-00000000000e",
        "name": "基本户",
        "currency": "CNY",
        "active": True,
    }

    bank_account_id: UUID
    name: str
    currency: str
    active: bool

    @classmethod
    def of(cls, account: BankAccount) -> Self:
        """Return the event for a bank account as it is now."""
        return cls(
            bank_account_id=account.id, name=account.name, currency=account.currency, active=account.active
        )
