"""The stream that webhooks are fed from, and a feeder that a test works by hand."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from kombu import Connection, Queue
from prometheus_client import REGISTRY

from identity.webhooks.delivery import Feed
from identity.webhooks.feeding import Feeder
from servicekit import new_id
from servicekit.messages import stream
from servicekit.messages.topology import FEED, events_exchange
from servicekit.testing import RunningService
from tests.identity.receivers import deliveries, tell

NOWHERE = "http://127.0.0.1:9/"


def place_of(service: RunningService) -> int:
    with service.database.sessions() as session:
        return session.get_one(Feed, 1).next_offset


def batch_until(
    service: RunningService, place: int | datetime, event_id: str, times: int = 1, of: str = FEED
) -> list[stream.Message]:
    """Read from a stream until an event has come."""
    found: list[stream.Message] = []
    until = time.monotonic() + 60
    with closing(stream.batches(of, service.settings, place)) as batches:
        for batch in batches:
            assert time.monotonic() < until, "the event does not come"
            found += batch
            if sum(event_id.encode() in message.body for message in found) >= times:
                break
    return found


def told(service: RunningService, webhook: dict[str, Any], subject: str) -> list[str]:
    return [delivery["event_id"] for delivery in deliveries(service, webhook, subject=subject)]


class OwnStream:
    """A stream that can be deleted and made anew."""

    def __init__(self, service: RunningService, connection: Connection) -> None:
        self.service = service
        self.name = f"test.webhooks-{new_id()}"
        self.channel = connection.channel()

    def declare(self, **arguments: int) -> None:
        arguments_of_it = {"x-queue-type": "stream", **arguments}
        queue = Queue(self.name, channel=self.channel, queue_arguments=arguments_of_it)
        queue.declare()
        queue.bind_to(events_exchange("contract"), routing_key="#")

    def delete(self) -> None:
        self.channel.queue_delete(self.name)

    def tell(self, subject: str, count: int) -> list[str]:
        """Publish events about a subject; return their ids."""
        return tell(self.service, subject, *map(str, range(count)))

    def set_place(self, offset: int, last: UUID | None) -> None:
        with self.service.database.sessions.begin() as session:
            session.merge(Feed(id=1, next_offset=offset, last_event_id=last))

    def forget_place(self) -> None:
        with self.service.database.sessions.begin() as session:
            session.delete(session.get_one(Feed, 1))


@contextmanager
def following(feeder: Feeder) -> Iterator[None]:
    """The feeder at work, as in a service."""
    thread = threading.Thread(target=feeder.run)
    feeder._stopping.clear()
    thread.start()
    try:
        yield
    finally:
        feeder.stop()
        thread.join()


def no_place(service: RunningService) -> bool:
    with service.database.sessions() as session:
        return session.get(Feed, 1) is None


def gaps_seen() -> float:
    return REGISTRY.get_sample_value("kehu_webhook_feed_gaps_total") or 0.0
