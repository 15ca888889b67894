"""Work that is done every so often, by one replica at a time.

The turn is a lock of the work's transaction, which the server ends if the process is frozen: after ten seconds between
two statements (``servicekit.base.database``), after ``LEASE_SECONDS`` during one.
"""

import functools
from collections.abc import Callable
from typing import Any
from zlib import crc32

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from servicekit.base.context import current
from servicekit.base.lease import LEASE_SECONDS
from servicekit.messages.outbox import write_waiting

log = structlog.get_logger("timer")

TIMERS = 5
"""Workers kept free for timers; one may be making an index for as long as it takes."""

_MARKER = "kehu_every"


def every(seconds: float, *, by_turns: bool = True) -> Callable[[Callable[..., None]], Callable[[Any], None]]:
    """Run a method again and again, in a transaction, in one replica at a time.

    Args:
        seconds: the time between two runs. A run that fails is logged; the next one tries again.
        by_turns: False for what every replica may do beside the others, in transactions of its own: the method gets
            no session then.
    """

    def decorate(method: Callable[..., None]) -> Callable[[Any], None]:
        @functools.wraps(method)
        def tick(service: Any) -> None:
            current().operation = method.__name__

            def work(session: Session) -> None:
                turn = func.pg_try_advisory_xact_lock(crc32(method.__name__.encode()))
                limit = func.set_config("statement_timeout", f"{LEASE_SECONDS * 1000}", True)
                if session.scalar(select(turn, limit)):
                    method(service, session)
                    write_waiting(session)

            try:
                if by_turns:
                    service.runtime.database.transact(work)
                else:
                    method(service)
            except Exception as error:
                log.warning("timed work failed", name=method.__name__, error=str(error))

        setattr(tick, _MARKER, seconds)
        return tick

    return decorate


def schedule_of(method: Any) -> float | None:
    """Return the seconds between two runs of a method marked with ``every``, or None."""
    seconds: float | None = getattr(method, _MARKER, None)
    return seconds
