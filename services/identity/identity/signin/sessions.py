"""Sessions and their refresh tokens: each token works once, and a second use ends the session."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from identity.accounts.model import Account
from identity.base import Base
from identity.events import SessionRevoked, SessionStarted
from identity.signin import log
from identity.signin.client import Client
from identity.signin.settings import SignInSettings
from servicekit import Eager, Record, new_id, publish, utcnow
from servicekit.operating.retention import Retention

REFRESH_DAYS = 30


class SignInSession(Record, Base):
    """Somebody signed in on one device; the family of refresh tokens that came from one sign-in."""

    __tablename__ = "sign_in_session"
    unlogged = "the log of sign-ins tells who came from where, and how it ended"
    moves: ClassVar[dict[str, str]] = dict.fromkeys(
        ("last_seen_at", "expires_at"), "it was used, which nobody is told of every quarter of an hour"
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    client_address: Mapped[str]
    user_agent: Mapped[str]
    last_seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    """When a token was last issued for it; a client at work asks for one every quarter of an hour."""
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    device_id: Mapped[UUID | None]
    """The device that it was begun from."""

    @property
    def alive(self) -> bool:
        """Whether it has neither been ended nor run out."""
        return self.revoked_at is None and self.expires_at > utcnow()

    def prolong(self) -> None:
        """It was used: it lasts as long again as the refresh token that is issued now, but not for ever."""
        end = self.created_at + timedelta(days=SignInSettings().identity_session_days)
        self.move(last_seen_at=utcnow(), expires_at=min(utcnow() + timedelta(days=REFRESH_DAYS), end))


class RefreshToken(Eager, Base):
    """A refresh token, of which only the digest is kept."""

    __tablename__ = "refresh_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in_session.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    used_at: Mapped[datetime | None]
    used_network: Mapped[str | None]
    used_agent: Mapped[str | None]
    """Where and by which program it was used."""
    salt: Mapped[str | None]
    """What its successor is made of besides the token itself; kept for a moment after its use only."""

    def use(self, client: Client) -> None:
        """Be worth nothing from now on, but for a moment to whoever used it."""
        self.used_at, self.salt = utcnow(), secrets.token_hex(16)
        self.used_network, self.used_agent = client.network, client.agent

    def successor(self, token: str) -> str:
        """Return the token that comes after this one: it follows from the token, which only the client has, and a salt,
        which only we have."""
        digest = hmac.digest(token.encode(), (self.salt or "").encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def digest_of(token: str) -> str:
    """Return what is kept of a refresh token; it is random enough not to need a slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def start_session(session: Session, account_id: UUID, client: Client, device_id: UUID) -> SignInSession:
    """Begin a session for somebody whose password was right."""
    started = SignInSession(
        account_id=account_id, client_address=client.address, user_agent=client.agent, device_id=device_id
    )
    started.prolong()
    session.add(started)
    publish(session, started, SessionStarted(session_id=started.id, account_id=account_id))
    return started


def keep_refresh_token(session: Session, of: SignInSession, token: str) -> str:
    """Keep the digest of a session's new refresh token, and return the token."""
    session.add(RefreshToken(session_id=of.id, digest=digest_of(token)))
    return token


def find_token(session: Session, token: str) -> RefreshToken | None:
    """Return a refresh token by what the client holds, locked: two uses at once are one use and one reuse."""
    return session.scalar(
        select(RefreshToken).where(RefreshToken.digest == digest_of(token)).with_for_update()
    )


def end_session(session: Session, ended: SignInSession, reason: log.Reason | None = None) -> None:
    """End a session that is still going on, once, and log the exit (ID-34, ID-37).

    Args:
        reason: why, if not because its owner signed out.
    """
    if not ended.alive:
        return
    ended.revoked_at = utcnow()
    account = session.get_one(Account, ended.account_id)
    client = Client(ended.client_address, ended.user_agent)
    log.note(
        session, log.SIGNED_OUT, account.username, client,
        account_id=account.id, session_id=ended.id, reason=reason,
    )  # fmt: skip
    publish(session, ended, SessionRevoked(session_id=ended.id, account_id=ended.account_id))


def end_sessions(
    session: Session, account_id: UUID, reason: log.Reason | None, keep: UUID | None = None
) -> None:
    """End all sessions of an account that have not ended, except one that is to be kept."""
    query = select(SignInSession).where(
        SignInSession.account_id == account_id,
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > utcnow(),
    )
    for each in session.scalars(query.order_by(SignInSession.id)):
        if each.id != keep:
            end_session(session, each, reason)


def forget_salts(session: Session, before: datetime) -> None:
    """Forget what successors are made of, once nobody may ask for them again."""
    past = update(RefreshToken).where(RefreshToken.salt.is_not(None), RefreshToken.used_at < before)
    session.execute(past.values(salt=None).execution_options(synchronize_session=False))


RETENTION = Retention(SignInSession, func.least(SignInSession.revoked_at, SignInSession.expires_at))
"""Sessions go with their tokens some days after their end; the sign-in log remembers them."""
