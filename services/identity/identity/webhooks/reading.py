"""What stands in the stream: events, and whether it is still the stream that was read before."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import structlog

from servicekit.contracts.catalogue import exchanges_by_type
from servicekit.messages.envelope import source_of
from servicekit.messages.stream import Message

log = structlog.get_logger("webhooks")


class Remade(Exception):
    """The stream is not the one that was read: it was deleted and made anew, perhaps with the whole broker."""


def behind(batch: list[Message], place: int, last: UUID) -> list[Message]:
    """Return what follows on the event that was read last, which a batch begins with unless it was forgotten.

    Raises:
        Remade: if another event stands in its place.
    """
    if batch[0][0] >= place:
        return batch
    if id_of(batch[0]) != last:
        raise Remade
    return batch[1:]


def id_of(message: Message) -> UUID | None:
    """Return the id of an event; None of what is no event."""
    event = read(message)
    return None if event is None else UUID(event["id"])


def time_of(message: Message) -> datetime | None:
    """Return when an event happened; None of what is no event."""
    event = read(message)
    return None if event is None else datetime.fromisoformat(event["time"])


def read(message: Message) -> dict[str, Any] | None:
    """Read an event; what is none is logged and passed over, for it would be none the next time either.

    So is an event that came by another exchange than its source's or its type's. A type that stands in no contract
    yet is of a newer version of its source.
    """
    try:
        event: dict[str, Any] = orjson.loads(message.body)
        UUID(event["id"]), UUID(event["subject"])
        zoned = datetime.fromisoformat(event["time"]).tzinfo is not None
        if not zoned or not isinstance(event["type"], str) or "\\u0000" in message.body.decode():
            raise ValueError("not an event that can be kept")
        exchange = message.exchange
        publisher = exchange.removesuffix(".events")
        if (
            event["source"] != source_of(publisher)
            or exchanges_by_type().get(event["type"], exchange) != exchange
        ):
            raise ValueError(f"an event of another service than it came from, by {exchange}")
        return event
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.error("not an event in the stream", offset=message.offset, error=str(error))
        return None
