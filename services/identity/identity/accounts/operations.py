"""What can be asked about accounts."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.changes import change_account, ensure_within_reach
from identity.accounts.model import Account
from identity.accounts.queries import ACCOUNTS
from identity.accounts.schemas import AccountSchema, NewAccountSchema, SetPasswordSchema
from identity.base import DIRECTORY, take_turns
from identity.events import AccessChanged, AccountChanged, PasswordChanged
from identity.signin.passwords import ensure_good, hashed
from identity.signin.sessions import revoke_sessions
from servicekit import Caller, load, operation, publish


class AccountOperations:
    """The people who work here, kept by administrators."""

    @operation("GET /v1/accounts", lists=ACCOUNTS)
    def list_accounts(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the accounts (ID-06, ID-16)."""
        return ACCOUNTS.page(session, caller, query)

    @operation("GET /v1/accounts/{account_id}", permission="account.read", returns=AccountSchema)
    def get_account(self, session: Session, caller: Caller, account_id: UUID) -> Account:
        """Return one account (ID-06)."""
        return load(session, Account, account_id, caller, "account.read")

    @operation(
        "POST /v1/accounts",
        permission="account.write",
        accepts=NewAccountSchema,
        returns=AccountSchema,
        creates=True,
        errors=("account-username-taken", "account-out-of-reach"),
    )
    def create_account(self, session: Session, caller: Caller, data: dict[str, Any]) -> Account:
        """Open an account with its roles and first password (ID-06, ID-18, ID-33)."""
        password = data.pop("password")
        ensure_good(password, data["username"], "password")
        account = Account(password_hash=hashed(password))
        change_account(session, caller, account, data)
        session.add(account)
        publish(session, account, AccountChanged.of(account))
        return account

    @operation(
        "PATCH /v1/accounts/{account_id}",
        permission="account.write",
        accepts=AccountSchema,
        returns=AccountSchema,
        errors=("account-username-taken", "account-out-of-reach", "last-administrator", "stale-version"),
    )
    def update_account(
        self, session: Session, caller: Caller, account_id: UUID, data: dict[str, Any]
    ) -> Account:
        """Change an account; who has left, is locked or has expired is signed out everywhere (ID-07 to ID-09)."""
        take_turns(session, DIRECTORY)
        account = load(session, Account, account_id, caller, "account.write")
        change_account(session, caller, account, data)
        publish(session, account, AccountChanged.of(account))
        publish(session, account, AccessChanged(account_id=account.id))
        if not account.may_sign_in:
            revoke_sessions(session, account.id)
        return account

    @operation(
        "POST /v1/accounts/{account_id}/password",
        permission="account.write",
        accepts=SetPasswordSchema,
        errors=("account-out-of-reach",),
    )
    def set_password(self, session: Session, caller: Caller, account_id: UUID, data: dict[str, Any]) -> None:
        """Set somebody's password, and sign them out everywhere (ID-33)."""
        account = load(session, Account, account_id, caller, "account.write")
        ensure_within_reach(caller, account)
        ensure_good(data["password"], account.username, "password")
        account.set_password(hashed(data["password"]))
        publish(session, account, PasswordChanged(account_id=account.id))
        revoke_sessions(session, account.id)
