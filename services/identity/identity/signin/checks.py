"""Checking a password: counted, logged, and telling the person at the door as little as possible."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.accounts.model import Account, username_key
from identity.signin import log, throttle
from identity.signin.client import Client, printable
from identity.signin.passwords import NOBODY, is_password
from servicekit import Forbidden
from servicekit.database import Database

UNKNOWN_CLIENT = Client()


def checked_account(database: Database, username: str, password: str, client: Client) -> Account:
    """Return the account that a username and a password belong to, if it may sign in.

    No transaction is open while the password is checked; counts and refusals are committed on their own.

    Raises:
        Forbidden: ``too-many-attempts`` with ``retry_after``; ``invalid-credentials``, whatever else is the reason.
    """
    name = printable(username)
    keys = throttle.keys_of(username_key(name), client.address)

    def begin(session: Session) -> tuple[int, Account | None]:
        wait = throttle.claim_check(session, keys)
        if wait:
            log.note(session, log.REFUSED, name, client, reason="too-many-attempts")
            return wait, None
        return 0, session.scalar(select(Account).where(Account.username_key == username_key(name)))

    wait, account = database.transact(begin)
    if wait:
        raise Forbidden("too-many-attempts", f"Try again in {wait} seconds.", retry_after=wait)
    right = is_password(account.password_hash if account else NOBODY, password)
    reason = "unknown-username" if account is None else account.refusal if right else "wrong-password"
    if account is not None and reason is None:
        return account

    def refuse(session: Session) -> None:
        throttle.note_failure(session, keys)
        log.note(
            session, log.REFUSED, name, client, account_id=account.id if account else None, reason=reason
        )

    database.transact(refuse)
    raise Forbidden("invalid-credentials", "The username or the password is not right.")


def forgive(session: Session, username: str, client: Client) -> None:
    """Forget the failed checks of an account whose password has been given."""
    throttle.note_success(session, throttle.keys_of(username_key(printable(username)), client.address))
