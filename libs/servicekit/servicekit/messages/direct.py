"""To one queue only, through the exchange that a service has for this; and looking at queues."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import amqp
from eventlet.timeout import Timeout

from servicekit.base.errors import NotFound, Unavailable
from servicekit.base.settings import Settings
from servicekit.messages import topology
from servicekit.messages.broker import connection_to

SECONDS = 8.0
"""How long a batch may take; under an alarm the broker stops reading, and a publisher would hang."""


class Depth(NamedTuple):
    """How many messages wait in a queue, and how many consumers it has."""

    messages: int
    consumers: int


@contextmanager
def channel_of(settings: Settings) -> Iterator[Any]:
    """Open a channel on a connection of its own, which is left without the polite close: that hangs under an alarm.

    Raises:
        Unavailable: ``broker-unavailable``.
    """
    connection = connection_to(settings, connect_timeout=3, heartbeat=0)
    try:
        connection.connect()
        yield connection.connection.channel()
    except (OSError, amqp.exceptions.RecoverableConnectionError) as error:
        raise Unavailable("broker-unavailable", "The message broker cannot be reached.") from error
    finally:
        connection.collect(socket_timeout=1)


def send(
    settings: Settings, service: str, queue: str, bodies: Iterable[bytes], headers: dict[str, Any]
) -> int:
    """Publish messages to a queue, each confirmed by the broker; return how many.

    Args:
        service: the service that sends.
        queue: its own, or the inbox of a service that listens to it.

    Raises:
        NotFound: ``unknown-queue``.
        Unavailable: ``broker-unavailable``, ``broker-not-taking``.
    """
    sent = 0
    with (
        Timeout(SECONDS, Unavailable("broker-not-taking", "The broker does not confirm.")),
        channel_of(settings) as channel,
    ):
        returned: list[Any] = []
        channel.events["basic_return"].add(lambda *details: returned.append(details))
        for body in bodies:
            message = amqp.Message(
                body, content_type=topology.EVENT_CONTENT_TYPE, delivery_mode=2, application_headers=headers
            )
            exchange = topology.direct_exchange(service).name
            channel.basic_publish_confirm(message, exchange, queue, mandatory=True, confirm_timeout=5)
            if returned:
                raise NotFound("unknown-queue", f"There is no queue {queue}.")
            sent += 1
    return sent


def depth(settings: Settings, queue: str) -> Depth | None:
    """Return what waits in a queue; None if there is no such queue."""
    with channel_of(settings) as channel:
        try:
            found = channel.queue_declare(queue, passive=True)
        except amqp.exceptions.NotFound:
            return None
        return Depth(found.message_count, found.consumer_count)
