"""Speaking AMQP with the private broker: recording what services publish, and delivering events by hand."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp
from world import World


@contextmanager
def channel(world: World) -> Iterator[Any]:
    """A channel in confirm mode, as the broker's own account."""
    parts = urlsplit(world.platform.infrastructure.amqp_url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port}", userid=parts.username, password=unquote(parts.password or ""),
        confirm_publish=True,
    )  # fmt: skip
    connection.connect()
    try:
        yield connection.channel()
    finally:
        connection.close()


class Recorder:
    """A queue of its own that gets every event of some services, as any subscriber does."""

    def __init__(self, world: World, name: str, bindings: Iterable[tuple[str, str]]) -> None:
        self.world = world
        self.since = time.time()
        self.queue = f"drills.{name}.{time.time_ns()}"
        with channel(world) as open_channel:
            open_channel.queue_declare(self.queue, durable=True, auto_delete=False)
            for service, pattern in bindings:
                open_channel.queue_bind(self.queue, f"{service}.events", pattern)

    def take(self) -> list[dict[str, Any]]:
        """Everything that has come so far, in the order it came; the queue is dropped."""
        taken: list[dict[str, Any]] = []
        with channel(self.world) as open_channel:
            while (message := open_channel.basic_get(self.queue, no_ack=True)) is not None:
                taken.append(json.loads(message.body))
            open_channel.queue_delete(self.queue)
        return taken


def deliver(world: World, queue: str, bodies: Iterable[bytes | str], per_second: float = 0.0) -> list[float]:
    """Put messages into a queue, each confirmed; return when each was put there (Unix time)."""
    times = []
    began = time.monotonic()
    with channel(world) as open_channel:
        for place, body in enumerate(bodies):
            if per_second:
                time.sleep(max(0.0, began + place / per_second - time.monotonic()))
            message = amqp.Message(body, content_type="application/cloudevents+json", delivery_mode=2)
            times.append(time.time())
            open_channel.basic_publish(message, routing_key=queue, mandatory=True)
    return times
