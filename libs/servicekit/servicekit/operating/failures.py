"""Failed events: listed, looked at, handled once more, or discarded for a reason."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from servicekit.base.errors import Conflict, Fault, Invalid, NotFound
from servicekit.base.settings import Settings
from servicekit.messages import direct, topology
from servicekit.messages.eventing import REDRIVEN_HEADER, REPLAY_HEADER
from servicekit.messages.inbox import FOREIGN, UNDECODABLE, FailedEvent

RETRYING, PARKED, REDRIVEN, DISCARDED = "retrying", "parked", "redriven", "discarded"
STATES = (RETRYING, PARKED, REDRIVEN, DISCARDED)
BATCH = 100
"""Events redriven in one transaction."""


def count_by_state(session: Session) -> dict[str, int]:
    """Return how many failed events there are in each state."""
    found = session.execute(select(FailedEvent.state, func.count()).group_by(FailedEvent.state))
    counts = {row[0]: row[1] for row in found}
    return {state: counts.get(state, 0) for state in STATES}


def list_failures(session: Session, state: str | None, after: str | None, limit: int) -> dict[str, Any]:
    """Return a page of failed events, without their payload.

    Args:
        state: only those in this state; None for all.
        after: the id after which the page begins.
    """
    if state is not None and state not in STATES:
        raise Invalid.field(
            "state", Fault("not-allowed-value", "Must be one of: {allowed}.", allowed=", ".join(STATES))
        )
    query = select(FailedEvent).order_by(FailedEvent.event_id).limit(limit)
    if state is not None:
        query = query.where(FailedEvent.state == state)
    if after is not None:
        query = query.where(FailedEvent.event_id > _id(after))
    rows = list(session.scalars(query))
    return {
        "items": [_summary(row) for row in rows],
        "next": str(rows[-1].event_id) if len(rows) == limit else None,
    }


def show_failure(session: Session, event_id: str) -> dict[str, Any]:
    """Return a failed event with what came: an envelope as an object, anything else as the text it was."""
    row = _row(session, event_id)
    try:
        body = orjson.loads(row.body)
    except ValueError:
        body = None
    return {**_summary(row), "body": body if isinstance(body, dict) else row.body}


def redrive(
    session: Session, settings: Settings, service: str, event_id: str, by: str, again: bool = False
) -> dict[str, Any]:
    """Send a parked or discarded event to its service's inbox once more, unchanged.

    The row is held until the broker has the message and marked with it, so two operators send it once. Success
    deletes the row; another failure parks it anew.

    Args:
        again: also an event that is on its way already, for when its message was lost with a queue.

    Raises:
        Conflict: ``event-not-parked``, ``event-undecodable``, ``event-foreign``.
    """
    row = _row(session, event_id, lock=True)
    if not again and row.state not in (PARKED, DISCARDED):
        raise Conflict("event-not-parked", f"The event is {row.state}.")
    if row.type == UNDECODABLE:
        raise Conflict("event-undecodable", "Nobody can read this message; it can only be discarded.")
    if row.type == FOREIGN:
        raise Conflict(
            "event-foreign", "Another service than it says has sent this event; it can only be discarded."
        )
    _send(settings, service, [row], by)
    return _summary(row)


def redrive_parked(
    session: Session, settings: Settings, service: str, by: str, types: list[str] | None = None
) -> dict[str, Any]:
    """Send a batch of parked events once more, the oldest first; call again while ``redriven`` is not 0."""
    query = (
        select(FailedEvent)
        .where(FailedEvent.state == PARKED, FailedEvent.type.not_in((UNDECODABLE, FOREIGN)))
        .order_by(FailedEvent.failed_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    if types:
        query = query.where(FailedEvent.type.in_(types))
    rows = list(session.scalars(query))
    _send(settings, service, rows, by)
    return {"redriven": len(rows)}


def discard(session: Session, event_id: str, reason: str, by: str) -> dict[str, Any]:
    """Give a parked event up; the row stays, with who did it and why.

    Raises:
        Conflict: ``event-not-parked``.
        Invalid: if there is no reason.
    """
    if not reason.strip():
        raise Invalid.field("reason", Fault("required", "Say why."))
    row = _row(session, event_id, lock=True)
    if row.state != PARKED:
        raise Conflict("event-not-parked", f"The event is {row.state}.")
    row.state = DISCARDED
    row.note = reason.strip()
    row.noted_by = by
    return _summary(row)


def _send(settings: Settings, service: str, rows: list[FailedEvent], by: str) -> None:
    for replay_id in {row.replay_id for row in rows}:
        headers: dict[str, Any] = {REDRIVEN_HEADER: True}
        if replay_id is not None:
            headers[REPLAY_HEADER] = str(replay_id)
        bodies = [row.body.encode() for row in rows if row.replay_id == replay_id]
        direct.send(settings, service, topology.inbox_queue(service).name, bodies, headers)
    for row in rows:
        row.state = REDRIVEN
        row.noted_by = by


def _row(session: Session, event_id: str, *, lock: bool = False) -> FailedEvent:
    row = session.get(FailedEvent, _id(event_id), with_for_update=lock or None)
    if row is None:
        raise NotFound("event-not-found", "No failed event has this id; it may have been handled by now.")
    return row


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError) as error:
        raise NotFound("event-not-found", "This is no event's id.") from error


def _summary(row: FailedEvent) -> dict[str, Any]:
    return {
        "event_id": str(row.event_id),
        "type": row.type,
        "subject": str(row.subject) if row.subject else None,
        "correlation_id": str(row.correlation_id) if row.correlation_id else None,
        "state": row.state,
        "attempts": row.attempts,
        "error": row.error,
        "failed_at": row.failed_at.isoformat().replace("+00:00", "Z"),
        "note": row.note,
        "noted_by": row.noted_by,
    }
