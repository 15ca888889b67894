"""The Nameko side of the inbox: takes events from the service's queue, runs their handlers, retries and parks.

Events of one record go through one lane, one after the other; different records are handled side by side. A record's
event that has to be retried leaves its lane and may be overtaken, which is why handlers skip what is old.
"""

import contextlib
from typing import Any
from uuid import UUID
from zlib import crc32

import amqp
import structlog
from eventlet.event import Event as Signal
from eventlet.queue import Queue as LaneQueue
from kombu.message import Message
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from servicekit.base.settings import Settings
from servicekit.messages import topology
from servicekit.messages.broker import connection_to
from servicekit.messages.consumer import QueueConsumer
from servicekit.messages.events import Event, Foreign, check_publisher
from servicekit.messages.inbox import Inbox, Key, Unreadable, handler_for, read_envelope

log = structlog.get_logger("events")

LANES = 8
PREFETCH = 64
ATTEMPT_HEADER = "x-attempts"
REDRIVEN_HEADER = "x-redriven"
REPLAY_HEADER = "x-replay"


class EventConsumer(SharedExtension, ProviderCollector):
    """Takes a service's events from its inbox queue. One for all handlers of a service."""

    def __init__(self) -> None:
        super().__init__()
        self.entrypoints: dict[Key, EventEntrypoint] = {}

    def setup(self) -> None:
        """Prepare the consumer and its lanes."""
        self.settings = Settings()
        self.service = self.container.service_name
        self.direct = topology.direct_exchange(self.service).name
        self.consumer = QueueConsumer(
            topology.inbox_queue(self.service), PREFETCH, self.settings, self.receive
        )
        self.lanes: list[LaneQueue] = [LaneQueue() for _ in range(LANES)]

    def register_provider(self, provider: "EventEntrypoint") -> None:
        """Add a handler."""
        super().register_provider(provider)
        self.entrypoints[provider.event_class.source, provider.event_class.type] = provider

    def start(self) -> None:
        """Consume, and return when the broker has answered."""
        self.inbox: Inbox = next(p.inbox for p in self.container.dependencies if hasattr(p, "inbox"))
        for lane in self.lanes:
            self.container.spawn_managed_thread(lambda lane=lane: self._work(lane))
        self.thread = self.container.spawn_managed_thread(self.consumer.run)
        self.consumer.ready.wait()

    def unregister_provider(self, provider: "EventEntrypoint") -> None:
        """Stop taking events as soon as the first handler stops; wait for those in hand."""
        self.consumer.stop()
        super().unregister_provider(provider)

    def stop(self) -> None:
        """Wait until every event in hand is settled."""
        self.wait_for_providers()
        self.thread.wait()

    def receive(self, message: Message) -> None:
        """Put an event into its record's lane; what cannot be read goes into any, to be parked."""
        subject = b""
        with contextlib.suppress(ValueError):
            subject = str(read_envelope(_body(message)).get("subject")).encode()
        self.lanes[crc32(subject) % LANES].put(message)

    def _work(self, lane: LaneQueue) -> None:
        while True:
            message = lane.get()
            if self.consumer.stopping:
                self.consumer.requeue(message)
                continue
            self._handle(message)

    def _handle(self, message: Message) -> None:
        """Run the handler in a worker and wait for it, so that the lane keeps its order."""
        body = _body(message)
        header = (message.headers or {}).get(ATTEMPT_HEADER, 0)
        attempts = header if isinstance(header, int) else 0
        # A delivery that was given back may have left a note of its failure, which a success has to remove.
        tried = attempts or int(bool(message.delivery_info.get("redelivered")))
        try:
            entrypoint = self._entrypoint_for(message, body)
        except (ValueError, LookupError, Foreign) as error:
            self._settle_failure(message, body, attempts, error, final=True)
            return
        finished = Signal()

        def finish(_worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            finished.send(exc_info[1] if exc_info else None)
            return result, None

        try:
            self.container.spawn_worker(
                entrypoint, (body, tried), _marks(message), context_data={}, handle_result=finish
            )
        except ContainerBeingKilled:
            self.consumer.requeue(message)
            return
        failure = finished.wait()
        if failure is None:
            self.consumer.ack(message)
        else:
            self._settle_failure(message, body, attempts, failure, final=isinstance(failure, Unreadable))

    def _entrypoint_for(self, message: Message, body: bytes) -> "EventEntrypoint":
        """Return what handles an event.

        Raises:
            ValueError: if it is none.
            LookupError: if nobody handles its type.
            Foreign: if it is not of the service whose events are of its type.
        """
        envelope = read_envelope(body)
        entrypoint = handler_for(self.entrypoints, envelope)
        if entrypoint is None:
            raise LookupError("nobody handles this type")
        check_publisher(entrypoint.event_class, envelope, topology.came_by(self.direct, message), self.direct)
        return entrypoint

    def _settle_failure(
        self, message: Message, body: bytes, attempts: int, error: Exception, *, final: bool
    ) -> None:
        """Send a failed event to wait for its next try, or park it; give it back if neither can be done."""
        delays = self.settings.event_retry_delays
        last = final or attempts >= len(delays)
        log.warning(
            "event parked" if last else "event failed", attempts=attempts + 1, error=str(error).partition("\n")[0],
            error_type=type(error).__name__, **_names_of(body),
        )  # fmt: skip
        try:
            try:
                self.inbox.record_failure(
                    body, attempts + 1, error, last=last, replay_id=_marks(message).get("replay_id")
                )
            except Exception as failure:
                # Our database is away: that is no fault of the event. It waits and keeps its number of tries.
                log.warning("failure could not be recorded", error=str(failure))
                last = False
                attempts = min(attempts, len(delays) - 1) - 1
            if not last:
                delay = delays[max(attempts, 0)]
                self._publish_retry(message, body, attempts + 1, delay)
            self.consumer.ack(message)
        except Exception as failure:
            log.warning("event given back to the broker", error=str(failure))
            self.consumer.requeue(message)

    def _publish_retry(self, message: Message, body: bytes, attempts: int, delay: float) -> None:
        """Publish to a retry queue with a confirm, so that acknowledging the original loses nothing."""
        with connection_to(self.settings, connect_timeout=3, heartbeat=0) as connection:
            channel = connection.channel()
            retry = amqp.Message(
                body,
                content_type=message.properties.get("content_type", topology.EVENT_CONTENT_TYPE),
                delivery_mode=2,
                application_headers={
                    **_kept_headers(message),
                    ATTEMPT_HEADER: attempts,
                    topology.CAME_BY_HEADER: topology.came_by(self.direct, message),
                },
            )
            channel.basic_publish_confirm(
                retry,
                self.direct,
                topology.retry_queue(self.service, delay).name,
                mandatory=True,
                confirm_timeout=5,
            )


class EventEntrypoint(Entrypoint):
    """Runs one handler of the service."""

    consumer = EventConsumer()

    @property
    def event_class(self) -> type[Event]:
        """The event that the handler listens to."""
        event_class: type[Event] = getattr(self.container.service_cls, self.method_name).listens_to
        return event_class

    def setup(self) -> None:
        """Join the service's one consumer."""
        self.consumer.register_provider(self)

    def stop(self) -> None:
        """Leave the consumer."""
        self.consumer.unregister_provider(self)


def _names_of(body: bytes) -> dict[str, str]:
    """Return what an event can be found by: what it tells is not for logs, which other people read."""
    with contextlib.suppress(ValueError):
        message = read_envelope(body)
        return {
            "event_id": message["id"],
            "event_type": message["type"],
            "correlation_id": message["correlationid"],
        }
    return {}


def _body(message: Message) -> bytes:
    return message.body if isinstance(message.body, bytes) else str(message.body).encode()


def _kept_headers(message: Message) -> dict[str, Any]:
    """Return what an event's next try must know of how it came."""
    headers = message.headers or {}
    return {name: headers[name] for name in (REDRIVEN_HEADER, REPLAY_HEADER) if name in headers}


def _marks(message: Message) -> dict[str, Any]:
    """Return what makes a delivery other than the first of an event, as arguments of ``Inbox.handle``."""
    marks: dict[str, Any] = {}
    headers = message.headers or {}
    if headers.get(REDRIVEN_HEADER):
        marks["redriven"] = True
    with contextlib.suppress(ValueError, TypeError):
        marks["replay_id"] = UUID(str(headers.get(REPLAY_HEADER)))
    return marks
