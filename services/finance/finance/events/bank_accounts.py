"""What finance tells about bank accounts."""

from typing import Any, ClassVar

from finance.bank_accounts.schemas import BankAccountSchema
from servicekit import RecordEvent


class BankAccountChanged(RecordEvent):
    """A bank account was opened, changed or closed (FI-08); its number stays with finance."""

    type: ClassVar[str] = "bank_account.changed"
    shows = BankAccountSchema
    leaves_out: ClassVar[dict[str, str]] = {
        "bank": "where our money lies stays with finance",
        "number": "where our money lies stays with finance",
        "opening_balance": "how much money we have stays with finance",
        "balance": "how much money we have stays with finance; it moves with each receipt and payment",
    }
    example: ClassVar[dict[str, Any]] = {"bank_account_id": "01936f3a-7c00-7000-8000-00000000000e"}
