"""Known devices: where somebody has signed in before, strangers' guesses do not keep them out (ID-30).

A device is known by a token that it was given with its first sign-in, of which only the digest is kept. The token opens
nothing: it lets a password be tried that an attack from elsewhere would make wait.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from identity.base import Base
from identity.signin.sessions import digest_of
from servicekit import Eager, new_id, utcnow
from servicekit.operating.retention import Retention

KNOWN_FOR = timedelta(days=180)
"""How long a device is known after the last sign-in from it."""
MOST_DEVICES = 20
"""Devices of one account; the one that was away for longest is forgotten first."""


class KnownDevice(Eager, Base):
    """A device that an account has signed in from."""

    __tablename__ = "known_device"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    last_seen_at: Mapped[datetime] = mapped_column(default=utcnow)


def find_device(session: Session, account_id: UUID, token: str) -> KnownDevice | None:
    """Return the device of an account that a token stands for; None if it is not known, or somebody else's."""
    if not token:
        return None
    known = select(KnownDevice).where(
        KnownDevice.digest == digest_of(token),
        KnownDevice.account_id == account_id,
        KnownDevice.last_seen_at > utcnow() - KNOWN_FOR,
    )
    return session.scalar(known)


def remember(session: Session, account_id: UUID, token: str) -> tuple[KnownDevice, str]:
    """Know the device that somebody signs in from; return it with its token, the same as long as it is known."""
    device = find_device(session, account_id, token)
    if device is None:
        token = secrets.token_urlsafe(32)
        device = KnownDevice(account_id=account_id, digest=digest_of(token))
        session.add(device)
        session.flush()
    device.last_seen_at = utcnow()
    kept = select(KnownDevice.id).where(KnownDevice.account_id == account_id)
    newest = kept.order_by(KnownDevice.last_seen_at.desc(), KnownDevice.id.desc())
    session.execute(delete(KnownDevice).where(KnownDevice.id.in_(newest.offset(MOST_DEVICES))))
    return device, token


def forget_devices(session: Session, account_id: UUID) -> None:
    """Know none of an account's devices any more: its password is another one, so the one who had it is a stranger."""
    session.execute(delete(KnownDevice).where(KnownDevice.account_id == account_id))


RETENTION = Retention(KnownDevice, KnownDevice.last_seen_at, keep=KNOWN_FOR)
