"""What can be asked about accounts."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.cards import card_or_all, page_of_cards
from identity.accounts.changes import change_account, tell_change
from identity.accounts.model import NAMES, Account
from identity.accounts.queries import ACCOUNTS, NAMED_REFUSED
from identity.accounts.reach import WRITE, reaches_no_further
from identity.accounts.schemas import AccountSchema, NewAccountSchema, SetPasswordSchema
from identity.approvals.again import choose_again
from identity.base import DIRECTORY, take_turns
from identity.events import PasswordChanged
from identity.roles.permissions import may_do_no_more
from identity.signin.devices import forget_devices
from identity.signin.passwords import SHORTEST_PASSWORD, ensure_good, ensure_nobodys_name, hashed
from identity.signin.sessions import end_sessions
from servicekit import Caller, Forbidden, load, operation, publish


class AccountOperations:
    """The people who work here, kept by administrators."""

    @operation("GET /v1/accounts", lists=ACCOUNTS)
    def list_accounts(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the accounts: a card of each; all that is known of those the caller keeps (ID-06, ID-16).

        Whoever filters, sorts or asks for fields by more than what stands on the card finds those they keep.
        """
        return page_of_cards(session, caller, query)

    @operation("GET /v1/accounts/{account_id}", permission="account.read", returns=AccountSchema)
    def get_account(self, session: Session, caller: Caller, account_id: UUID) -> Any:
        """Return one account: all that is known of it to who keeps it, a card to others (ID-06)."""
        return card_or_all(session, caller, load(session, Account, account_id, caller, "account.read"))

    @operation(
        "POST /v1/accounts",
        permission=WRITE,
        accepts=NewAccountSchema,
        returns=AccountSchema,
        creates=True,
        errors=(
            "account-username-taken",
            "account-out-of-reach",
            "reach-widened",
            "superiors-in-a-ring",
            *NAMED_REFUSED,
        ),
    )
    def create_account(self, session: Session, caller: Caller, data: dict[str, Any]) -> Account:
        """Open an account with its roles and first password (ID-06, ID-18, ID-33)."""
        values = {name: value for name, value in data.items() if name != "password"}
        names = [data.get(name) for name in NAMES]
        ensure_good(data["password"], names, "password", SHORTEST_PASSWORD.of(session))
        ensure_nobodys_name(session, data["password"], "password")
        account = Account(password_hash=hashed(data["password"]), password_known_to=caller.account_id)
        take_turns(session, DIRECTORY)
        followed = change_account(session, caller, account, values, opens=True)
        tell_change(session, account, followed)
        return account

    @operation(
        "PATCH /v1/accounts/{account_id}",
        permission=WRITE,
        accepts=AccountSchema,
        returns=AccountSchema,
        does=Account.ensure_person,
        only_if=may_do_no_more,
        errors=(
            "account-username-taken",
            "account-out-of-reach",
            "reach-widened",
            "last-administrator",
            "superiors-in-a-ring",
            "stale-version",
            "not-a-person",
            *NAMED_REFUSED,
        ),
    )
    def update_account(
        self, session: Session, caller: Caller, account_id: UUID, data: dict[str, Any]
    ) -> Account:
        """Change an account; who has left, is locked or has expired is signed out everywhere (ID-07 to ID-09)."""
        take_turns(session, DIRECTORY)
        account = load(session, Account, account_id, caller, WRITE)
        account.ensure_person()
        followed = change_account(session, caller, account, data)
        tell_change(session, account, followed)
        if not account.may_sign_in:
            end_sessions(session, account.id, account.refusal)
        session.flush()
        choose_again(session)
        return account

    @operation(
        "POST /v1/accounts/{account_id}/password",
        permission=WRITE,
        accepts=SetPasswordSchema,
        does=Account.ensure_person,
        only_if=reaches_no_further,
        errors=("account-out-of-reach", "not-a-person"),
    )
    def set_password(self, session: Session, caller: Caller, account_id: UUID, data: dict[str, Any]) -> None:
        """Set somebody's password, and sign them out everywhere (ID-33)."""
        take_turns(session, DIRECTORY)
        account = load(session, Account, account_id, caller, WRITE)
        account.ensure_person()
        if not reaches_no_further(session, caller, account):
            raise Forbidden("account-out-of-reach", "This person may do or see more than you.")
        ensure_good(data["password"], account.names, "password", SHORTEST_PASSWORD.of(session))
        ensure_nobodys_name(session, data["password"], "password")
        account.set_password(hashed(data["password"]), known_to=caller.account_id)
        publish(session, account, PasswordChanged(account_id=account.id))
        forget_devices(session, account.id)
        end_sessions(session, account.id, "password-set")
