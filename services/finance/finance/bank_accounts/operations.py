"""What can be asked about bank accounts."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance.bank_accounts.model import BankAccount
from finance.bank_accounts.queries import BANK_ACCOUNTS, READ, WRITE
from finance.bank_accounts.schemas import BankAccountSchema
from finance.events.bank_accounts import BankAccountChanged
from servicekit import Caller, load, operation, publish


class BankAccountOperations:
    """Bank accounts: where money comes in and goes out."""

    @operation("GET /v1/bank-accounts", lists=BANK_ACCOUNTS, tag="bank-accounts")
    def list_bank_accounts(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List our bank accounts with their balances (FI-08)."""
        return BANK_ACCOUNTS.page(session, caller, query)

    @operation("GET /v1/bank-accounts/{bank_account_id}", permission=READ, returns=BankAccountSchema)
    def get_bank_account(self, session: Session, caller: Caller, bank_account_id: UUID) -> BankAccount:
        """Return one bank account with its balance (FI-08)."""
        return load(session, BankAccount, bank_account_id, caller, READ)

    @operation(
        "POST /v1/bank-accounts",
        permission=WRITE,
        accepts=BankAccountSchema,
        returns=BankAccountSchema,
        creates=True,
        errors=("bank-account-name-taken", "bank-account-number-taken"),
    )
    def create_bank_account(self, session: Session, caller: Caller, data: dict[str, Any]) -> BankAccount:
        """Open a bank account (FI-08)."""
        account = BankAccount()
        account.fill_in(**data)
        session.add(account)
        publish(session, account, BankAccountChanged.of(account))
        return account

    @operation(
        "PATCH /v1/bank-accounts/{bank_account_id}",
        permission=WRITE,
        accepts=BankAccountSchema,
        returns=BankAccountSchema,
        errors=("bank-account-name-taken", "bank-account-number-taken", "currency-fixed", "stale-version"),
    )
    def update_bank_account(
        self, session: Session, caller: Caller, bank_account_id: UUID, data: dict[str, Any]
    ) -> BankAccount:
        """Change a bank account, or close it with ``active: false`` (FI-08)."""
        account = load(session, BankAccount, bank_account_id, caller, WRITE)
        account.fill_in(**data)
        publish(session, account, BankAccountChanged.of(account))
        return account
