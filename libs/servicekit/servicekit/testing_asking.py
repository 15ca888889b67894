"""Requests of tests over the broker."""

import contextlib
import socket
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import orjson
from kombu import Connection, Consumer, Producer, Queue
from kombu.message import Message

from servicekit.base.context import HEADER_PREFIX
from servicekit.messages import topology


class Asking:
    """Requests over the broker, with one queue for all replies: declaring one each costs more than the request."""

    def __init__(self, connection: Connection, service: str) -> None:
        self.connection = connection
        self.reply_to = f"{topology.REPLY_PREFIX}{uuid4()}"
        self.replies: dict[str, dict[str, Any]] = {}
        channel = connection.channel()
        queue = Queue(
            f"test.{self.reply_to}", exchange=topology.replies_exchange(service), routing_key=self.reply_to,
            exclusive=True, auto_delete=True, durable=False,
        )  # fmt: skip
        Consumer(channel, [queue], on_message=self._keep, no_ack=True).consume()
        self.producer = Producer(channel)

    def _keep(self, message: Message) -> None:
        self.replies[message.properties["correlation_id"]] = orjson.loads(message.body)

    def ask(
        self, routing_key: str, arguments: Mapping[str, Any], headers: Mapping[str, str], timeout: float
    ) -> dict[str, Any]:
        """Send a request, and return the reply to it."""
        correlation_id = str(uuid4())
        exchange = topology.RPC_EXCHANGE if "caller" in headers else topology.OPERATOR_EXCHANGE
        self.producer.publish(
            {"args": [], "kwargs": dict(arguments)},
            exchange=exchange.name,
            routing_key=routing_key,
            serializer="json",
            reply_to=self.reply_to,
            correlation_id=correlation_id,
            headers={HEADER_PREFIX + name: value for name, value in headers.items()},
        )
        until = time.monotonic() + timeout
        while correlation_id not in self.replies and time.monotonic() < until:
            with contextlib.suppress(socket.timeout):
                self.connection.drain_events(timeout=0.5)
        assert correlation_id in self.replies, f"no reply from {routing_key}"
        return self.replies.pop(correlation_id)
