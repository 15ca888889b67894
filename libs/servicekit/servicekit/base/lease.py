"""Leadership: one process at a time does what must not be done twice, and one that is frozen loses it by itself.

A leader holds an advisory lock, which belongs to its session with the database. The server ends a session that has
been silent for ``LEASE_SECONDS``, whatever its process, its machine or the network between them does; so a leader
shows itself more often than that, and one that has not for ``SURE_SECONDS`` does nothing any more that others would
see (docs/decisions/0014-leadership-is-a-lease.md).
"""

import os
import socket
import time
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from servicekit.base.database import Database

LEASE_SECONDS = 8
SURE_SECONDS = 5.0

LIMITS = (
    "idle_session_timeout",  # Its process is frozen, or cut off, between two statements;
    "tcp_user_timeout",  # in the middle of an answer that it no longer reads;
    "statement_timeout",  # during a statement.
)


class Lost(Exception):
    """The session has been silent for so long that somebody else may lead by now."""


class Lease:
    """A session of its own that leads, or waits for its turn.

    Args:
        number: the advisory lock; each service has a database of its own, so that it need only be unique there.
        name: what is led; the session is shown in ``pg_stat_activity`` as ``<name>@<host>:<process id>``.
    """

    def __init__(self, database: Database, number: int, name: str) -> None:
        # Out of the pool: the lock and the limits belong to the session, and nobody else may get them.
        self.connection: Connection = database.autocommit_engine.connect()
        self.connection.detach()
        self.number = number
        self.leads = False
        self._shown = time.monotonic()
        shown_as = f"{name}@{socket.gethostname()[:30]}:{os.getpid()}"
        limits = [func.set_config(limit, f"{LEASE_SECONDS * 1000}", False) for limit in LIMITS]
        self.execute(select(func.set_config("application_name", shown_as, False), *limits))

    def execute(self, statement: Executable, values: Any = None) -> CursorResult[Any]:
        """Execute a statement, which is a transaction and a sign of life."""
        began = time.monotonic()
        result: CursorResult[Any] = self.connection.execute(statement, values)
        # From before it, as an answer may be read long after it was given.
        self._shown = began
        return result

    def take(self) -> bool:
        """Lead if nobody else does; return whether this session leads."""
        self.leads = self.leads or _lead(self)
        return self.leads

    def show(self) -> None:
        """Give a sign of life."""
        self.execute(select(1))

    def ensure(self) -> None:
        """Go on only if nobody else can have begun to lead.

        Raises:
            Lost: if the last sign of life is too old to tell.
        """
        if time.monotonic() - self._shown > SURE_SECONDS:
            raise Lost("no sign of life for too long: somebody else may lead")

    def close(self) -> None:
        """End the session, and with it the lead."""
        with suppress(DBAPIError):  # It may be gone already.
            self.connection.close()


HOLDER = text(
    """
    SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND (classid, objid, objsubid) = (0, :number, 1)
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    """
)


def leader(session: Session, number: int) -> str | None:
    """Return which process leads, as ``pg_stat_activity`` shows it; None if nobody does."""
    name: str | None = session.connection().scalar(HOLDER, {"number": number})
    return name


def _lead(lease: Lease) -> bool:
    """Try to take the lock, which is kept for as long as the session lives."""
    return bool(lease.execute(select(func.pg_try_advisory_lock(lease.number))).scalar())
