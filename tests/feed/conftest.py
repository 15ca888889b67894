"""A stream of a test's own on a real broker, fed through an exchange as the services feed kehu.feed."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from kombu import Connection, Exchange, Producer, Queue

AMQP_URL = os.environ.get("AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")


class Stream:
    """The stream, and the services that publish into it."""

    def __init__(self, connection: Connection) -> None:
        self.name = f"test.feed-{uuid4().hex[:8]}"
        self.channel = connection.channel()
        self.exchange = Exchange(f"{self.name}.events", type="topic", durable=True)(self.channel)
        self.queue = Queue(self.name, durable=True, queue_arguments={"x-queue-type": "stream"})(self.channel)
        self.exchange.declare()
        self.queue.declare()
        self.queue.bind_to(self.exchange, routing_key="#")
        self.producer = Producer(self.channel)
        self.sequences: dict[str, int] = {}

    def publish(self, event_type: str, data: dict[str, Any], source: str = "finance") -> dict[str, Any]:
        """Publish an event as the relay does, and return it."""
        self.sequences[source] = self.sequences.get(source, 0) + 1
        event = {
            "specversion": "1.0", "id": str(uuid4()), "source": f"/kehu/{source}", "type": event_type,
            "subject": str(uuid4()), "time": "2026-11-22T08:00:00.000000Z", "datacontenttype": "application/json",
            "sequence": f"{self.sequences[source]:019d}", "correlationid": str(uuid4()), "data": data,
        }  # fmt: skip
        self.publish_again(event)
        return event

    def publish_again(self, event: dict[str, Any]) -> None:
        """Publish an event once more, as a relay does that was killed before it had noted what it published."""
        self.producer.publish(
            json.dumps(event).encode(), exchange=self.exchange.name, routing_key=event["type"],
            content_type="application/cloudevents+json", content_encoding="binary", delivery_mode=2,
        )  # fmt: skip

    def skip(self, source: str = "finance") -> None:
        """Lose an event: its number is given, and it never comes."""
        self.sequences[source] = self.sequences.get(source, 0) + 1

    def remake(self) -> None:
        """Delete the stream and make it anew: it is empty, and begins at offset 0 again."""
        self.queue.delete()
        self.queue.declare()
        self.queue.bind_to(self.exchange, routing_key="#")

    def delete(self) -> None:
        self.queue.delete()
        self.exchange.delete()


@contextmanager
def a_stream(url: str = AMQP_URL) -> Iterator[Stream]:
    """A stream that is deleted in the end."""
    with Connection(url, transport_options={"confirm_publish": True}) as connection:
        made = Stream(connection)
        yield made
        made.delete()


@pytest.fixture
def stream() -> Iterator[Stream]:
    with a_stream() as made:
        yield made
