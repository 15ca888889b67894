"""Throttling of password checks, in the database that all replicas share.

Strict where the one who guesses is known: a name from one address, a known device, somebody signed in. Lenient by
name alone and by address alone: whoever guesses from a thousand addresses must not keep the owner out, who comes from
a known device or finds room among a hundred guesses.

A check is counted before it is made, in a transaction of its own: a hundred guesses at once are a hundred guesses,
and what the failed sign-in rolls back does not make them unmade.
"""

import math
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from identity.base import Base
from identity.signin.client import Client
from servicekit import Eager, utcnow
from servicekit.operating.retention import Retention

WINDOW = timedelta(minutes=10)
STRICT, LENIENT = 10, 100
"""Checks a window; what succeeds does not count. Many people may share an address, and many strangers know a name."""
FREE_FAILURES = 3
LONGEST_DELAY = 60


class SignInThrottle(Eager, Base):
    """The password checks of late for one account or from one address."""

    __tablename__ = "sign_in_throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    """``pair:<network> <username>``, ``device:<id>``, ``session:<id>``; ``account:<username>``, ``address:<network>``.
    Names that nobody has are counted too."""
    checked_at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    failures: Mapped[int] = mapped_column(default=0)
    """Failed checks in a row."""
    not_before: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)

    @property
    def limit(self) -> int:
        """How many checks a window allows."""
        return LENIENT if self.key.startswith(("account:", "address:")) else STRICT

    def seconds_to_wait(self, now: datetime) -> int:
        """Return the seconds until the next check is allowed, 0 for at once; forget what is past."""
        self.checked_at = [at for at in self.checked_at if at > now - WINDOW]
        if not self.checked_at:
            self.failures, self.not_before = 0, None
        until = self.not_before or now
        if len(self.checked_at) >= self.limit:
            until = max(until, self.checked_at[-self.limit] + WINDOW)
        return math.ceil((until - now).total_seconds())

    def count(self, now: datetime) -> None:
        """Count a check that is about to be made."""
        self.checked_at = [*self.checked_at, now]

    def fail(self, now: datetime) -> None:
        """Make the next guess wait, twice as long each time."""
        self.failures += 1
        if self.limit == STRICT and self.failures >= FREE_FAILURES:
            delay = min(2 ** min(self.failures - FREE_FAILURES, 10), LONGEST_DELAY)
            self.not_before = now + timedelta(seconds=delay)


def keys_of_stranger(account: str, address: str) -> list[str]:
    """Return the keys under which a check at the door is counted, the strict one first; always in this order, so that
    two checks never block each other.

    Args:
        account: the username as it is compared.
        address: the client's address.
    """
    network = Client(address).network
    keys = [f"pair:{network} {account}", f"account:{account}"]
    return [*keys, f"address:{network}"] if network else keys


def keys_of_device(device_id: UUID) -> list[str]:
    """Return the key of a known device: what others try does not count against it."""
    return [f"device:{device_id}"]


def keys_of_session(session_id: UUID) -> list[str]:
    """Return the key of somebody who is signed in."""
    return [f"session:{session_id}"]


def keys_of_program(account_id: str, address: str) -> list[str]:
    """Return the keys under which a program's secret is counted: never by the account alone, for nobody guesses one of
    256 bits, and who tries must not keep the program out."""
    network = Client(address).network
    pair = f"pair:{network} program:{account_id}"
    return [pair, f"address:{network}"] if network else [pair]


def claim_check(session: Session, keys: list[str]) -> int:
    """Count a password check under all keys, or return the seconds until there may be one."""
    now = utcnow()
    rows = [_locked(session, key) for key in keys]
    wait = max(row.seconds_to_wait(now) for row in rows)
    if wait <= 0:
        for row in rows:
            row.count(now)
    return max(wait, 0)


def note_failure(session: Session, keys: list[str]) -> None:
    """A password was wrong: the next guess has to wait."""
    for key in keys:
        _locked(session, key).fail(utcnow())


def note_success(session: Session, keys: list[str]) -> None:
    """A password was right: the strict count starts anew, and the lenient ones are not charged for this check."""
    strict, *lenient = keys
    session.execute(delete(SignInThrottle).where(SignInThrottle.key == strict))
    for key in lenient:
        row = _locked(session, key)
        row.checked_at = row.checked_at[:-1]


RETENTION = Retention(SignInThrottle, SignInThrottle.updated_at, keep=2 * WINDOW)
"""What no longer counts is forgotten."""


def _locked(session: Session, key: str) -> SignInThrottle:
    """Return the row of a key, held until the transaction ends; made by the same statement where there is none.

    With two, a sign-in that succeeds meanwhile could take the row away between them.
    """
    row = insert(SignInThrottle).values(key=key, checked_at=[], failures=0, updated_at=utcnow())
    held = row.on_conflict_do_update(index_elements=["key"], set_={"key": row.excluded.key})
    found = session.scalars(held.returning(SignInThrottle), execution_options={"populate_existing": True})
    return found.one()
