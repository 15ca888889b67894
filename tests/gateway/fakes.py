"""Real services over a real broker, which speak the documented protocol and do what a test tells them.

They run on an event loop in a thread of their own, so that a test can be plain, synchronous code.
"""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from aio_pika.exceptions import AMQPError

HANG = object()
"""What an operation returns to never answer."""


@dataclass
class Request:
    """A request as it arrived at a service."""

    service: str
    method: str
    kwargs: dict[str, Any]
    headers: dict[str, Any]
    expiration: float | None
    content_type: str | None


class Refused(Exception):
    """Raised by a test's operation to answer with an error."""

    def __init__(self, **error: Any):
        super().__init__(error)
        self.error = error


class Replayed:
    """Returned by a test's operation to answer as a replay."""

    def __init__(self, result: Any):
        self.result = result


@dataclass
class Raw:
    """Returned by a test's operation to answer with bytes that are no reply."""

    content: bytes


class FakeServices:
    """Runs services; ``on`` sets what an operation answers."""

    def __init__(self, amqp_url: str, suffix: str):
        self.rpc_exchange = f"test-rpc-{suffix}"
        self.replies_exchange = f"test-{{service}}-replies-{suffix}"
        self.events_exchange = f"test-identity-events-{suffix}"
        self.every_events_exchange = f"test-{{service}}-events-{suffix}"
        self.requests: list[Request] = []
        self.asked_after: Counter[str] = Counter()
        """How often a service's presence was asked after."""
        self.replies_as_before = False
        """Whether services reply where they were asked, as earlier versions do."""
        self.replied_by: str | None = None
        """The service that replies in place of those that were asked."""
        self._replies: dict[str, Any] = {}
        self._suffix = suffix
        self._amqp_url = amqp_url
        self._operations: dict[str, Callable[[Request], Any]] = {}
        self._consumers: dict[str, tuple[Any, str]] = {}
        self._presences: dict[str, Any] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._run(self._connect())

    def on(self, operation: str, answer: Any) -> None:
        """Let ``service.method`` answer with a value, or with what a function of the request returns."""
        self._operations[operation] = answer if callable(answer) else lambda _request: answer

    def seen(self, operation: str) -> list[Request]:
        """Return the requests that arrived for ``service.method``."""
        return [request for request in self.requests if f"{request.service}.{request.method}" == operation]

    def forget(self) -> None:
        """Forget operations and requests of an earlier test."""
        self._operations.clear()
        self.requests.clear()
        self.asked_after.clear()
        self.replies_as_before, self.replied_by = False, None

    def start(self, *services: str) -> None:
        """Start services that do not run yet."""
        for service in services:
            if service not in self._consumers:
                self._run(self._consume(service))

    def runs(self, service: str) -> bool:
        """Whether a service takes requests."""
        return service in self._consumers

    def stop(self, *services: str) -> None:
        """Stop services; their queues go with them."""
        for service in services:
            if service in self._consumers:
                self.take_no_more(service)
            self._run(self._presences.pop(service).delete(if_unused=False))

    def take_no_more(self, service: str) -> None:
        """Let a service begin to stop: its queue goes, but it is connected and still answers."""
        queue, tag = self._consumers.pop(service)
        self._run(queue.cancel(tag))

    def publish(self, event_type: str, data: dict[str, Any]) -> None:
        """Publish an event of identity."""
        event = {"specversion": "1.0", "id": "1", "type": event_type, "data": data}
        message = aio_pika.Message(json.dumps(event).encode(), content_type="application/cloudevents+json")
        self._run(self._events.publish(message, routing_key=event_type))

    def publish_news(self, service: str, event_type: str, sequence: object) -> None:
        """Publish an event of any service; what it says does not matter, its number does."""
        body = json.dumps({"type": event_type, "sequence": sequence}).encode()
        self._run(self._publish_news(service, event_type, body))

    async def _publish_news(self, service: str, event_type: str, body: bytes) -> None:
        exchange = await self._channel.get_exchange(self.every_events_exchange.format(service=service))
        await exchange.publish(aio_pika.Message(body), routing_key=event_type)

    def close(self) -> None:
        """Delete the exchanges, disconnect, and end the thread."""
        self._run(self._disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _connect(self) -> None:
        self._connection = await aio_pika.connect(self._amqp_url)
        self._channel = await self._connection.channel()
        declare = self._channel.declare_exchange
        self._rpc = await declare(self.rpc_exchange, "topic", durable=True)
        self._events = await declare(self.events_exchange, "topic", durable=True)
        for service in ("identity", "echo", "sales"):
            name = self.replies_exchange.format(service=service)
            self._replies[service] = await declare(name, "topic", durable=True)

    async def _disconnect(self) -> None:
        await self._rpc.delete()
        await self._events.delete()
        for service in ("echo", "sales"):
            await self._channel.exchange_delete(self.every_events_exchange.format(service=service))
        for exchange in self._replies.values():
            await exchange.delete()
        await self._connection.close()

    async def _consume(self, service: str) -> None:
        queue = await self._channel.declare_queue(
            f"test-rpc-{service}-{self._suffix}", durable=True, auto_delete=True
        )
        presence = await self._channel.declare_queue(exclusive=True)
        await presence.bind(self._rpc, routing_key=service)
        await presence.consume(self._count, no_ack=True)
        self._presences[service] = presence
        await queue.bind(self._rpc, routing_key=f"{service}.*")
        self._consumers[service] = (queue, await queue.consume(self._answer))

    async def _count(self, message: AbstractIncomingMessage) -> None:
        self.asked_after[message.routing_key or ""] += 1

    async def _answer(self, message: AbstractIncomingMessage) -> None:
        await message.ack()
        service, _, method = (message.routing_key or "").partition(".")
        request = Request(
            service,
            method,
            json.loads(message.body)["kwargs"],
            dict(message.headers),
            message.expiration,
            message.content_type,
        )
        self.requests.append(request)
        operation = self._operations.get(f"{service}.{method}")
        result: Any = None
        reply: dict[str, Any] = {"result": None, "error": None}
        if operation is None:
            reply["error"] = {"exc_type": "MethodNotFound", "value": method}
        else:
            try:
                result = operation(request)
                if asyncio.iscoroutine(result):
                    result = await result
            except Refused as refused:
                reply["error"] = refused.error
            else:
                if result is HANG:
                    return
                if isinstance(result, Replayed):
                    reply["replayed"] = True
                    result = result.result
                reply["result"] = None if isinstance(result, Raw) else result
        body = result.content if isinstance(result, Raw) else json.dumps(reply).encode()
        try:
            # A service that the gateway has no contract of replies where it was asked, as earlier versions do.
            own = self._replies.get(self.replied_by or service, self._rpc)
            replies = self._rpc if self.replies_as_before else own
            await replies.publish(
                aio_pika.Message(body, correlation_id=message.correlation_id),
                routing_key=message.reply_to or "",
            )
        except AMQPError:
            pass  # The caller's reply queue went with its connection.


class Cable:
    """A TCP connection to the broker that a test can cut, or fill so that nothing comes through."""

    def __init__(self, host: str, port: int):
        self._target = (host, port)
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.mend()

    def mend(self) -> None:
        """Let connections through."""
        self._run(self._mend())

    def cut(self) -> None:
        """Close all connections and accept no new ones."""
        self._run(self._cut())

    def silence(self) -> None:
        """Keep connections open and let no byte through."""
        self._loop.call_soon_threadsafe(self._open.clear)

    def close(self) -> None:
        """Cut the cable for good."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _mend(self) -> None:
        self._open.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        self._writers += [writer, far_writer]
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while chunk := await source.read(65536):
                await self._open.wait()
                sink.write(chunk)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()


def eventually(check: Callable[[], Any], timeout: float = 10.0) -> Any:
    """Return the first truthy answer of a check; fail when none comes in time."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if answer := check():
            return answer
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")
