"""Forgetting what is past its time: a table by itself, in small transactions, and in sight of those who watch.

A service class names what it forgets in ``retains``; the kit's own tables are named here.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import nan
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Table, any_, delete, func, literal_column, select, true
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from servicekit.base import metrics
from servicekit.base.database import Database, utcnow
from servicekit.base.settings import Settings
from servicekit.messages.inbox import FailedEvent, InboxRow, ReplayRow
from servicekit.messages.outbox import OutboxRow
from servicekit.nouns.approvals.awaited import Awaited
from servicekit.nouns.idempotency import KEEP, IdempotencyRow
from servicekit.nouns.journal import JournalRow

log = structlog.get_logger("retention")

BATCH = 2_000
"""Rows that one transaction deletes."""

BUDGET_SECONDS = 30.0
"""How long one round stays with a table; the next round goes on."""


@dataclass(frozen=True)
class Retention:
    """How long the rows of a table are kept.

    Args:
        entity: whose table it is.
        since: what counts as a row's age; there has to be an index on it. Rows without one are kept.
        keep: for how long; None: for the setting ``keep_days``.
        when: rows for which this is not so are kept, whatever their age.
    """

    entity: type[Any]
    since: Any
    keep: timedelta | None = None
    when: ColumnElement[bool] = true()  # noqa: RUF009 - an expression, which nothing changes

    @property
    def table(self) -> Table:
        """The table."""
        table: Table = self.entity.__table__
        return table

    def before(self, settings: Settings) -> datetime:
        """Return the moment up to which rows are forgotten."""
        return utcnow() - (timedelta(days=settings.keep_days) if self.keep is None else self.keep)

    def forget(self, database: Database, settings: Settings) -> int:
        """Delete rows that are past their time; return how many.

        Two replicas that do so at the same time share the work: what one deletes the other passes by.
        """
        row: ColumnElement[str] = literal_column("ctid")
        old = (
            select(row)
            .select_from(self.table)
            .where(self.since < self.before(settings), self.when)
            .order_by(self.since)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        statement = delete(self.table).where(row == any_(func.array(old.scalar_subquery())))

        def batch(session: Session) -> int:
            return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]

        until, gone = time.monotonic() + BUDGET_SECONDS, 0
        while True:
            few = database.transact(batch)
            gone += few
            if few < BATCH or time.monotonic() > until:
                return gone

    def overdue(self, database: Database, settings: Settings) -> float:
        """Return for how many seconds the oldest row is past its time; not a number while nobody can tell."""
        try:
            with database.autocommit_engine.connect() as connection:
                oldest = connection.scalar(select(func.min(self.since)).where(self.when))
        except SQLAlchemyError:
            return nan
        return max(0.0, (self.before(settings) - oldest).total_seconds()) if oldest else 0.0


RETAINS = (
    Retention(OutboxRow, OutboxRow.published_at),
    Retention(InboxRow, InboxRow.handled_at),
    Retention(ReplayRow, ReplayRow.handled_at),
    Retention(JournalRow, JournalRow.at),
    Retention(IdempotencyRow, IdempotencyRow.created_at, keep=KEEP),
    # What is still waited for has no such moment.
    Retention(Awaited, Awaited.decided_at),
    # Parked events are work for somebody; the others were discarded, or their message went with its queue.
    Retention(FailedEvent, FailedEvent.failed_at, when=FailedEvent.state != "parked"),
)


def retentions_of(service_class: type) -> Iterator[Retention]:
    """Yield what a service forgets, the kit's tables first."""
    yield from RETAINS
    for base in service_class.__mro__:
        yield from vars(base).get("retains", ())


def forget_old_rows(service_class: type, database: Database, settings: Settings) -> None:
    """Forget what is past its time, table by table; one that cannot be purged keeps no other waiting."""
    for retention in retentions_of(service_class):
        try:
            gone = retention.forget(database, settings)
        except Exception as error:
            log.warning("old rows could not be forgotten", table=retention.table.name, error=str(error))
        else:
            if gone:
                log.info("old rows forgotten", table=retention.table.name, rows=gone)


def watch(service: str, service_class: type, database: Database, settings: Settings) -> None:
    """Let Prometheus see how long the oldest rows are past their time."""
    for retention in retentions_of(service_class):
        gauge = metrics.OVERDUE.labels(service, retention.table.name)
        gauge.set_function(partial(retention.overdue, database, settings))
