"""Time that passes for records of pools, and the turn at which those that are due come back."""

import inspect
from typing import Any

from sqlalchemy import text

from servicekit.messages.outbox import write_waiting
from servicekit.testing import RunningService

MOMENTS = ("created_at", "claimed_at", "pooled_at", "last_activity_at")


def days_pass(service: RunningService, table: str, days: int) -> None:
    """Let everything that was done with the records of a table have been done so many days earlier."""
    earlier = ", ".join(f"{name} = {name} - make_interval(days => :days)" for name in MOMENTS)
    with service.database.sessions.begin() as session:
        session.execute(text(f"UPDATE {table} SET {earlier}"), {"days": days})


def taken_back(service: RunningService, timer: str) -> None:
    """Let what a timer does be done once."""

    def turn(session: Any) -> None:
        inspect.unwrap(getattr(service.service_class, timer))(None, session)
        write_waiting(session)

    service.database.transact(turn)
