"""Telling one consumer again: events replayed from the outbox, or the present state of records restated.

A restated event has the type and the fields of the real one and the record's present version. A copy takes it whatever
version it has, since an owner that was restored from a backup has older ones; the records are held until the broker has
what is told of them, so that nothing newer can be overtaken. For all other handlers it is an event like others.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from servicekit.base.context import current
from servicekit.base.database import utcnow
from servicekit.base.errors import Fault, Invalid, NotFound
from servicekit.base.ids import new_id
from servicekit.base.settings import Settings
from servicekit.messages import direct, topology
from servicekit.messages.envelope import cloud_event, envelope
from servicekit.messages.eventing import REDRIVEN_HEADER, REPLAY_HEADER
from servicekit.messages.events import Event
from servicekit.messages.outbox import OutboxRow

PAGE = 200
_MARKER = "kehu_restates"


@dataclass(frozen=True)
class Restatement:
    """How a service tells the present state of records."""

    event_class: type[Event]
    key: Any
    made_by: Callable[[Any], Event]
    query: Callable[[Any], Select[*tuple[Any, ...]]]


def restates(
    event_class: Any, *, key: Any = None, made_by: Callable[[Any], Event] | None = None
) -> Callable[[Callable[[Any], Select[*tuple[Any, ...]]]], Callable[[Any], Select[*tuple[Any, ...]]]]:
    """Mark a method that returns the query of the records an event can be told of again.

    Args:
        event_class: the event; by default made by its ``of``.
        key: the column that single records are asked for by; by default their id.
        made_by: makes the event from a record.
    """

    def mark(query: Callable[[Any], Select[*tuple[Any, ...]]]) -> Callable[[Any], Select[*tuple[Any, ...]]]:
        setattr(query, _MARKER, Restatement(event_class, key, made_by or event_class.of, query))
        return query

    return mark


def restatements_of(service_class: type) -> dict[str, Restatement]:
    """Return what a service can restate, by event type."""
    members = (member for _, member in inspect.getmembers(service_class, inspect.isfunction))
    found: list[Restatement] = [getattr(member, _MARKER) for member in members if hasattr(member, _MARKER)]
    return {restatement.event_class.type: restatement for restatement in found}


def copies_of(service_class: type) -> dict[str, list[Any]]:
    """Return the tables that are copies of other services' records, by service: the classes' ``copies``."""
    found: dict[str, list[Any]] = {}
    for owner in service_class.__mro__:
        for source, models in vars(owner).get("copies", {}).items():
            found.setdefault(source, []).extend(models)
    return found


def empty_copies(session: Session, service: Any, source: str) -> int:
    """Drop what a service knows of another's records; rows that only this service has heard of (version 0) stay."""
    models = copies_of(type(service)).get(source)
    if models is None:
        raise NotFound("no-copy", f"{service.name} keeps no copy of {source}'s records.")
    gone = [session.execute(delete(model).where(model.version > 0)) for model in models]
    return sum(int(result.rowcount) for result in gone)  # type: ignore[attr-defined, misc]


def restate(
    session: Session, settings: Settings, service: Any, event_type: str, consumer: str,
    ids: list[str] | None, after: str | None,
) -> dict[str, Any]:  # fmt: skip
    """Tell one consumer a page of records as they are now, or only some.

    Where the type cannot be restated, the newest event of that type about each of ``ids`` is replayed instead.

    Raises:
        NotFound: ``not-restated``.
    """
    restatement = restatements_of(type(service)).get(event_type)
    if restatement is None:
        if ids is None:
            raise NotFound("not-restated", f"{service.name} cannot restate {event_type}.")
        return _replay_newest(session, settings, service.name, event_type, consumer, ids)
    query = restatement.query(service)
    model = query.column_descriptions[0]["entity"]
    query = query.order_by(model.id).limit(PAGE).with_for_update(read=True, of=model)
    if ids is not None:
        query = query.where(
            (model.id if restatement.key is None else restatement.key).in_([UUID(i) for i in ids])
        )
    if after is not None:
        query = query.where(model.id > UUID(after))
    records = list(session.scalars(query).unique())
    bodies = [
        orjson.dumps(_restated(service.name, restatement.made_by(record), record)) for record in records
    ]
    sent = direct.send(settings, service.name, topology.inbox_queue(consumer).name, bodies, {})
    return {"sent": sent, "next": str(records[-1].id) if len(records) == PAGE else None}


def replay(
    session: Session, settings: Settings, service: str, consumer: str, types: list[str], since: str | None,
    replay_id: str | None, after: int,
) -> dict[str, Any]:  # fmt: skip
    """Send one consumer a page of this service's published events once more, unchanged and in order.

    Args:
        types: of these types only.
        since: from this time on; None: from the oldest kept.
        replay_id: handle also what has been handled before, once for this id; None: only what has not.
        after: the sequence number behind which the page begins.

    Returns:
        ``sent``, ``next``, and ``kept_since`` if what was asked for reaches further back than what is kept.
    """
    query = (
        select(OutboxRow)
        .where(OutboxRow.published_at.is_not(None), OutboxRow.sequence > after, OutboxRow.type.in_(types))
        .order_by(OutboxRow.sequence)
        .limit(PAGE)
    )
    begin = _time(since) if since else None
    if begin is not None:
        query = query.where(OutboxRow.occurred_at >= begin)
    rows = list(session.scalars(query))
    sent = _send_rows(settings, service, consumer, rows, replay_id)
    oldest = session.scalar(
        select(OutboxRow).where(OutboxRow.sequence.is_not(None)).order_by(OutboxRow.sequence).limit(1)
    )
    forgotten = oldest and (oldest.sequence or 0) > 1 and (begin is None or begin < oldest.occurred_at)
    return {
        "sent": sent,
        "next": rows[-1].sequence if len(rows) == PAGE else None,
        "kept_since": oldest.occurred_at.isoformat() if oldest and forgotten else None,
    }


def _replay_newest(
    session: Session, settings: Settings, service: str, event_type: str, consumer: str, ids: list[str]
) -> dict[str, Any]:
    rows = session.scalars(
        select(OutboxRow)
        .where(
            OutboxRow.published_at.is_not(None),
            OutboxRow.type == event_type,
            OutboxRow.subject.in_([UUID(row_id) for row_id in ids]),
        )
        .order_by(OutboxRow.sequence)
    )
    newest = {row.subject: row for row in rows}
    return {"sent": _send_rows(settings, service, consumer, [*newest.values()], str(new_id())), "next": None}


def _send_rows(
    settings: Settings, service: str, consumer: str, rows: list[OutboxRow], replay_id: str | None
) -> int:
    headers: dict[str, Any] = {REDRIVEN_HEADER: True}
    if replay_id is not None:
        headers[REPLAY_HEADER] = str(UUID(replay_id))
    bodies = [orjson.dumps(envelope(service, row)) for row in rows]
    return direct.send(settings, service, topology.inbox_queue(consumer).name, bodies, headers)


def _restated(service: str, event: Event, record: Any) -> dict[str, Any]:
    data = {**event.payload(), "version": getattr(record, "version", 1)}
    message = cloud_event(
        service,
        event.type,
        record.id,
        data,
        event_id=new_id(),
        time=utcnow(),
        correlation_id=current().correlation_id,
    )
    return {**message, "restated": True}


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid.field("since", Fault("not-a-time", "Must be an RFC 3339 time.")) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=utcnow().tzinfo)
