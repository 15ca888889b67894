"""What the gateway asks about signing in, and what administrators ask about it."""

import secrets
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.principals import facts_of
from identity.events import SigningKeyRotated, SigningKeyWithdrawn
from identity.service_accounts.model import ServiceSecret
from identity.signin import devices, keys, log, throttle
from identity.signin.checks import Checked, checked_at_the_door
from identity.signin.client import Client
from identity.signin.devices import remember
from identity.signin.programs import admitted_program
from identity.signin.refreshing import GRACE, refreshed_session
from identity.signin.sessions import (
    RETENTION,
    SignInSession,
    end_session,
    find_token,
    forget_salts,
    keep_refresh_token,
    start_session,
)
from identity.signin.tokens import program_answer, token_answer
from servicekit import Caller, ForAll, Forbidden, Invalid, every, operation, publish, publish_deletion, utcnow
from servicekit.base.callers import signed
from servicekit.base.context import current
from servicekit.operating.retention import Retention
from servicekit.service import Runtime

KEEP_KEYS = ForAll("signing_key.rotate")


class SignInOperations:
    """Tokens, sessions, keys and the sign-in log."""

    runtime: Runtime
    retains: ClassVar[tuple[Retention, ...]] = (
        throttle.RETENTION,
        RETENTION,
        log.RETENTION,
        devices.RETENTION,
    )

    @operation(changes=True)
    def issue_token(
        self,
        session: Session,
        caller: Caller | None,
        grant_type: str = "",
        username: str | None = None,
        password: str | None = None,
        refresh_token: str | None = None,
        client_address: str | None = None,
        user_agent: str | None = None,
        device_token: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        in_browser: bool = False,
    ) -> dict[str, Any]:
        """Sign somebody in by password (ID-30), a program by its secret, or exchange a refresh token for the next one.

        The answer to a password holds a ``device_token``: a client that sends it with its next sign-in is a known
        device, which what strangers try does not keep out.

        Args:
            in_browser: whether the refresh token lies in a cookie, which all tabs of a browser share.
        """
        client, database, device = (
            Client.of(client_address, user_agent),
            self.runtime.database,
            _text(device_token),
        )
        if grant_type == "password":
            checked = checked_at_the_door(database, _text(username), _text(password), client, device)
            answer = _enter(session, checked, client, device)
        elif grant_type == "refresh_token":
            kept, token = refreshed_session(
                database, session, _text(refresh_token), client, device, in_browser=in_browser
            )
            current().actor_id = kept.account_id
            answer = token_answer(session, kept, token)
        elif grant_type == "client_credentials":
            secret = admitted_program(database, session, _text(client_id), _text(client_secret), client)
            current().actor_id = secret.account_id
            answer = program_answer(session, secret)
        else:
            known = "password, refresh_token, client_credentials"
            raise Invalid.field("grant_type", f"Must be one of: {known}.", "unsupported-grant-type")
        return answer

    @operation()
    def resolve_session(
        self, session: Session, caller: Caller | None, session_id: str, account_id: str
    ) -> dict[str, Any]:
        """Tell who a session belongs to and what they may do now, signed for the other services."""
        found = _session_called(session, session_id) or _secret_called(session, session_id)
        account = session.get(Account, found.account_id) if found is not None and found.alive else None
        if account is None or str(account.id) != account_id or not account.may_sign_in:
            raise Forbidden("session-revoked", "The session has ended.")
        facts = {**facts_of(session, account), "session_id": session_id}
        return signed(facts, self.runtime.settings)

    @operation(changes=True)
    def revoke_session(self, session: Session, caller: Caller | None, session_id: str) -> None:
        """Sign out (ID-34); a session that has ended already, or belongs to somebody else, is left alone.

        A program has none: what it is told here must not be that its token has ended.
        """
        found = _session_called(session, session_id)
        if found is None and _secret_called(session, session_id) is not None:
            detail = "A program's tokens end by themselves within the hour, or at once with their secret."
            raise Invalid("unsupported-token-type", detail)
        if found is not None and (caller is None or caller.account_id == found.account_id):
            end_session(session, found)

    @operation(changes=True)
    def revoke_token(self, session: Session, caller: Caller | None, refresh_token: str) -> None:
        """Sign out with a refresh token (ID-34, RFC 7009); an unknown one is no error."""
        found = find_token(session, _text(refresh_token))
        if found is not None:
            end_session(session, session.get_one(SignInSession, found.session_id))

    @operation()
    def jwks(self, session: Session, caller: Caller | None) -> dict[str, Any]:
        """Return the public keys that access tokens are verified with."""
        return {"keys": keys.published_keys(session)}

    @operation(
        "POST /v1/signing-keys/rotate", permission=KEEP_KEYS, returns=keys.SigningKeySchema, tag="sign-in"
    )
    def rotate_signing_key(self, session: Session, caller: Caller) -> dict[str, Any]:
        """Sign with the next key from now on; tokens signed with the old one stay valid until they expire."""
        key = keys.rotate(session)
        publish(session, key, SigningKeyRotated(key_id=key.id))
        return {"key_id": key.id}

    @operation(
        "POST /v1/signing-keys/{key_id}/withdraw",
        permission=KEEP_KEYS,
        tag="sign-in",
        errors=("signing-key-not-found",),
    )
    def withdraw_signing_key(self, session: Session, caller: Caller, key_id: UUID) -> None:
        """Refuse at once what a key (the ``kid`` of its tokens) has signed; clients refresh and go on with another."""
        key = keys.to_be_withdrawn(session, key_id)
        publish_deletion(session, key, SigningKeyWithdrawn(key_id=key_id))
        session.flush()
        keys.ensure_keys(session)

    @operation("GET /v1/sign-ins", lists=log.SIGN_INS, tag="sign-in")
    def list_sign_ins(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List who came in, who went out and who was refused (ID-37)."""
        return log.SIGN_INS.page(session, caller, query)

    @every(60)
    def forget_salts_of_used_tokens(self, session: Session) -> None:
        """Forget what the successors of used refresh tokens are made of, as soon as nobody may ask for them again."""
        forget_salts(session, utcnow() - GRACE)


def _enter(session: Session, checked: Checked, client: Client, device_token: str) -> dict[str, Any]:
    """Start a session for an account whose password was right a moment ago, unless it has changed since."""
    account = session.get_one(Account, checked.account.id, with_for_update={"read": True})
    if not account.may_sign_in or account.password_hash != checked.account.password_hash:
        raise Forbidden("invalid-credentials", "The username or the password is not right.")
    checked.forgive(session)
    device, device_token = remember(session, account.id, device_token)
    started = start_session(session, account.id, client, device.id)
    current().actor_id = account.id
    log.note(session, log.SIGNED_IN, account.username, client, account_id=account.id, session_id=started.id)
    refresh_token = keep_refresh_token(session, started, secrets.token_urlsafe(32))
    return {**token_answer(session, started, refresh_token), "device_token": device_token}


def _text(value: Any) -> str:
    """Return what came in for a text; anything else opens nothing."""
    return value if isinstance(value, str) else ""


def _session_called(session: Session, session_id: Any) -> SignInSession | None:
    try:
        return session.get(SignInSession, UUID(session_id))
    except (ValueError, TypeError, AttributeError):
        return None


def _secret_called(session: Session, session_id: Any) -> ServiceSecret | None:
    """Return the secret whose tokens name it as their session."""
    try:
        return session.get(ServiceSecret, UUID(session_id))
    except (ValueError, TypeError, AttributeError):
        return None
