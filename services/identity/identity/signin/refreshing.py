"""Exchanging a refresh token for the next one."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.signin import log
from identity.signin.client import Client
from identity.signin.devices import find_device
from identity.signin.sessions import (
    RefreshToken,
    SignInSession,
    end_session,
    find_token,
    keep_refresh_token,
)
from servicekit import Forbidden, utcnow
from servicekit.base.database import Database
from servicekit.messages.outbox import write_waiting

GRACE = timedelta(seconds=30)
"""How long after its use a refresh token still gets the same client the same successor: two tabs of one browser
refresh at the same time, and an answer may be lost on its way (docs/decisions/0019)."""
SETTLING = 2 * GRACE
"""How long a browser's new token is not used up yet. All its tabs share one cookie, and their answers come in any
order: while one with this token can still be on its way, nobody gets the token after it, so that none is put back
into the jar that is worth nothing any more (docs/decisions/0030)."""


def refreshed_session(
    database: Database,
    session: Session,
    token: str,
    client: Client,
    device_token: str = "",
    *,
    in_browser: bool = False,
) -> tuple[SignInSession, str]:
    """Use up a refresh token and return its session, prolonged, with the next token.

    In a browser one that is new is not used up, and comes back as it is.

    A token that was used before has been stolen, or its successor has: the session ends, for thief and owner alike.
    The same client is not a thief for a moment: it gets the successor once more.

    Raises:
        Forbidden: ``invalid-grant``.
    """
    used = find_token(session, token)
    if used is None:
        raise invalid_grant()
    # Locked: a session that is being ended meanwhile is prolonged no more.
    family = session.get_one(SignInSession, used.session_id, with_for_update=True)
    account = session.get_one(Account, family.account_id)
    if used.used_at is not None and not _is_same_client(session, used, family, client, device_token):
        family_id = family.id
        session.rollback()  # What follows is committed on its own, while this operation fails.
        database.transact(lambda own: _end_stolen(own, family_id, client))
        raise invalid_grant()
    if not family.alive or not account.may_sign_in:
        raise invalid_grant()
    if used.used_at is None:
        family.prolong()
        if in_browser and utcnow() - used.created_at < SETTLING:
            return family, token
        used.use(client)
        keep_refresh_token(session, family, used.successor(token))
    return family, used.successor(token)


def _is_same_client(
    session: Session, used: RefreshToken, family: SignInSession, client: Client, device_token: str
) -> bool:
    """Tell whether a token comes from whoever used it a moment ago: the same program at the same address or on the
    device that the session was begun from."""
    if used.used_at is None or used.salt is None or utcnow() - used.used_at > GRACE:
        return False
    if client.agent != used.used_agent:
        return False
    if client.network == used.used_network:
        return True
    device = find_device(session, family.account_id, device_token)
    return device is not None and device.id == family.device_id


def _end_stolen(session: Session, family_id: UUID, client: Client) -> None:
    family = session.get_one(SignInSession, family_id, with_for_update=True)
    account = session.get_one(Account, family.account_id)
    log.note(
        session, log.REFUSED, account.username, client,
        account_id=account.id, session_id=family.id, reason="refresh-token-reused",
    )  # fmt: skip
    end_session(session, family, "refresh-token-reused")
    write_waiting(session)


def invalid_grant() -> Forbidden:
    """Return the error for a refresh token that is worth nothing, whatever the reason."""
    return Forbidden("invalid-grant", "The refresh token is not valid any more: sign in again.")
