"""Throttling of password checks, by account and by address, in the database that all replicas share.

A check is counted before it is made, in a transaction of its own: a hundred guesses at once are a hundred guesses,
and what the failed sign-in rolls back does not make them unmade.
"""

import ipaddress
import math
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, DateTime, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from identity.base import Base
from servicekit import Eager, utcnow
from servicekit.retention import Retention

WINDOW = timedelta(minutes=10)
CHECKS_AN_ACCOUNT = 10
CHECKS_AN_ADDRESS = 100
"""Many people may share an address; what succeeds does not count."""
FREE_FAILURES = 3
LONGEST_DELAY = 60


class SignInThrottle(Eager, Base):
    """The password checks of late for one account or from one address."""

    __tablename__ = "sign_in_throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    """``account:<username>``, also of names that nobody has, or ``address:<network>``."""
    checked_at: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    failures: Mapped[int] = mapped_column(default=0)
    """Failed checks in a row."""
    not_before: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)

    @property
    def limit(self) -> int:
        """How many checks a window allows."""
        return CHECKS_AN_ACCOUNT if self.key.startswith("account:") else CHECKS_AN_ADDRESS

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
        if self.limit == CHECKS_AN_ACCOUNT and self.failures >= FREE_FAILURES:
            delay = min(2 ** min(self.failures - FREE_FAILURES, 10), LONGEST_DELAY)
            self.not_before = now + timedelta(seconds=delay)


def keys_of(account: str, address: str) -> list[str]:
    """Return the keys under which a check is counted; always in this order, so that two checks never block each other.

    Args:
        account: the username as it is compared.
        address: the client's address; of an IPv6 address the network counts, for its owner has all of it.
    """
    keys = [f"account:{account}"]
    if address:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            keys.append(f"address:{address}")
        else:
            size = 64 if parsed.version == 6 else 32
            keys.append(f"address:{ipaddress.ip_network((parsed, size), strict=False)}")
    return keys


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
    """A password was right: the account's count starts anew, and the address is not charged for this check."""
    account, *addresses = keys
    session.execute(delete(SignInThrottle).where(SignInThrottle.key == account))
    for key in addresses:
        row = _locked(session, key)
        row.checked_at = row.checked_at[:-1]


RETENTION = Retention(SignInThrottle, SignInThrottle.updated_at, keep=2 * WINDOW)
"""What no longer counts is forgotten."""


def _locked(session: Session, key: str) -> SignInThrottle:
    empty = {"key": key, "checked_at": [], "failures": 0, "updated_at": utcnow()}
    session.execute(insert(SignInThrottle).values(empty).on_conflict_do_nothing())
    query = select(SignInThrottle).where(SignInThrottle.key == key).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
