"""The inbox: every event is handled once, however often it is delivered; what keeps failing is parked.

The inbox row and the handler's work share one transaction. A failure is written to ``failed_event`` and the message
waits in a retry queue; after the last delay the row's state becomes ``parked`` and the message leaves the broker.
A handler may get events out of order and late: it skips what is older than it has.
"""

import functools
import inspect
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson
import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit import metrics
from servicekit.context import Context, enter
from servicekit.crash import crash_point
from servicekit.database import Database, KitBase, utcnow
from servicekit.events import Event, optional_id
from servicekit.outbox import write_waiting

log = structlog.get_logger("inbox")

DONE, DUPLICATE, RETRIED, PARKED = "done", "duplicate", "retried", "parked"


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


class FailedEvent(KitBase):
    """An event whose handling failed and has not succeeded since."""

    __tablename__ = "failed_event"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str]
    subject: Mapped[UUID | None]
    correlation_id: Mapped[UUID | None] = mapped_column(index=True)
    actor_id: Mapped[UUID | None]
    state: Mapped[str]
    """``retrying``, ``parked`` or ``discarded``."""
    attempts: Mapped[int]
    error: Mapped[str]
    body: Mapped[str]
    """The message as it came, so that it can be redriven unchanged."""
    failed_at: Mapped[datetime]
    note: Mapped[str | None]


Handler = Callable[[Any, Session, Any], None]


def listens(event_class: type[Event]) -> Callable[[Handler], Callable[..., str]]:
    """Mark a method as the handler of an event type; it gets the session and the event.

    Args:
        event_class: names the publishing ``source``, the ``type``, and the fields this service needs.
    """

    def mark(handler: Handler) -> Callable[..., str]:
        @functools.wraps(handler)
        def deliver(service: Any, body: bytes, attempts: int) -> str:
            inbox: Inbox = service.runtime.inbox
            return inbox.handle(service, body, attempts)

        deliver.listens_to = event_class  # type: ignore[attr-defined]
        deliver.handler = handler  # type: ignore[attr-defined]
        return deliver

    return mark


def handlers_of(service_class: type) -> dict[str, tuple[str, Handler, type[Event]]]:
    """Return method name, handler and event class of what a service class listens to, by event type.

    Raises:
        ValueError: if two handlers listen to the same type; one would never be called.
    """
    found: dict[str, tuple[str, Handler, type[Event]]] = {}
    for name, method in inspect.getmembers(service_class, inspect.isfunction):
        event_class: type[Event] | None = getattr(method, "listens_to", None)
        if event_class is None:
            continue
        if event_class.type in found:
            raise ValueError(f"{found[event_class.type][0]} and {name} both listen to {event_class.type}")
        found[event_class.type] = (name, method.handler, event_class)  # type: ignore[attr-defined]
    return found


def read_envelope(body: bytes) -> dict[str, Any]:
    """Read a CloudEvents envelope.

    Raises:
        ValueError: if the body is none.
    """
    message = orjson.loads(body)
    if not isinstance(message, dict) or not {"id", "type", "data"} <= message.keys():
        raise ValueError("not a CloudEvents envelope")
    UUID(message["id"])
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

    def handle(self, instance: Any, body: bytes, attempts: int) -> str:
        """Handle one delivery in one transaction.

        Args:
            instance: the service object the handler is called on.
            body: the message.
            attempts: how often handling failed before.

        Returns:
            ``done`` or ``duplicate``.

        Raises:
            Exception: whatever made it fail; nothing has changed then.
        """
        message = read_envelope(body)
        name, handler, event_class = self.handlers[message["type"]]
        event = event_class.model_validate(message["data"])
        context = Context(
            correlation_id=UUID(message["correlationid"]),
            causation_id=UUID(message["id"]),
            actor_id=optional_id(message.get("actorid")),
            traceparent=message.get("traceparent"),
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
            claimed = session.execute(
                insert(InboxRow).values(row).on_conflict_do_nothing().returning(InboxRow.event_id)
            ).first()
            if claimed is None:
                return DUPLICATE
            handler(instance, session, event)
            write_waiting(session)
            if attempts:
                session.execute(delete(FailedEvent).where(FailedEvent.event_id == context.causation_id))
            crash_point("before_handler_commit")
            return DONE

        outcome = self.database.transact(work)
        crash_point("after_handler_commit")
        metrics.EVENT_HANDLED.labels(self.service, message["type"], outcome).observe(
            time.perf_counter() - started
        )
        return outcome

    def record_failure(self, body: bytes, attempts: int, error: Exception, *, last: bool) -> None:
        """Write down that handling failed, and that it is given up if this was the last try."""
        try:
            message = read_envelope(body)
        except ValueError:
            message = {"id": str(uuid5(NAMESPACE_URL, body.hex())), "type": "undecodable"}
        values = {
            "event_id": UUID(message["id"]),
            "type": str(message["type"]),
            "subject": optional_id(message.get("subject")),
            "correlation_id": optional_id(message.get("correlationid")),
            "actor_id": optional_id(message.get("actorid")),
            "state": "parked" if last else "retrying",
            "attempts": attempts,
            "error": f"{type(error).__name__}: {error}"[:2000],
            "body": body.decode("utf-8", "backslashreplace").replace("\x00", "\\x00"),
            "failed_at": utcnow(),
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

    def count_parked(self) -> int:
        """Count the parked events, and show the number to Prometheus."""
        with self.database.sessions.begin() as session:
            count = session.scalar(select(func.count()).where(FailedEvent.state == "parked")) or 0
        metrics.PARKED.labels(self.service).set(count)
        return count
