"""Comparing what the broker has with what this version declares, and moving to it without losing a message.

A queue's arguments cannot be changed: the broker refuses to declare it with others (406). The messages then wait in a
temporary queue, which stands in for the old one at the exchanges, while the queue is deleted and declared anew. What
is published at the moment of a change goes into both queues; the inbox recognises the second copy.
"""

import time
from collections.abc import Iterable
from typing import Any

import amqp
import structlog
from kombu import Queue

from servicekit.base.errors import Conflict
from servicekit.base.settings import Settings
from servicekit.messages import topology
from servicekit.messages.direct import channel_of, depth

log = structlog.get_logger("topology")

QUIET_SECONDS = 1.0
"""For how long nothing may have come into a queue before it is deleted."""

OF_THE_BROKER = ("x-death", "x-first-", "x-last-", "x-delivery-count")
"""Headers that queues add by themselves, and that a moved message begins without."""

Bindings = list[tuple[str, str]]
"""Exchange and routing key."""


def superseded_queues(service: str, settings: Settings) -> list[str]:
    """Return the names that an earlier version gave to the retry queues, which returned by the default exchange."""
    return [f"{service}.inbox.retry.{round(delay * 1000)}" for delay in settings.event_retry_delays]


def check(service: str, settings: Settings) -> dict[str, str]:
    """Return what is wrong with a service's queues, by name; nothing is declared."""
    problems = {}
    for queue in (topology.feed_queue(settings), *topology.inbox_queues(service, settings)):
        if depth(settings, queue.name) is None:
            problems[queue.name] = "missing: python -m servicekit topology " + service
        elif difference := _difference(settings, queue):
            problems[queue.name] = difference
    return problems


def migrate_queues(service: str, listened: Iterable[tuple[str, str]], settings: Settings) -> dict[str, int]:
    """Declare the queues that differ anew, keeping their messages; return how many were kept, by queue.

    It can be called again after it was interrupted: what waits in a temporary queue is then put back.

    Raises:
        Conflict: ``queue-in-use``, while the service runs; ``stream-differs``.
    """
    if _difference(settings, topology.feed_queue(settings)):
        raise Conflict(
            "stream-differs",
            f"The stream {topology.FEED} has other arguments. Readers would lose their place in a new one: set its "
            "size and age by a policy instead, and FEED_MAX_BYTES and FEED_MAX_AGE as they were.",
        )
    inbox, *retries = topology.inbox_queues(service, settings)
    direct = topology.direct_exchange(service).name
    bindings = topology.bindings_of(service, listened)
    kept = {}
    # Retry queues first: while the inbox is away nothing may come back to it.
    for queue in retries:
        if _must_move(settings, queue):
            kept[queue.name] = _declare_anew(settings, direct, queue, [])
    if _must_move(settings, inbox):
        for queue in retries:
            with channel_of(settings) as channel:
                _move(channel, direct, queue.name, _stand_in(channel, direct, inbox.name))
        kept[inbox.name] = _declare_anew(settings, direct, inbox, bindings)
    for name in superseded_queues(service, settings):
        if depth(settings, name) is not None:
            with channel_of(settings) as channel:
                kept[name] = _empty(channel, direct, name, inbox.name)
                channel.queue_delete(name)
    return kept


def _must_move(settings: Settings, queue: Queue) -> bool:
    return bool(_difference(settings, queue)) or depth(settings, f"{queue.name}.moving") is not None


def _difference(settings: Settings, queue: Queue) -> str:
    """Return in what a queue that is there differs from its declaration; empty if it does not or is missing."""
    if depth(settings, queue.name) is None:
        return ""
    with channel_of(settings) as channel:
        try:
            _declare(channel, queue)
        except amqp.exceptions.AccessRefused:
            return ""  # The stream is not ours to declare: whoever keeps the broker has made it.
        except amqp.exceptions.PreconditionFailed as error:
            return str(error.reply_text)
    return ""


def _declare(channel: Any, queue: Queue) -> None:
    channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=dict(queue.queue_arguments))


def _stand_in(channel: Any, direct: str, name: str) -> str:
    """Declare the temporary queue of a queue, and return its name."""
    moving = f"{name}.moving"
    channel.queue_declare(moving, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(moving, direct, moving)
    return moving


def _declare_anew(settings: Settings, direct: str, queue: Queue, bindings: Bindings) -> int:
    state = depth(settings, queue.name)
    if state is not None and state.consumers:
        raise Conflict(
            "queue-in-use", f"{queue.name} has {state.consumers} consumers: stop the service first."
        )
    with channel_of(settings) as channel:
        moving = _stand_in(channel, direct, queue.name)
        if state is not None and _difference(settings, queue):
            for exchange, key in bindings:
                _rebind(channel, exchange, key, queue.name, moving)
            _empty(channel, direct, queue.name, moving)
            channel.queue_delete(queue.name)
    # A connection that has used a queue of another type under this name is closed by the broker (3.10): a new one.
    with channel_of(settings) as channel:
        _declare(channel, queue)
        channel.queue_bind(queue.name, direct, queue.name)
        # What is sent to the queue by its name first: or what is moved there would come back by way of others.
        for exchange, key in (each for each in bindings if each[1] == queue.name):
            _rebind(channel, exchange, key, moving, queue.name)
        kept = _move(channel, direct, moving, queue.name)
        for exchange, key in (each for each in bindings if each[1] != queue.name):
            _rebind(channel, exchange, key, moving, queue.name)
        kept += _empty(channel, direct, moving, queue.name)
        channel.queue_delete(moving)
    log.info("queue declared anew", queue=queue.name, kept=kept)
    return kept


def _rebind(channel: Any, exchange: str, key: str, before: str, after: str) -> None:
    """Let what is published there go to another queue: for a moment it goes to both."""
    channel.queue_bind(after, exchange, key)
    channel.queue_unbind(before, exchange, key)


def _empty(channel: Any, direct: str, source: str, target: str) -> int:
    """Move messages until none has come for a while: what was routed a moment ago must have arrived."""
    moved = _move(channel, direct, source, target)
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < QUIET_SECONDS:
        time.sleep(0.1)
        if more := _move(channel, direct, source, target):
            moved += more
            quiet_since = time.monotonic()
    return moved


def _move(channel: Any, direct: str, source: str, target: str) -> int:
    """Move messages one by one: taken, published with a confirm, and only then acknowledged.

    Args:
        direct: the exchange that the target is bound to by its name.
    """
    moved = 0
    while (message := channel.basic_get(source, no_ack=False)) is not None:
        properties = {
            name: value for name, value in message.properties.items() if name != "application_headers"
        }
        headers = {
            name: value
            for name, value in (message.headers or {}).items()
            if not name.startswith(OF_THE_BROKER)
        }
        # Or what it came by would be forgotten, and be our own exchange now.
        headers[topology.CAME_BY_HEADER] = topology.came_by(direct, message)
        copy = amqp.Message(message.body, application_headers=headers, **properties)
        channel.basic_publish_confirm(copy, direct, target, mandatory=True, confirm_timeout=5)
        channel.basic_ack(message.delivery_tag)
        moved += 1
    return moved
