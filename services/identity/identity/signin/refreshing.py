"""Exchanging a refresh token for the next one."""

from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.signin import log
from identity.signin.client import Client
from identity.signin.sessions import SignInSession, find_token, revoke
from servicekit import Forbidden, utcnow
from servicekit.database import Database
from servicekit.outbox import write_waiting


def refreshed_session(database: Database, session: Session, token: str, client: Client) -> SignInSession:
    """Use up a refresh token and return its session, prolonged.

    A token that was used before has been stolen, or its successor has: the session ends, for thief and owner alike.

    Raises:
        Forbidden: ``invalid-grant``.
    """
    used = find_token(session, token)
    if used is None:
        raise invalid_grant()
    family = session.get_one(SignInSession, used.session_id)
    account = session.get_one(Account, family.account_id)
    if used.used_at is not None:
        family_id = family.id
        session.rollback()  # What follows is committed on its own, while this operation fails.
        database.transact(lambda own: _end_stolen(own, family_id, client))
        raise invalid_grant()
    if not family.alive or not account.may_sign_in:
        raise invalid_grant()
    used.used_at = utcnow()
    family.prolong()
    return family


def _end_stolen(session: Session, family_id: UUID, client: Client) -> None:
    family = session.get_one(SignInSession, family_id, with_for_update=True)
    account = session.get_one(Account, family.account_id)
    log.note(
        session, log.REFUSED, account.username, client,
        account_id=account.id, session_id=family.id, reason="refresh-token-reused",
    )  # fmt: skip
    revoke(session, family)
    write_waiting(session)


def invalid_grant() -> Forbidden:
    """Return the error for a refresh token that is worth nothing, whatever the reason."""
    return Forbidden("invalid-grant", "The refresh token is not valid any more: sign in again.")
