"""Events: what a service tells the others, stored together with the change that caused it."""

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer, PrivateAttr, SerializationInfo, WithJsonSchema
from sqlalchemy.orm import Session

from servicekit.base.context import current
from servicekit.base.database import Record, utcnow, watchers_of
from servicekit.base.ids import new_id
from servicekit.base.money import currency_of, written
from servicekit.base.new_records import settle
from servicekit.messages.envelope import publisher_of, source_of
from servicekit.messages.topology import ANY, direct_exchange, events_exchange

EVENT_COLUMNS = (
    "id", "type", "subject", "data", "occurred_at", "correlation_id", "causation_id", "actor_id", "traceparent",
    "watcher_ids",
)  # fmt: skip
"""What an event has in the outbox when its cause is committed; the relay adds the rest."""


def _written(amount: Decimal, info: SerializationInfo[Any]) -> str:
    return written(amount, info.context)


AMOUNT = r"^-?[0-9]+(\.[0-9]{1,4})?$"
"""What an amount of an answer looks like."""

EventMoney = Annotated[
    Decimal,
    PlainSerializer(_written, return_type=str),
    WithJsonSchema({"type": "string", "pattern": AMOUNT}, mode="serialization"),
]
"""An amount in an event: a decimal string with the digits of the event's ``currency``."""


class Event(BaseModel):
    """A fact in the past tense.

    A publisher declares all fields and an example; a consumer declares, in a class of its own, the few fields it
    needs and the ``source`` service, and ignores the rest. Fields are only ever added.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    """``<noun>.<past participle>``: the routing key, e.g. ``contract.signed``."""
    source: ClassVar[str] = ""
    """The publishing service, or ``ANY``; given by consumers only."""
    example: ClassVar[dict[str, Any]] = {}
    """A payload for the published contract; given by publishers only."""
    about: ClassVar[str] = ""
    """The member with the id of the event's subject, for the example, where it is not the noun's own."""
    brief: ClassVar[str] = ""
    """Why a published event does not carry its record as the API shows it, or what else it carries."""

    _published_by: str = PrivateAttr("")

    @property
    def published_by(self) -> str:
        """The service that published it, for a handler of what any may publish."""
        return self._published_by

    def came_from(self, service: str) -> Self:
        """Note who has published it, as the broker has proved."""
        self._published_by = service
        return self

    def payload(self) -> dict[str, Any]:
        """Return what it says, as JSON has it."""
        return self.model_dump(mode="json", context=currency_of(self))


def publish(
    session: Session,
    record: Record,
    event: Event,
    *,
    seen_with: Record | None = None,
    concerns: Collection[UUID] = (),
) -> None:
    """Store an event in the outbox; it goes out if and only if the session's transaction commits.

    The payload gets the record's ``version`` after the change: the session is flushed first, which also takes the
    record's row lock, so that one record's events stand in the outbox in the order of its changes. A new record that
    can be written with its events has its first version as it is.

    Args:
        record: the record the event is about; its id becomes the event's subject.
        event: what happened; a ``RecordEvent`` tells the record as it is after the flush.
        seen_with: the record that the record is a part of, if it is seen by whoever sees that one.
        concerns: accounts that are told of it in a narrower scope too, besides those in whose reach the record is; or
            what stands for whoever belongs to it when the feed is read (``Service.concerned_as``).
    """
    settle(session)
    context = current()
    data = event.payload()
    data["version"] = record.version
    values = (
        new_id(), event.type, record.id, data, utcnow(),
        context.correlation_id, context.causation_id, context.actor_id, context.traceparent,
        [*concerns, *_further_watchers(seen_with or record, data.get("owner_id"))] or None,
    )  # fmt: skip
    stored(session).append(dict(zip(EVENT_COLUMNS, values, strict=True)))


def _further_watchers(record: Any, named: str | None) -> list[UUID]:
    """Return those in whose reach a record is seen now, beside the owner whom the payload names."""
    return [each for each in watchers_of(record) if each is not None and str(each) != named]


def publish_deletion(session: Session, record: Record, event: Event) -> None:
    """Delete a record and store the event that says so.

    The deletion counts as a change: the event's version is newer than that of any event about the record before.
    """
    record.touch()
    publish(session, record, event)
    session.delete(record)


def stored(session: Session) -> list[dict[str, Any]]:
    """Return the events that wait in the session for its commit."""
    waiting: list[dict[str, Any]] = session.info.setdefault("kehu_events", [])
    return waiting


class Foreign(Exception):
    """An event that another service published than the one whose events are of this type."""


def check_publisher(event_class: type[Event], message: dict[str, Any], exchange: str, own: str) -> None:
    """See that an event is of the service that its type belongs to, which nothing in a body can prove.

    Args:
        message: the envelope.
        exchange: what it was first published to (``topology.came_by``).
        own: the exchange to which the consumer alone may publish: what it sends itself it has checked before.

    Raises:
        Foreign: if it came by another exchange than its publisher's, or names another source.
    """
    if exchange == own:
        return
    source = event_class.source
    if source == ANY:
        source = publisher_of(message)
    if exchange not in (events_exchange(source).name, direct_exchange(source).name):
        raise Foreign(f"{event_class.type} is an event of {source}, and this one came by {exchange}")
    if message.get("source") != source_of(source):
        raise Foreign(f"{event_class.type} is an event of {source}, and this one names another source")


def optional_id(text: str | None) -> UUID | None:
    """Read an id that may be missing."""
    return UUID(text) if text else None
