"""The names and declarations of exchanges and queues: what the broker must know before a service starts."""

from collections.abc import Iterable
from uuid import UUID

from kombu import Connection, Exchange, Queue

from servicekit.settings import Settings

RPC_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)
EVENT_CONTENT_TYPE = "application/cloudevents+json"
FEED = "kehu.feed"


def rpc_queue(service: str) -> Queue:
    """Return the queue of a service's requests.

    It is deleted with its last consumer, so that a call to a stopped service comes back to the caller at once and
    no request is carried out after its caller has gone.
    """
    return Queue(
        f"rpc-{service}",
        exchange=RPC_EXCHANGE,
        routing_key=f"{service}.*",
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


def inbox_queue(service: str) -> Queue:
    """Return the queue a service's events come in through."""
    return Queue(f"{service}.inbox", durable=True, queue_arguments={"x-queue-type": "quorum"})


def retry_queue(service: str, delay: float) -> Queue:
    """Return the queue in which a failed event waits for a delay in seconds, then returns to the inbox queue.

    One queue a delay: messages leave a queue at its head only, so different delays must not stand in one line.
    """
    milliseconds = round(delay * 1000)
    return Queue(
        f"{service}.inbox.retry.{milliseconds}",
        durable=True,
        queue_arguments={
            "x-queue-type": "quorum",
            "x-message-ttl": milliseconds,
            "x-dead-letter-exchange": "",
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


def declare(service: str, listened: Iterable[tuple[str, str]], settings: Settings) -> None:
    """Declare a service's part of the topology; declaring what is there already changes nothing.

    Args:
        service: the service's name.
        listened: pairs of publishing service and event type that it listens to.
    """
    with Connection(settings.amqp_url, connect_timeout=5) as connection, connection.channel() as channel:
        RPC_EXCHANGE(channel).declare()
        own = events_exchange(service)(channel)
        own.declare()
        feed = feed_queue(settings)(channel)
        feed.declare()
        feed.bind_to(own, routing_key="#")
        inbox = inbox_queue(service)(channel)
        inbox.declare()
        for delay in settings.event_retry_delays:
            retry_queue(service, delay)(channel).declare()
        for publisher, event_type in listened:
            exchange = events_exchange(publisher)(channel)
            exchange.declare()
            inbox.bind_to(exchange, routing_key=event_type)
