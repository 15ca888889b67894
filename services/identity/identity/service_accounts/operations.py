"""What can be asked about service accounts."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.accounts.changes import ensure_may_do_no_more
from identity.accounts.model import Account, username_key
from identity.accounts.reach import Guard, reaches_no_further, who_see_into
from identity.base import DIRECTORY, take_turns
from identity.departments.queries import department_named, given
from identity.events import (
    AccessChanged,
    AccountChanged,
    ServiceAccountChanged,
    ServiceAccountCreated,
    ServiceAccountSecretAdded,
    ServiceAccountSecretWithdrawn,
    SessionRevoked,
)
from identity.roles.permissions import covers, may_do_no_more
from identity.service_accounts.model import NO_PASSWORD, ServiceAccount
from identity.service_accounts.queries import READ, SERVICE_ACCOUNTS, WRITE, find_service_account
from identity.service_accounts.schemas import (
    NewSecretSchema,
    NewServiceAccountSchema,
    ServiceAccountSchema,
    ServiceAccountWithSecretSchema,
)
from servicekit import Caller, Conflict, Forbidden, operation, publish

REFUSED = (
    "service-account-name-taken", "permission-out-of-reach", "account-out-of-reach", "reach-widened",
)  # fmt: skip


class ServiceAccountOperations:
    """Accounts of programs, kept by administrators."""

    @operation("GET /v1/service-accounts", lists=SERVICE_ACCOUNTS)
    def list_service_accounts(
        self, session: Session, caller: Caller, query: dict[str, str]
    ) -> dict[str, Any]:
        """List the service accounts."""
        return SERVICE_ACCOUNTS.page(session, caller, query)

    @operation("GET /v1/service-accounts/{service_account_id}", permission=READ, returns=ServiceAccountSchema)
    def get_service_account(
        self, session: Session, caller: Caller, service_account_id: UUID
    ) -> ServiceAccount:
        """Return one service account, with when and from where it was last used."""
        return find_service_account(session, caller, service_account_id)

    @operation(
        "POST /v1/service-accounts",
        permission=WRITE,
        accepts=NewServiceAccountSchema,
        returns=ServiceAccountWithSecretSchema,
        creates=True,
        errors=REFUSED,
    )
    def create_service_account(
        self, session: Session, caller: Caller, data: dict[str, Any]
    ) -> ServiceAccount:
        """Open an account for a program, which may do no more than one may oneself; the secret is shown now only."""
        take_turns(session, DIRECTORY)
        account = ServiceAccount(password_hash=NO_PASSWORD)
        expires_at = data.pop("secret_expires_at")
        _change(session, caller, account, data, opens=True)
        _, account.client_secret = account.add_secret(caller.account_id, expires_at)
        publish(session, account, AccountChanged.of(account))
        publish(session, account, ServiceAccountCreated.of(account))
        return account

    @operation(
        "PATCH /v1/service-accounts/{service_account_id}",
        permission=WRITE,
        accepts=ServiceAccountSchema,
        returns=ServiceAccountSchema,
        only_if=may_do_no_more,
        errors=(*REFUSED, "stale-version"),
    )
    def update_service_account(
        self, session: Session, caller: Caller, service_account_id: UUID, data: dict[str, Any]
    ) -> ServiceAccount:
        """Change a service account; one that is disabled is let in nowhere, at once, whatever tokens it has."""
        take_turns(session, DIRECTORY)
        account = find_service_account(session, caller, service_account_id, WRITE)
        _change(session, caller, account, data)
        publish(session, account, AccountChanged.of(account))
        publish(session, account, ServiceAccountChanged.of(account))
        publish(session, account, AccessChanged(account_id=account.id))
        return account

    @operation(
        "POST /v1/service-accounts/{service_account_id}/rotate-secret",
        permission=WRITE,
        accepts=NewSecretSchema,
        returns=ServiceAccountWithSecretSchema,
        only_if=reaches_no_further,
        does=ServiceAccount.add_secret,
        errors=("account-out-of-reach", "too-many-secrets", "stale-version"),
    )
    def rotate_service_account_secret(
        self, session: Session, caller: Caller, service_account_id: UUID, data: dict[str, Any]
    ) -> ServiceAccount:
        """Make a further secret, shown in the answer only; the one before works until it is withdrawn."""
        take_turns(session, DIRECTORY)
        account = find_service_account(session, caller, service_account_id, WRITE)
        if not reaches_no_further(session, caller, account):
            raise Forbidden("account-out-of-reach", "This account may do or see more than you.")
        secret, account.client_secret = account.add_secret(caller.account_id, data["expires_at"])
        told = ServiceAccountSecretAdded.of(account, secret_id=secret.id)
        publish(session, account, told)
        return account

    @operation(
        "DELETE /v1/service-accounts/{service_account_id}/secrets/{secret_id}",
        permission=WRITE,
        only_if=may_do_no_more,
        errors=("account-out-of-reach", "service-secret-not-found", "stale-version"),
    )
    def withdraw_service_account_secret(
        self, session: Session, caller: Caller, service_account_id: UUID, secret_id: UUID
    ) -> None:
        """Make a secret worth nothing at once, and the tokens that it got."""
        take_turns(session, DIRECTORY)
        account = find_service_account(session, caller, service_account_id, WRITE)
        ensure_may_do_no_more(caller, account)
        account.withdraw(secret_id)
        told = ServiceAccountSecretWithdrawn.of(account, secret_id=secret_id)
        publish(session, account, told)
        publish(session, account, SessionRevoked(session_id=secret_id, account_id=account.id))


def _change(
    session: Session, caller: Caller, account: ServiceAccount, data: dict[str, Any], *, opens: bool = False
) -> None:
    """Fill in what a caller gives for a service account; the directory is locked by now.

    Raises:
        Conflict: ``service-account-name-taken``.
        Forbidden: ``account-out-of-reach``, if it may do more than the caller already; ``permission-out-of-reach``, if
            it would; ``reach-widened``, if the caller would see more by it.
    """
    ensure_may_do_no_more(caller, account)
    values = dict(data)
    if "words" in values:
        values["granted"] = values.pop("words")
    if "departments" in values:
        values["departments"] = given(session, values["departments"])
    department = department_named(session, values.get("department_id"), "department_id")
    people = who_see_into(session, department)
    guard = Guard(session, caller, people if opens else [account, *people], account if opens else None)
    if "department_id" in values:
        del values["department_id"]
        account.work_in(department)
    account.fill_in(**values)
    if not covers(caller, account.permissions, account.parts):
        raise Forbidden("permission-out-of-reach", "You may not hand out more than you may do yourself.")
    _ensure_free(session, account)
    if opens:
        session.add(account)
    guard.check()


def _ensure_free(session: Session, account: ServiceAccount) -> None:
    """Refuse a name that another account has."""
    same = select(Account.id).where(Account.username_key == username_key(account.username))
    with session.no_autoflush:
        taken = session.scalar(same.where(Account.id != account.id))
    if taken is not None:
        message = "Another service account has this name."
        raise Conflict("service-account-name-taken", message, [{"field": "name", "message": message}])
