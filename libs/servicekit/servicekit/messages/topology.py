"""The names and declarations of exchanges and queues: what the broker must know before a service starts.

Where every service has an account of its own (``servicekit.messages.rights``), the exchanges and the stream belong to
nobody who could delete them: they are made with the accounts. On a broker with one account for all, whoever needs one
declares it.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import amqp
import structlog
from kombu import Exchange, Queue, binding

from servicekit.base.settings import Settings
from servicekit.messages.broker import connection_to

log = structlog.get_logger("topology")

RPC_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True, no_declare=True)
"""Requests of the gateway; the routing key is ``<service>.<operation>``."""
OPERATOR_EXCHANGE = Exchange("kehu.operator", type="topic", durable=True, no_declare=True)
"""Requests of whoever operates the broker, with the same keys: they need no caller to look after the bus."""
EVERYBODY = Exchange("kehu.events", type="topic", durable=True, no_declare=True)
"""What any service publishes: bound from every ``<service>.events``, and every ``<service>.direct`` for inboxes."""
ANY = "*"
"""The ``source`` of an event that any service may publish."""
REPLY_PREFIX = "reply."
"""Begins the routing key of a reply that goes to the replying service's own exchange."""
EVENT_CONTENT_TYPE = "application/cloudevents+json"
FEED = "kehu.feed"
CAME_BY_HEADER = "x-came-by"
"""The exchange that an event was first published to, where its consumer has published it once more."""


def rpc_queue(service: str) -> Queue:
    """Return the queue of a service's requests.

    It is deleted with its last consumer, so that a call to a stopped service comes back to the caller at once and
    no request is carried out after its caller has gone.
    """
    return Queue(
        f"rpc-{service}",
        bindings=[
            binding(exchange, routing_key=f"{service}.*") for exchange in (RPC_EXCHANGE, OPERATOR_EXCHANGE)
        ],
        durable=True,
        auto_delete=True,
        queue_arguments={"x-queue-type": "classic"},
    )


def presence_queue(service: str, process: UUID) -> Queue:
    """Return the queue that is there as long as a process of a service is connected. It keeps nothing.

    Who waits for an answer publishes to the service's name: a message that comes back as unroutable says that no
    process is left that could answer. The queue of requests cannot tell, as a stopping service gives it up first.
    """
    return Queue(
        f"{service}.presence-{process}",
        exchange=RPC_EXCHANGE,
        routing_key=service,
        durable=False,
        exclusive=True,
        queue_arguments={"x-queue-type": "classic", "x-max-length": 0},
    )


def events_exchange(service: str) -> Exchange:
    """Return the exchange that a service publishes its events to."""
    return Exchange(f"{service}.events", type="topic", durable=True)


def direct_exchange(service: str) -> Exchange:
    """Return the exchange through which a service speaks to one queue: to wait there, or to be told again.

    The routing key is the queue's name. The default exchange would do the same, but who may write to that may write
    into every queue of everybody. It is a topic exchange because the broker checks the keys of those only.
    """
    return Exchange(f"{service}.direct", type="topic", durable=True)


def came_by(direct: str, message: Any) -> str:
    """Return the exchange that an event was first published to: who may write there is who has published it.

    An event that its consumer sent to itself, to be tried again or while a queue was moved, says it in a header, which
    is believed by that way only. Retry queues of earlier versions return events by the default exchange, to which no
    account may publish.

    Args:
        direct: the consumer's own exchange, to which it alone may publish.
    """
    exchange = str(message.delivery_info.get("exchange") or "")
    return (
        exchange if exchange not in (direct, "") else str((message.headers or {}).get(CAME_BY_HEADER, direct))
    )


def replies_exchange(service: str) -> Exchange:
    """Return the exchange that a service replies to: it alone may write there, and those who ask may bind to it."""
    return Exchange(f"{service}.replies", type="topic", durable=True, no_declare=True)


def inbox_queue(service: str) -> Queue:
    """Return the queue a service's events come in through."""
    return Queue(f"{service}.inbox", durable=True, queue_arguments={"x-queue-type": "quorum"})


def numbers_queue(service: str) -> Queue:
    """Return the queue that keeps one message: the last sequence number that the service was about to publish."""
    arguments = {"x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "drop-head"}
    return Queue(f"{service}.numbers", durable=True, queue_arguments=arguments)


def history_queue(service: str) -> Queue:
    """Return the queue that keeps one message: how far the chain of the service's history went, and its digest."""
    arguments = {"x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "drop-head"}
    return Queue(f"{service}.history", durable=True, queue_arguments=arguments)


def retry_queue(service: str, delay: float) -> Queue:
    """Return the queue in which a failed event waits for a delay in seconds, then returns to the inbox queue.

    One queue a delay: messages leave a queue at its head only, so different delays must not stand in one line.
    """
    milliseconds = round(delay * 1000)
    return Queue(
        f"{service}.retry.{milliseconds}",
        durable=True,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-message-ttl": milliseconds,
            "x-dead-letter-exchange": f"{service}.direct",
            "x-dead-letter-routing-key": f"{service}.inbox",
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )


def feed_queue(settings: Settings) -> Queue:
    """Return the stream of all events that downstream systems read at their own pace."""
    return Queue(
        FEED,
        durable=True,
        queue_arguments={
            "x-queue-type": "stream",
            "x-max-length-bytes": settings.feed_max_bytes,
            "x-max-age": settings.feed_max_age,
        },
    )


def inbox_queues(service: str, settings: Settings) -> list[Queue]:
    """Return the queues that hold a service's events: the inbox, and one for each delay of a failed event."""
    return [inbox_queue(service), *(retry_queue(service, delay) for delay in settings.event_retry_delays)]


def bindings_of(service: str, listened: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return by which exchanges and keys a service's inbox comes to what it listens to and is told again."""
    inbox = inbox_queue(service).name
    found = []
    for publisher, event_type in listened:
        anybody = publisher == ANY
        found.append((EVERYBODY.name if anybody else events_exchange(publisher).name, event_type))
        found.append((EVERYBODY.name if anybody else direct_exchange(publisher).name, inbox))
    return list(dict.fromkeys(found))


def contributions_of(service: str) -> list[tuple[str, str]]:
    """Return by which exchanges and keys what a service sends goes to the exchange that all contribute to."""
    return [(events_exchange(service).name, "#"), (direct_exchange(service).name, inbox_queue("*").name)]


def declare(service: str, listened: Iterable[tuple[str, str]], settings: Settings) -> None:
    """Declare a service's part of the topology; declaring what is there already changes nothing.

    Args:
        service: the service's name.
        listened: pairs of publishing service, or ``ANY``, and event type that it listens to.
    """
    listened = list(listened)
    publishers = dict.fromkeys(publisher for publisher, _ in listened if publisher != ANY)
    with connection_to(settings, connect_timeout=5) as connection:
        for exchange in (RPC_EXCHANGE, OPERATOR_EXCHANGE, EVERYBODY, replies_exchange(service)):
            ensure_exchange(connection, exchange)
        for each in (service, *publishers):
            ensure_exchange(connection, events_exchange(each))
            ensure_exchange(connection, direct_exchange(each))
        _ensure_feed(connection, service, settings)
        contribute(connection, service)
        with connection.channel() as channel:
            for queue in (*inbox_queues(service, settings), numbers_queue(service), history_queue(service)):
                queue(channel).declare()
                channel.queue_bind(queue.name, f"{service}.direct", queue.name)
            for source, key in bindings_of(service, listened):
                channel.queue_bind(inbox_queue(service).name, source, key)


def ensure_exchange(connection: Any, exchange: Exchange) -> None:
    """Declare an exchange unless it is there: an account that may declare none need not, if somebody has."""
    if not _is_there(connection, lambda channel: channel.exchange_declare(exchange.name, "", passive=True)):
        with connection.channel() as channel:
            channel.exchange_declare(exchange.name, exchange.type, durable=True, auto_delete=False)


def _ensure_feed(connection: Any, service: str, settings: Settings) -> None:
    """See that the stream gets a service's events. A service that may not bind it finds it bound already."""
    if not _is_there(connection, lambda channel: channel.queue_declare(FEED, passive=True)):
        with connection.channel() as channel:
            feed_queue(settings)(channel).queue_declare()
    _bind_if_allowed(connection, "queue_bind", FEED, f"{service}.events", "#")


def contribute(connection: Any, service: str) -> None:
    """See that whoever listens to any service hears this one. One that may not bind it finds it bound already."""
    for source, key in contributions_of(service):
        _bind_if_allowed(connection, "exchange_bind", EVERYBODY.name, source, key)


def _bind_if_allowed(connection: Any, how: str, destination: str, source: str, key: str) -> None:
    try:
        with connection.channel() as channel:
            getattr(channel, how)(destination, source, key)
    except amqp.exceptions.AccessRefused:
        log.info("bound by whoever keeps the broker", destination=destination, source=source)


def _is_there(connection: Any, ask: Any) -> bool:
    """Whether a passive declaration finds what it names; the broker closes the channel where it does not."""
    channel = connection.channel()
    try:
        ask(channel)
    except amqp.exceptions.NotFound:
        return False
    channel.close()
    return True
