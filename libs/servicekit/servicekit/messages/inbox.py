"""The inbox: every event is handled once, however often it is delivered; what keeps failing is parked.

The inbox row and the handler's work share one transaction. A failure is written to ``failed_event`` and the message
waits in a retry queue; after the last delay the row's state becomes ``parked`` and the message leaves the broker.
A handler may get events out of order and late: it skips what is older than it has.
"""

import functools
import inspect
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
import structlog
from pydantic import ValidationError
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base import metrics
from servicekit.base.context import Context, enter
from servicekit.base.crash import crash_point
from servicekit.base.database import Database, KitBase, table_of, utcnow
from servicekit.base.texts import holds_nul, storable
from servicekit.messages.envelope import publisher_of
from servicekit.messages.events import Event, Foreign, optional_id
from servicekit.messages.outbox import write_waiting
from servicekit.messages.topology import ANY

log = structlog.get_logger("inbox")

DONE, DUPLICATE, RETRIED, PARKED = "done", "duplicate", "retried", "parked"
UNDECODABLE, FOREIGN = "undecodable", "foreign"
"""The types under which failures are kept that are no events of ours, or not of whom they say they are."""


class InboxRow(KitBase):
    """An event that has been handled."""

    __tablename__ = "inbox"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str]
    subject: Mapped[UUID | None]
    handler: Mapped[str]
    correlation_id: Mapped[UUID] = mapped_column(index=True)
    actor_id: Mapped[UUID | None]
    handled_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


CLAIM = insert(table_of(InboxRow)).on_conflict_do_nothing().returning(table_of(InboxRow).c.event_id)
"""Notes an event as handled, unless it has been."""


class ReplayRow(KitBase):
    """An event that has been handled once more, in a replay (docs/decisions/0008-replays-are-claimed-too.md)."""

    __tablename__ = "inbox_replay"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    replay_id: Mapped[UUID] = mapped_column(primary_key=True)
    handled_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


class FailedEvent(KitBase):
    """An event whose handling failed and has not succeeded since."""

    __tablename__ = "failed_event"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str]
    subject: Mapped[UUID | None]
    correlation_id: Mapped[UUID | None] = mapped_column(index=True)
    actor_id: Mapped[UUID | None]
    state: Mapped[str]
    """``retrying``, ``parked``, ``redriven`` (on its way once more) or ``discarded``."""
    attempts: Mapped[int]
    error: Mapped[str]
    body: Mapped[str]
    """The message as it came, so that it can be redriven unchanged."""
    failed_at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[str | None]
    """Why it was discarded."""
    noted_by: Mapped[str | None]
    """Who redrove or discarded it last."""
    replay_id: Mapped[UUID | None]
    """The replay it came in, so that it is not taken for handled when it is redriven."""


Handler = Callable[[Any, Session, Any], None]


def listens(event_class: type[Event]) -> Callable[[Handler], Callable[..., str]]:
    """Mark a method as the handler of an event type; it gets the session and the event.

    Args:
        event_class: names the publishing ``source``, the ``type``, and the fields this service needs.
    """

    def mark(handler: Handler) -> Callable[..., str]:
        @functools.wraps(handler)
        def deliver(service: Any, body: bytes, attempts: int, **marks: Any) -> str:
            inbox: Inbox = service.runtime.inbox
            return inbox.handle(service, body, attempts, **marks)

        deliver.listens_to = event_class  # type: ignore[attr-defined]
        deliver.handler = handler  # type: ignore[attr-defined]
        return deliver

    return mark


Key = tuple[str, str]
"""The publishing service, or ``ANY``, and the event type."""
Handled = TypeVar("Handled")


def handlers_of(service_class: type) -> dict[Key, tuple[str, Handler, type[Event]]]:
    """Return method name, handler and event class of what a service class listens to, by publisher and event type.

    Raises:
        ValueError: if two handlers listen to the same; one would never be called.
    """
    found: dict[Key, tuple[str, Handler, type[Event]]] = {}
    for name, method in inspect.getmembers(service_class, inspect.isfunction):
        event_class: type[Event] | None = getattr(method, "listens_to", None)
        if event_class is None:
            continue
        key = (event_class.source, event_class.type)
        if key in found:
            raise ValueError(f"{found[key][0]} and {name} both listen to {event_class.type}")
        found[key] = (name, method.handler, event_class)  # type: ignore[attr-defined]
    return found


def listened_by(service_class: type) -> list[Key]:
    """Return what a service class listens to, in order."""
    return sorted(handlers_of(service_class))


def handler_for(handlers: Mapping[Key, Handled], message: Mapping[str, Any]) -> Handled | None:
    """Return what handles an event: of its publisher, else of any, else what it would have to be foreign to."""
    event_type = message["type"]
    for source in (publisher_of(message), ANY):
        if (source, event_type) in handlers:
            return handlers[source, event_type]
    return next((each for (_, known), each in handlers.items() if known == event_type), None)


class Unreadable(Exception):
    """An event that no try will ever be able to read: it lacks a field, has one of another kind, or one with a NUL.

    It names the fields and not what they hold, which is nobody's business who reads logs.
    """


def read_envelope(body: bytes) -> dict[str, Any]:
    """Read a CloudEvents envelope.

    Raises:
        ValueError: if the body is none.
    """
    message = orjson.loads(body)
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict):
        raise ValueError("not a CloudEvents envelope")
    for name in ("id", "type", "correlationid"):
        if not isinstance(message.get(name), str):
            raise ValueError(f"not a CloudEvents envelope of ours: {name} is missing")
    for name in ("id", "correlationid", "subject", "actorid"):
        if message.get(name) is not None:
            UUID(str(message[name]))
    return message


class Inbox:
    """Handles a service's incoming events in its database.

    Args:
        service: the consuming service's name.
        service_class: the class that has the handlers.
    """

    def __init__(self, service: str, database: Database, service_class: type) -> None:
        self.service = service
        self.database = database
        self.handlers = handlers_of(service_class)

    def handle(
        self,
        instance: Any,
        body: bytes,
        attempts: int,
        *,
        redriven: bool = False,
        replay_id: UUID | None = None,
    ) -> str:
        """Handle one delivery in one transaction.

        Args:
            instance: the service object the handler is called on.
            body: the message.
            attempts: how often handling failed before; what a redelivery may have tried counts too.
            redriven: whether an operator sent it once more, so that it stands among the failed ones.
            replay_id: the replay it belongs to; it is then handled once for that replay, known or not.

        Returns:
            ``done`` or ``duplicate``.

        Raises:
            Unreadable: if it can never be handled.
            Exception: whatever made it fail; nothing has changed then.
        """
        message = read_envelope(body)
        found = handler_for(self.handlers, message)
        if found is None:
            raise Unreadable(f"nobody handles {message['type']}")
        name, handler, event_class = found
        event = _read(event_class, message["data"]).came_from(publisher_of(message))
        context = Context(
            correlation_id=UUID(message["correlationid"]),
            causation_id=UUID(message["id"]),
            actor_id=optional_id(message.get("actorid")),
            traceparent=message.get("traceparent"),
            operation=message["type"],
            # Tried once more it may come behind newer events: then it is one like the others.
            restated=bool(message.get("restated")) and not attempts and not redriven,
        )
        enter(context)
        started = time.perf_counter()

        def work(session: Session) -> str:
            row = {
                "event_id": context.causation_id,
                "type": message["type"],
                "subject": optional_id(message.get("subject")),
                "handler": name,
                "correlation_id": context.correlation_id,
                "actor_id": context.actor_id,
                "handled_at": utcnow(),
            }
            claimed = _claim(session, row, replay_id)
            if attempts or redriven:
                # Also for a duplicate: another copy of the event may have got through since this one failed.
                session.execute(delete(FailedEvent).where(FailedEvent.event_id == context.causation_id))
            if not claimed:
                return DUPLICATE
            handler(instance, session, event)
            write_waiting(session)
            crash_point("before_handler_commit")
            return DONE

        outcome = self.database.transact(work)
        crash_point("after_handler_commit")
        metrics.EVENT_HANDLED.labels(self.service, message["type"], outcome).observe(
            time.perf_counter() - started
        )
        return outcome

    def record_failure(
        self, body: bytes, attempts: int, error: Exception, *, last: bool, replay_id: UUID | None = None
    ) -> None:
        """Write down that handling failed, and that it is given up if this was the last try."""
        try:
            message = read_envelope(body)
        except ValueError:
            message = {"id": str(uuid5(NAMESPACE_URL, body.hex())), "type": UNDECODABLE}
        if isinstance(error, Foreign):  # Not kept under the id of a true event, which it may have copied.
            message = {"id": str(uuid5(NAMESPACE_URL, body.hex())), "type": FOREIGN}
        values = {
            "event_id": UUID(message["id"]),
            "type": storable(message["type"]),
            "subject": optional_id(message.get("subject")),
            "correlation_id": optional_id(message.get("correlationid")),
            "actor_id": optional_id(message.get("actorid")),
            "state": "parked" if last else "retrying",
            "attempts": attempts,
            "error": storable(f"{type(error).__name__}: {error}")[:2000],
            "body": storable(body.decode("utf-8", "backslashreplace")),
            "failed_at": utcnow(),
            "replay_id": replay_id,
        }

        def work(session: Session) -> None:
            statement = insert(FailedEvent).values(values)
            session.execute(
                statement.on_conflict_do_update(
                    index_elements=["event_id"],
                    set_={
                        key: statement.excluded[key] for key in ("state", "attempts", "error", "failed_at")
                    },
                )
            )

        self.database.transact(work)
        metrics.EVENT_HANDLED.labels(self.service, values["type"], PARKED if last else RETRIED).observe(0)

    def count_parked(self) -> float:
        """Count the parked events."""
        return self.database.count(FailedEvent.state == "parked")


def _read(event_class: type[Event], data: dict[str, Any]) -> Event:
    try:
        event = event_class.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        wrong = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found)
        raise Unreadable(f"{event_class.type}: {'; '.join(wrong)}") from None
    if unstorable := [name for name, value in event.model_dump().items() if holds_nul(value)]:
        raise Unreadable(f"{event_class.type}: {', '.join(unstorable)}: PostgreSQL cannot store a NUL")
    return event


def _claim(session: Session, row: dict[str, Any], replay_id: UUID | None) -> bool:
    """Note that an event is handled; return whether it is for us to do so, or has been done before.

    A replay notes the event itself as well: should its first delivery still be on its way, that one has nothing
    left to do.
    """
    first = session.execute(CLAIM, row).first()
    if replay_id is None:
        return first is not None
    replayed = {"event_id": row["event_id"], "replay_id": replay_id, "handled_at": row["handled_at"]}
    again = insert(ReplayRow).values(replayed).on_conflict_do_nothing().returning(ReplayRow.event_id)
    return session.execute(again).first() is not None
