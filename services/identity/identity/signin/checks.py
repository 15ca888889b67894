"""Checking a password: counted, logged, and telling the person at the door as little as possible."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.accounts.model import PERSON, Account, username_key
from identity.signin import log, throttle
from identity.signin.client import Client, printable
from identity.signin.devices import find_device
from identity.signin.passwords import NOBODY, is_password
from servicekit import Forbidden
from servicekit.base.database import Database


@dataclass(frozen=True)
class Checked:
    """An account whose password was right, and what the check was counted under."""

    account: Account
    keys: list[str]

    def forgive(self, session: Session) -> None:
        """Forget the failed checks before this one."""
        throttle.note_success(session, self.keys)


def checked_at_the_door(
    database: Database, username: str, password: str, client: Client, device_token: str = ""
) -> Checked:
    """Check the password of whoever signs in: counted under the known device, or else under account and address.

    Raises:
        Forbidden: ``too-many-attempts`` with ``retry_after``; ``invalid-credentials``, whatever else is the reason.
    """
    name = printable(username)

    def keys(session: Session, account: Account | None) -> list[str]:
        device = find_device(session, account.id, device_token) if account is not None else None
        if device is not None:
            return throttle.keys_of_device(device.id)
        return throttle.keys_of_stranger(username_key(name), client.address)

    return _checked(database, name, password, client, keys)


def checked_inside(database: Database, account: Account, password: str, session_id: UUID | None) -> Checked:
    """Check the password of somebody who is signed in; what strangers try at the door does not count here.

    Raises:
        Forbidden: as ``checked_at_the_door``.
    """
    return _checked(
        database,
        account.username,
        password,
        Client(),
        lambda *_: throttle.keys_of_session(session_id or account.id),
    )


def _checked(
    database: Database,
    name: str,
    password: str,
    client: Client,
    keys_for: Callable[[Session, Account | None], list[str]],
) -> Checked:
    """Check a password; no transaction is open meanwhile, and counts and refusals are committed on their own."""

    def begin(session: Session) -> tuple[int, Account | None, list[str]]:
        called = select(Account).where(Account.username_key == username_key(name))
        # A program has no password: its name is one that nobody has.
        account = session.scalar(called.where(Account.kind == PERSON))
        keys = keys_for(session, account)
        wait = throttle.claim_check(session, keys)
        if wait:
            log.note(session, log.REFUSED, name, client, reason="too-many-attempts")
        return wait, account, keys

    wait, account, keys = database.transact(begin)
    if wait:
        text = f"Try again in {wait} seconds."
        raise Forbidden("too-many-attempts", text, retry_after=wait, params={"seconds": wait})
    right = is_password(account.password_hash if account else NOBODY, password)
    reason = "unknown-username" if account is None else account.refusal if right else "wrong-password"
    if account is not None and reason is None:
        return Checked(account, keys)

    def refuse(session: Session) -> None:
        throttle.note_failure(session, keys)
        account_id = account.id if account else None
        log.note(session, log.REFUSED, name, client, account_id=account_id, reason=reason)

    database.transact(refuse)
    raise Forbidden("invalid-credentials", "The username or the password is not right.")
