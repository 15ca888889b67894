"""The journal: what this service did under each correlation id, and who asked for it.

Together with the outbox and the inbox it makes a process visible from end to end; for the operations of an account
it is the operation log (ID-38). Reads are not journalled, but for those that are counted (``most_an_hour``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Identity,
    Index,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base.context import Context
from servicekit.base.database import KitBase, table_of, utcnow
from servicekit.base.errors import Conflict
from servicekit.messages.inbox import FailedEvent, InboxRow
from servicekit.messages.outbox import OutboxRow
from servicekit.nouns.access import ForAll

PROCESS_READ = ForAll("process.read")
"""A process is nobody's record: who may look at those that others began looks at all of them."""


class JournalRow(KitBase):
    """One changing operation and its outcome."""

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_subject", "subject", "position"),)

    position: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    correlation_id: Mapped[UUID] = mapped_column(index=True)
    operation: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    subject: Mapped[UUID | None]
    outcome: Mapped[str]
    """``ok``, or the error's code."""
    duration_ms: Mapped[float]


def journal_entry(
    context: Context, operation: str, outcome: str, duration_ms: float, subject: UUID | None = None
) -> dict[str, Any]:
    """Return the values of a journal row."""
    return {
        "at": utcnow(),
        "correlation_id": context.correlation_id,
        "operation": operation,
        "account_id": context.actor_id,
        "subject": subject,
        "outcome": outcome,
        "duration_ms": round(duration_ms, 2),
    }


def write_entry(session: Session, entry: dict[str, Any]) -> None:
    """Insert a journal row."""
    session.execute(insert(table_of(JournalRow)), entry)


def expect_not_too_often(session: Session, context: Context, operation: str, most_an_hour: int) -> None:
    """Refuse an operation that an account has carried out too often within an hour, as the journal says.

    Whoever asks many times at once waits for their own requests, until the transaction before has ended and is counted.

    Raises:
        Conflict: ``rate-limited``, with the seconds after which it is worth asking again.
    """
    turn = f"{operation} {context.actor_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(turn, 0))))
    journal, now = JournalRow, utcnow()
    mine = (journal.account_id == context.actor_id, journal.operation == operation, journal.outcome == "ok")
    times = select(journal.at).where(*mine, journal.at > now - timedelta(hours=1))
    newest = session.connection().scalars(times.order_by(journal.at.desc()).limit(most_an_hour)).all()
    if len(newest) >= most_an_hour:
        seconds = (newest[-1] + timedelta(hours=1) - now).total_seconds()
        raise Conflict(
            "rate-limited", f"More than {most_an_hour} times an hour.", retry_after=max(1, seconds)
        )


def steps_of(
    session: Session,
    service: str,
    correlation_id: UUID,
    actor_id: UUID | None,
    retry_delays: Sequence[float] = (),
) -> list[dict[str, Any]]:
    """Return what the service did under a correlation id, oldest first.

    Args:
        actor_id: only steps of processes this account began; None for all.
        retry_delays: the seconds after which failed events are tried again.

    Returns:
        Dicts with ``service``, ``at``, ``kind`` (``operation``, ``event_published``, ``event_handled``,
        ``event_failed``), ``name``, ``subject``, ``outcome``, ``duration_ms`` and ``detail``; steps about an event
        with its ``event_id``, failed ones with the number of ``tries`` and ``next_try_at``, if there is one.
    """

    def rows(model: Any, actor: Any) -> Any:
        query = select(model).where(model.correlation_id == correlation_id)
        return session.scalars(query if actor_id is None else query.where(actor == actor_id))

    steps = [
        *map(_step_of_operation, rows(JournalRow, JournalRow.account_id)),
        *map(_step_of_published, rows(OutboxRow, OutboxRow.actor_id)),
        *map(_step_of_handled, rows(InboxRow, InboxRow.actor_id)),
        *(_step_of_failed(failed, retry_delays) for failed in rows(FailedEvent, FailedEvent.actor_id)),
    ]
    return sorted(({"service": service, **step} for step in steps), key=lambda step: step["at"])


MOST_PROCESSES = 50
"""So many of the newest are told of a record."""


def processes_about(session: Session, subject: UUID, actor_id: UUID | None) -> list[dict[str, Any]]:
    """Return in which processes this service did something with a record, or told of it, the newest first.

    Args:
        actor_id: only what this account has asked for, as in ``steps_of``; None for all.

    Returns:
        Dicts with ``correlation_id``, ``at`` (when this service was last concerned with it in that process), ``name``
        (the operation with which it began, or else the event) and the ``account_id`` of who did that.
    """

    def newest(model: Any, at: Any, name: Any, actor: Any) -> Any:
        asked_for = literal(model is JournalRow).label("asked_for")
        shown = (at.label("at"), name.label("name"), actor.label("account_id"), asked_for)
        found = select(model.correlation_id, *shown).where(model.subject == subject)
        mine = found if actor_id is None else found.where(actor == actor_id)
        # Several rows may be of one process: a conversion opens a customer and tells of it twice.
        return mine.order_by(model.position.desc()).limit(4 * MOST_PROCESSES).subquery()

    journal, outbox = JournalRow, OutboxRow
    both = union_all(
        select(newest(journal, journal.at, journal.operation, journal.account_id)),
        select(newest(outbox, outbox.occurred_at, outbox.type, outbox.actor_id)),
    ).subquery()
    told: dict[UUID, dict[str, Any]] = {}
    for row in session.execute(select(both).order_by(both.c.at.desc())):
        at, account = _text_of(row.at), row.account_id and str(row.account_id)
        about = {"correlation_id": str(row.correlation_id), "at": at, "name": row.name, "account_id": account}
        known = told.setdefault(row.correlation_id, about)
        if row.asked_for:
            known |= {"name": row.name, "account_id": account}
    return list(told.values())[:MOST_PROCESSES]


def _step(
    at: datetime, kind: str, row: Any, name: str, outcome: str, *,
    ms: float | None = None, detail: str = "", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    return {
        "at": _text_of(at),
        "kind": kind,
        "name": name,
        "subject": str(row.subject) if row.subject else None,
        "outcome": outcome,
        "duration_ms": ms,
        "detail": detail,
        **more,
    }


def _text_of(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _step_of_operation(entry: JournalRow) -> dict[str, Any]:
    return _step(entry.at, "operation", entry, entry.operation, entry.outcome, ms=entry.duration_ms)


def _step_of_published(event: OutboxRow) -> dict[str, Any]:
    outcome, event_id = "published" if event.published_at else "waiting", str(event.id)
    return _step(
        event.occurred_at, "event_published", event, event.type, outcome, detail=event_id, event_id=event_id
    )


def _step_of_handled(handled: InboxRow) -> dict[str, Any]:
    event_id = str(handled.event_id)
    return _step(
        handled.handled_at, "event_handled", handled, handled.type, "ok", detail=handled.handler, event_id=event_id
    )  # fmt: skip


def _step_of_failed(failed: FailedEvent, retry_delays: Sequence[float]) -> dict[str, Any]:
    next_try = None
    if failed.state == "retrying" and failed.attempts <= len(retry_delays):
        next_try = _text_of(failed.failed_at + timedelta(seconds=retry_delays[failed.attempts - 1]))
    return _step(
        failed.failed_at,
        "event_failed",
        failed,
        failed.type,
        failed.state,
        detail=f"{failed.attempts} tries: {failed.error}",
        event_id=str(failed.event_id),
        tries=failed.attempts,
        next_try_at=next_try,
    )
