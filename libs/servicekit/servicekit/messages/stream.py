"""Reading a stream from a place on: for work that must see every event once, whoever is killed.

A stream keeps its messages and counts them; the reader's own database keeps how far it has come. Written together with
what the messages cause, the place makes their effects happen once.
"""

import contextlib
import socket
import time
from collections.abc import Generator, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from kombu import Connection, Consumer, Queue

from servicekit.base.settings import Settings
from servicekit.messages.broker import connection_to

PREFETCH = 200
OFFSET_HEADER = "x-stream-offset"
IDLE_SECONDS = 1.0
GATHER_SECONDS = 0.1
"""How long a message waits for others: what is done with a batch costs nearly the same for one as for many."""
SHOWN_SECONDS, QUIET_SECONDS = 2.0, 0.05
"""How long the broker may take to show the last messages of a stream, and one after the other."""


class Message(NamedTuple):
    """A message of a stream: its place there, and the exchange it came by, which only its publisher may write to."""

    offset: int
    body: bytes
    exchange: str


def batches(stream: str, settings: Settings, start: int | datetime) -> Generator[list[Message], None, None]:
    """Yield messages from a place on, in order and for ever; an empty batch while nothing comes.

    Asking for the next batch says that the one before is done with. Close the generator to leave.

    Args:
        start: the offset to begin with, or a time. Where the stream has forgotten it, the oldest message kept comes
            first. By a time, which the broker takes by its own clock and in whole seconds, older messages may come
            too: it begins with the chunk that the time lies in. Nothing that came in after it is left out.
    """
    with _reading(stream, settings, start) as (connection, taken):
        checked = time.monotonic()
        while True:
            _drain(connection, taken, IDLE_SECONDS)
            until = time.monotonic() + GATHER_SECONDS
            while taken and len(taken) < PREFETCH and (left := until - time.monotonic()) > 0:
                _drain(connection, taken, left)
            batch = [_read(message) for message in taken]
            last = taken[-1] if taken else None
            taken.clear()
            # A numeric start may lie within a chunk of messages that the broker delivers as a whole.
            yield [each for each in batch if isinstance(start, datetime) or each.offset >= start]
            if last is not None:
                last.ack(multiple=True)  # A stream keeps its messages: this only asks for more.
            if time.monotonic() - checked >= settings.amqp_heartbeat / 4:
                checked = time.monotonic()
                connection.heartbeat_check(rate=2)


def end_of(stream: str, settings: Settings) -> int:
    """Return the offset that the next message of a stream will have.

    Should the broker be too slow to show the last messages, it is an earlier offset: nothing is passed over.
    """
    end = 0
    with _reading(stream, settings, "last") as (connection, taken):
        until = time.monotonic() + SHOWN_SECONDS
        while not taken and time.monotonic() < until:
            _drain(connection, taken, SHOWN_SECONDS / 10)
        while taken:
            end = max(end, *(message.headers[OFFSET_HEADER] + 1 for message in taken))
            last = taken[-1]
            taken.clear()
            last.ack(multiple=True)
            _drain(connection, taken, QUIET_SECONDS)
    return end


@contextlib.contextmanager
def _reading(
    stream: str, settings: Settings, start: int | str | datetime
) -> Iterator[tuple[Connection, list[Any]]]:
    connection = connection_to(settings, connect_timeout=3, heartbeat=settings.amqp_heartbeat)
    try:
        connection.connect()
        channel = connection.channel()
        channel.basic_qos(0, PREFETCH, False)
        queue = Queue(stream, channel=channel, consumer_arguments={OFFSET_HEADER: start})
        taken: list[Any] = []
        consumer = Consumer(channel, [queue], on_message=taken.append, auto_declare=False)
        consumer.consume()
        yield connection, taken
    finally:
        connection.collect(socket_timeout=1)


def _drain(connection: Connection, taken: list[Any], seconds: float) -> bool:
    """Take what comes within a time; tell whether something has come."""
    before = len(taken)
    with contextlib.suppress(socket.timeout):
        connection.drain_events(timeout=seconds)
    return len(taken) > before


def _read(message: Any) -> Message:
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    return Message(message.headers[OFFSET_HEADER], body, message.delivery_info["exchange"])
