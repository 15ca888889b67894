"""The journal: what this service did under each correlation id, and who asked for it.

Together with the outbox and the inbox it makes a process visible from end to end; for the operations of an account
it is the operation log (ID-38). Reads are not journalled.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.context import Context
from servicekit.database import KitBase, table_of, utcnow
from servicekit.inbox import FailedEvent, InboxRow
from servicekit.outbox import OutboxRow


class JournalRow(KitBase):
    """One changing operation and its outcome."""

    __tablename__ = "journal"

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

    steps: list[dict[str, Any]] = []

    def add(
        at: datetime, kind: str, name: str, subject: UUID | None, outcome: str, ms: float | None, detail: str,
        **more: Any,
    ) -> None:  # fmt: skip
        steps.append(
            {
                "service": service,
                "at": at.isoformat().replace("+00:00", "Z"),
                "kind": kind,
                "name": name,
                "subject": str(subject) if subject else None,
                "outcome": outcome,
                "duration_ms": ms,
                "detail": detail,
                **more,
            }
        )

    for entry in rows(JournalRow, JournalRow.account_id):
        add(entry.at, "operation", entry.operation, entry.subject, entry.outcome, entry.duration_ms, "")
    for event in rows(OutboxRow, OutboxRow.actor_id):
        outcome = "published" if event.published_at else "waiting"
        add(
            event.occurred_at,
            "event_published",
            event.type,
            event.subject,
            outcome,
            None,
            str(event.id),
            event_id=str(event.id),
        )
    for handled in rows(InboxRow, InboxRow.actor_id):
        more = {"event_id": str(handled.event_id)}
        add(
            handled.handled_at,
            "event_handled",
            handled.type,
            handled.subject,
            "ok",
            None,
            handled.handler,
            **more,
        )
    for failed in rows(FailedEvent, FailedEvent.actor_id):
        detail = f"{failed.attempts} tries: {failed.error}"
        failure = {"event_id": str(failed.event_id), "tries": failed.attempts, "next_try_at": None}
        if failed.state == "retrying" and failed.attempts <= len(retry_delays):
            next_try = failed.failed_at + timedelta(seconds=retry_delays[failed.attempts - 1])
            failure["next_try_at"] = next_try.isoformat().replace("+00:00", "Z")
        add(
            failed.failed_at,
            "event_failed",
            failed.type,
            failed.subject,
            failed.state,
            None,
            detail,
            **failure,
        )
    return sorted(steps, key=lambda step: step["at"])
