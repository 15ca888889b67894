"""Programs at the door: a service account and its secret (RFC 6749, section 4.4)."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.service_accounts.model import ServiceAccount, ServiceSecret, digest_of
from identity.signin import log, throttle
from identity.signin.client import Client, printable
from servicekit import Forbidden
from servicekit.base.database import Database


def admitted_program(
    database: Database, session: Session, client_id: str, client_secret: str, client: Client
) -> ServiceSecret:
    """Return the secret that a program has shown, with its use noted.

    Raises:
        Forbidden: ``too-many-attempts`` with ``retry_after``; ``invalid-client``, whatever else is the reason.
    """
    secret = session.get_one(ServiceSecret, _checked(database, client_id, client_secret, client))
    account = session.get_one(ServiceAccount, secret.account_id)
    if not secret.alive or not account.may_sign_in:
        raise _invalid_client()
    if secret.use(client.address):
        log.note(
            session, log.SIGNED_IN, account.username, client, account_id=account.id, session_id=secret.id
        )
    return secret


def _checked(database: Database, client_id: str, client_secret: str, client: Client) -> UUID:
    """Check a secret; counts and refusals are committed on their own."""
    keys = throttle.keys_of_program(printable(client_id).lower(), client.address)

    def check(session: Session) -> tuple[int, UUID | None]:
        account = _account_called(session, client_id)
        name = account.username if account else printable(client_id)
        known = account.id if account else None
        secret = session.scalar(select(ServiceSecret).where(ServiceSecret.digest == digest_of(client_secret)))
        reason = _reason(account, secret)
        if secret is not None and reason is None:
            return 0, secret.id
        # Only now: 256 bits are not guessed, and who tries is not to keep out whoever knows them.
        wait = throttle.claim_check(session, keys)
        if wait:
            log.note(session, log.REFUSED, name, client, account_id=known, reason="too-many-attempts")
            return wait, None
        throttle.note_failure(session, keys)
        log.note(session, log.REFUSED, name, client, account_id=known, reason=reason)
        return 0, None

    wait, secret_id = database.transact(check)
    if wait:
        text = f"Try again in {wait} seconds."
        raise Forbidden("too-many-attempts", text, retry_after=wait, params={"seconds": wait})
    if secret_id is None:
        raise _invalid_client()
    return secret_id


def _account_called(session: Session, client_id: str) -> ServiceAccount | None:
    try:
        return session.get(ServiceAccount, UUID(client_id))
    except ValueError:
        return None


def _reason(account: ServiceAccount | None, secret: ServiceSecret | None) -> log.Reason | None:
    """Return why a program may not come in, or None."""
    if account is None:
        return "unknown-client"
    if secret is None or secret.account_id != account.id:
        return "wrong-secret"
    return account.refusal if secret.alive else "secret-ended"


def _invalid_client() -> Forbidden:
    return Forbidden("invalid-client", "The client is unknown, or its secret is not right.")
