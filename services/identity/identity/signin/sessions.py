"""Sessions and their refresh tokens: each token works once, and a second use ends the session."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from identity.base import Base
from identity.events import SessionRevoked, SessionStarted
from identity.signin.client import Client
from servicekit import Eager, Record, new_id, publish, utcnow
from servicekit.retention import Retention

REFRESH_DAYS = 30


class SignInSession(Record, Base):
    """Somebody signed in on one device; the family of refresh tokens that came from one sign-in."""

    __tablename__ = "sign_in_session"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    client_address: Mapped[str]
    user_agent: Mapped[str]
    last_seen_at: Mapped[datetime] = mapped_column(default=utcnow)
    """When a token was last issued for it; a client at work asks for one every quarter of an hour."""
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    @property
    def alive(self) -> bool:
        """Whether it has neither been ended nor run out."""
        return self.revoked_at is None and self.expires_at > utcnow()

    def prolong(self) -> None:
        """It was used: it lasts as long again as the refresh token that is issued now."""
        self.last_seen_at = utcnow()
        self.expires_at = utcnow() + timedelta(days=REFRESH_DAYS)


class RefreshToken(Eager, Base):
    """A refresh token, of which only the digest is kept."""

    __tablename__ = "refresh_token"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in_session.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    used_at: Mapped[datetime | None]


def digest_of(token: str) -> str:
    """Return what is kept of a refresh token; it is random enough not to need a slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def start_session(session: Session, account_id: UUID, client: Client) -> SignInSession:
    """Begin a session for somebody whose password was right."""
    started = SignInSession(account_id=account_id, client_address=client.address, user_agent=client.agent)
    started.prolong()
    session.add(started)
    publish(session, started, SessionStarted(session_id=started.id, account_id=account_id))
    return started


def next_refresh_token(session: Session, of: SignInSession) -> str:
    """Return a new refresh token of a session."""
    token = secrets.token_urlsafe(32)
    session.add(RefreshToken(session_id=of.id, digest=digest_of(token)))
    return token


def find_token(session: Session, token: str) -> RefreshToken | None:
    """Return a refresh token by what the client holds, locked: two uses at once are one use and one reuse."""
    return session.scalar(
        select(RefreshToken).where(RefreshToken.digest == digest_of(token)).with_for_update()
    )


def revoke(session: Session, ended: SignInSession) -> None:
    """End a session, once."""
    if ended.revoked_at is None:
        ended.revoked_at = utcnow()
        publish(session, ended, SessionRevoked(session_id=ended.id, account_id=ended.account_id))


def revoke_sessions(session: Session, account_id: UUID, keep: UUID | None = None) -> None:
    """End all sessions of an account that have not ended, except one that is to be kept."""
    query = select(SignInSession).where(
        SignInSession.account_id == account_id,
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > utcnow(),
    )
    for each in session.scalars(query.order_by(SignInSession.id)):
        if each.id != keep:
            revoke(session, each)


RETENTION = Retention(SignInSession, func.least(SignInSession.revoked_at, SignInSession.expires_at))
"""Sessions go with their tokens some days after their end; the sign-in log remembers them."""
