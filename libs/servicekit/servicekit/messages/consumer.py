"""A consumer of one queue: one connection, polite stopping, reconnecting by itself.

Nameko's consumer closes its connection while workers still run, so their messages are delivered again elsewhere.
This one stops taking messages first, and leaves only when everything it took has been answered.
"""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import amqp
import structlog
from eventlet.event import Event as Signal
from kombu import Connection, Consumer, Queue
from kombu.message import Message

from servicekit.base.settings import Settings
from servicekit.messages.broker import connection_to
from servicekit.messages.writing import GatheringWriter, publish

log = structlog.get_logger("consumer")

TICK_SECONDS = 0.5


class QueueConsumer:
    """Takes messages from a queue and hands them to ``receive``, which must arrange for ``ack`` or ``requeue``.

    Args:
        queue: what to consume; it is declared on every connection.
        prefetch: the most messages taken and not yet acknowledged.
        receive: called with each message on the consuming greenlet; it must not block.
        presence: makes a queue to declare first on every connection, which goes with the connection.
    """

    def __init__(
        self,
        queue: Queue,
        prefetch: int,
        settings: Settings,
        receive: Callable[[Message], None],
        presence: Callable[[], Queue] | None = None,
    ) -> None:
        self.queue = queue
        self.prefetch = prefetch
        self.settings = settings
        self.receive = receive
        self.presence = presence
        self.ready = Signal()
        self.connected = False
        self.stopping = False
        self.in_flight = 0
        self._channel: Any = None
        self._aside: Any = None

    def run(self) -> None:
        """Consume until stopped; connection losses are logged and mended."""
        delay = 0.2
        while not (self.stopping and self.in_flight == 0):
            try:
                with self._connect() as connection:
                    delay = 0.2
                    self._consume(connection)
            except Exception as error:
                if self.stopping:
                    break
                log.warning(
                    "broker connection lost", queue=self.queue.name, error=str(error), retry_seconds=delay
                )
                time.sleep(delay)
                delay = min(delay * 2, 3.0)
            finally:
                self.connected = False
        if not self.ready.ready():
            self.ready.send()

    def stop(self) -> None:
        """Take no more messages; ``run`` returns when those in hand are answered."""
        self.stopping = True

    @contextlib.contextmanager
    def _connect(self) -> Iterator[Connection]:
        heartbeat = self.settings.amqp_heartbeat
        connection = connection_to(
            self.settings,
            connect_timeout=3,
            heartbeat=heartbeat,
            # py-amqp is not made for several writers, and acknowledgements, replies and heartbeats come from many.
            transport_options={"frame_writer": GatheringWriter},
        )
        try:
            connection.connect()
            yield connection
        finally:
            connection.collect(socket_timeout=1)

    def _consume(self, connection: Connection) -> None:
        channel = connection.channel()
        self._channel = channel
        # Messages of an earlier connection have been given back by the broker: they are no longer ours to answer.
        self.in_flight = 0
        if self.presence:
            self.presence()(channel).declare()
        self._aside = connection.channel()
        consumer = Consumer(channel, queues=[self.queue], on_message=self._take, auto_declare=True)
        consumer.qos(prefetch_count=self.prefetch)
        consumer.consume()
        self.connected = True
        if not self.ready.ready():
            self.ready.send()
        cancelled = False
        checked = time.monotonic()
        while True:
            if self.stopping and not cancelled:
                consumer.cancel()
                cancelled = True
            if cancelled and self.in_flight == 0:
                connection.connection.frame_writer.flush()
                return
            with contextlib.suppress(socket.timeout):
                self._drain(connection, 0.02 if cancelled else TICK_SECONDS)
            if time.monotonic() - checked >= self.settings.amqp_heartbeat / 4:
                checked = time.monotonic()
                connection.heartbeat_check(rate=2)

    def _drain(self, connection: Connection, seconds: float) -> None:
        try:
            connection.drain_events(timeout=seconds)
        except amqp.exceptions.AccessRefused as error:
            if not self._channel.is_open:
                raise
            self._aside = None
            log.warning("our account may not publish there; it is not tried again", error=str(error))

    def _take(self, message: Message) -> None:
        self.in_flight += 1
        self.receive(message)

    def ack(self, message: Message) -> None:
        """Tell the broker that a message is done with."""
        self._settle(message, message.ack)

    def requeue(self, message: Message) -> None:
        """Give a message back to the broker."""
        self._settle(message, message.requeue)

    def _settle(self, message: Message, answer: Callable[[], None]) -> None:
        if message.channel is not self._channel:
            return  # Its connection is gone, and the broker has it back.
        self.in_flight -= 1
        try:
            answer()
        except Exception as error:
            log.debug("could not settle a message, the broker takes it back", error=str(error))

    def publish(self, message: Any, exchange: str, routing_key: str) -> None:
        """Publish on the consuming connection, transient and unconfirmed: good for replies, not for events."""
        publish(self._channel, message, exchange, routing_key)

    def publish_aside(self, message: Any, exchange: str, routing_key: str) -> None:
        """Publish to an exchange that we may have no right to: a refusal then closes only a channel kept for this."""
        if self._aside is not None:
            publish(self._aside, message, exchange, routing_key)
