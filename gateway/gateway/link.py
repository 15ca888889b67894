"""A live connection to the broker: what it declares, and the calls that wait for a reply on it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import NamedTuple
from uuid import uuid4

import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aiormq import Channel as AmqpChannel
from aiormq.abc import DeliveredMessage
from aiormq.exceptions import AMQPError, ChannelNotFoundEntity, PublishError

from gateway import metrics
from gateway.errors import Problem, unavailable
from gateway.settings import Settings

log = structlog.get_logger()

WATCH_SECONDS = 0.2
"""Between two looks whether the broker has an alarm and the services are there, and how long each look may take."""

OnEvent = Callable[[AbstractIncomingMessage], Awaitable[None]]
OnNews = Callable[[str, str, bytes], None]
"""Is told the exchange, the type and the body of an event."""

MOST_NEWS = 1000
"""Events the broker keeps for a worker that is busy; what is dropped then is only the oldest of the news."""


class Call(NamedTuple):
    """A call that waits for its reply."""

    service: str
    answer: asyncio.Future[bytes]


class Asked(NamedTuple):
    """The services that a gateway asks and hears of."""

    services: Iterable[str]
    events: Iterable[str]
    """Their exchanges of events."""


class Link:
    """A connection with its reply queue; ``lost`` is set as soon as any part of it is gone."""

    channel: AmqpChannel
    """The channel calls are published on. Below aio-pika's message objects a publish costs 67 µs of CPU instead
    of 103 to 146."""
    reply_to: str
    """The routing key of the reply queue."""

    def __init__(self, connection: AbstractConnection):
        self.lost = asyncio.Event()
        self.blocked = False
        """Whether the broker has a memory or disk alarm and reads nothing of what is published here."""
        self.pending: dict[str, Call] = {}
        self.publishing: dict[str, asyncio.Timeout] = {}
        """The time limits of calls that the broker has not confirmed yet: under an alarm it never does."""
        self._seen: set[str] = set()
        """Services that were connected at some time. One that never says so is waited for until the time is up."""
        self._connection = connection
        connection.close_callbacks.add(self._on_lost)

    async def open(self, settings: Settings, on_event: OnEvent, asked: Asked, on_news: OnNews) -> None:
        """Consume the reply queue, a queue for what identity says about sessions, and one for news."""
        await self._open_calls(settings, asked.services)
        await self._open_events(settings, on_event)
        await self._open_news(asked.events, on_news)

    def close(self) -> None:
        """Fail every call that still waits."""
        self.lost.set()
        self._fail_all(broker_lost())

    async def watch(self) -> None:
        """Notice when the broker blocks this connection, or a service is gone, and fail at once what waits for it."""
        ready = self.channel.connection.ready
        while not self.lost.is_set():
            if self.pending and not self.blocked:
                await self._ask_after_services()
            try:
                async with asyncio.timeout(WATCH_SECONDS):
                    await ready()
                self.blocked = False
            except TimeoutError:
                self.blocked = True
                self._fail_all(broker_blocked())
            with suppress(TimeoutError):
                async with asyncio.timeout(WATCH_SECONDS):
                    await self.lost.wait()

    async def _ask_after_services(self) -> None:
        """Ask whether the services that owe an answer are connected; fail the calls to those that are gone.

        A request that is in the queue of a process when it is killed goes with it, and nobody says so. Besides, the
        broker tells of an alarm only those who publish: calls that wait for replies which a service cannot publish
        either would not hear of it otherwise.
        """
        calls: dict[str, list[str]] = {}
        for call_id, call in self.pending.items():
            calls.setdefault(call.service, []).append(call_id)
        connected = await asyncio.gather(*map(self._is_connected, calls))
        for (service, ids), is_connected in zip(calls.items(), connected, strict=True):
            if is_connected:
                self._seen.add(service)
            elif service in self._seen:
                self._fail(ids, service_gone(service))

    async def _is_connected(self, service: str) -> bool:
        """Whether the presence queue of any of a service's processes is there; if the broker does not say, it is."""
        try:
            async with asyncio.timeout(WATCH_SECONDS):
                await self.channel.basic_publish(
                    b"", exchange=self._rpc_exchange, routing_key=service, mandatory=True, wait=False
                )
        except PublishError:
            return False
        except asyncio.CancelledError:
            # A channel that closes cancels what is being published; that is not this watch being cancelled.
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
        except Exception as error:
            if not is_loss(error):
                raise
        return True  # Or the link is lost, or about to be, and others tell of it.

    def _fail(self, call_ids: Iterable[str], problem: Problem) -> None:
        for call_id in call_ids:
            call = self.pending.pop(call_id, None)
            if call is not None and not call.answer.done():
                call.answer.set_exception(problem)

    def _fail_all(self, problem: Problem) -> None:
        self._fail(list(self.pending), problem)
        for limit in self.publishing.values():
            with suppress(RuntimeError):  # Its time is up at this very moment anyway.
                limit.reschedule(asyncio.get_running_loop().time())
        self.publishing.clear()

    async def _open_calls(self, settings: Settings, services: Iterable[str]) -> None:
        self._rpc_exchange = settings.rpc_exchange
        self._replies_exchange = settings.replies_exchange
        repliers = [settings.replies_exchange.format(service=service) for service in services]
        for name in (settings.rpc_exchange, *repliers):
            await self._ensure_exchange(name)
        # A message that no queue takes comes back as an error at once, rather than never.
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self.channel = await self._guarded(channel)
        self.reply_to = f"reply.{uuid4()}"
        queue = await channel.declare_queue(f"gateway.{self.reply_to}", exclusive=True, auto_delete=True)
        # Services of a version before replies had exchanges of their own reply where they were asked.
        for name in (settings.rpc_exchange, *repliers):
            await queue.bind(name, routing_key=self.reply_to)
        await self.channel.basic_consume(queue.name, self._on_reply, no_ack=True)

    async def _open_events(self, settings: Settings, on_event: OnEvent) -> None:
        channel = await self._connection.channel(publisher_confirms=False)
        await self._guarded(channel)
        exchange = settings.identity_events_exchange
        await self._ensure_exchange(exchange)
        queue = await channel.declare_queue(f"gateway.sessions-{uuid4()}", exclusive=True, auto_delete=True)
        for event_type in ("access.changed", "session.revoked", "signing_key.withdrawn"):
            await queue.bind(exchange, routing_key=event_type)
        await queue.consume(on_event, no_ack=True)

    async def _open_news(self, followed: Iterable[str], on_news: OnNews) -> None:
        channel = await self._connection.channel(publisher_confirms=False)
        underlay = await self._guarded(channel)
        queue = await channel.declare_queue(
            f"gateway.news-{uuid4()}", exclusive=True, auto_delete=True, arguments={"x-max-length": MOST_NEWS}
        )
        for name in followed:
            await self._ensure_exchange(name)
            await queue.bind(name, routing_key="#")

        async def hear(message: DeliveredMessage) -> None:
            on_news(message.exchange or "", message.routing_key or "", message.body)

        await underlay.basic_consume(queue.name, hear, no_ack=True)

    async def _ensure_exchange(self, name: str) -> None:
        """Declare an exchange unless it is there: our account may declare none where they come with the accounts."""
        channel = await self._connection.channel(publisher_confirms=False)
        try:
            await channel.get_exchange(name, ensure=True)
        except ChannelNotFoundEntity:
            channel = await self._connection.channel(publisher_confirms=False)
            await channel.declare_exchange(name, "topic", durable=True)
        await channel.close()

    async def _guarded(self, channel: AbstractChannel) -> AmqpChannel:
        channel.close_callbacks.add(self._on_lost)
        underlay = await channel.get_underlay_channel()
        assert isinstance(underlay, AmqpChannel)
        underlay.on_consumer_cancel_callbacks.add(self._on_lost)
        return underlay

    async def _on_reply(self, message: DeliveredMessage) -> None:
        """Hand a reply to the call that waits for it; nobody waits for a late one.

        It counts only where the service that was asked, and no other, may publish it.
        """
        call_id = message.header.properties.correlation_id or ""
        call = self.pending.get(call_id)
        if call is None or call.answer.done():
            metrics.LATE_REPLIES.inc()
        elif message.exchange not in (
            self._replies_exchange.format(service=call.service),
            self._rpc_exchange,
        ):
            log.error("reply of another service refused", service=call.service, exchange=message.exchange)
        else:
            del self.pending[call_id]
            call.answer.set_result(message.body)

    def _on_lost(self, *_: object) -> None:
        self.lost.set()


def is_loss(error: Exception) -> bool:
    """Tell whether an error says that the connection is gone. A bare Exception does: aiormq gives up with it what waits
    on a channel that it closes without knowing why."""
    return isinstance(error, (AMQPError, OSError, RuntimeError)) or type(error) is Exception


def broker_blocked() -> Problem:
    """Return the problem of a call while the broker takes nothing from publishers."""
    return unavailable("service-unavailable", "The message broker has an alarm and takes no requests.")


def service_gone(service: str) -> Problem:
    """Return the problem of a call to a service whose last process has gone meanwhile."""
    return unavailable(
        "service-unavailable",
        f"{service} was stopped meanwhile; the request may or may not have been carried out.",
    )


def broker_lost() -> Problem:
    """Return the problem of a call that was under way when the connection went."""
    return unavailable(
        "service-unavailable",
        "The connection to the message broker was lost; the request may or may not have been carried out.",
    )
