"""Looks at records, where a noun wants them in its history (CU-23): written after the answer, which never waits for it.

@operation("GET /v1/customers/{customer_id}", permission="customer.read", returns=CustomerSchema, logs_looks=True)
"""

import time
from collections import deque
from typing import Any
from uuid import UUID

import eventlet
import structlog
from sqlalchemy import insert

from servicekit.base import metrics
from servicekit.base.context import current
from servicekit.base.database import Database, utcnow
from servicekit.nouns.history import TABLE, VIEWED, row_of

log = structlog.get_logger("looks")

MOST_WAITING = 2_000
"""Looks that wait to be written; of more the oldest are given up, and counted."""
GATHERING = 0.2
"""Seconds for which looks are gathered, to be written together."""
AGAIN = 60.0
"""Seconds within which another look of somebody at the same record is the same look: pages read it again and again."""
MOST_KNOWN = 10_000


class Looks:
    """Gathers a process's looks and writes them down, on connections that no change needs."""

    def __init__(self, service: str, database: Database) -> None:
        self.service = service
        self.database = database
        self._waiting: deque[dict[str, Any]] = deque()
        self._known: dict[tuple[UUID | None, UUID], float] = {}
        self._gathering = False

    def note(self, noun: str, record_id: UUID) -> None:
        """Note that whoever asks now has looked at a record."""
        context, now = current(), time.monotonic()
        look = (context.actor_id, record_id)
        if now - self._known.get(look, -AGAIN) < AGAIN:
            return
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[look] = now
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.popleft()
            metrics.LOOKS_LOST.labels(self.service).inc()
        self._waiting.append(row_of(context, utcnow(), noun, record_id, VIEWED))
        if not self._gathering:
            self._gathering = True
            eventlet.spawn_after(GATHERING, self.write)

    def write(self) -> None:
        """Write down all that waits."""
        self._gathering = False
        rows = [*self._waiting]
        self._waiting.clear()
        if not rows:
            return
        try:
            with self.database.autocommit_engine.connect() as connection:
                connection.execute(insert(TABLE), rows)
        except Exception as error:
            metrics.LOOKS_LOST.labels(self.service).inc(len(rows))
            log.warning("looks could not be written down", rows=len(rows), error=str(error))
