"""A live connection to the broker: what it declares, and the calls that wait for a reply on it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from uuid import uuid4

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage
from aiormq.abc import AbstractChannel as AmqpChannel
from aiormq.abc import DeliveredMessage
from aiormq.exceptions import AMQPError

from gateway import metrics
from gateway.errors import Problem, unavailable
from gateway.settings import Settings

ALARM_CHECK_SECONDS = 0.2

OnEvent = Callable[[AbstractIncomingMessage], Awaitable[None]]
OnNews = Callable[[str, str, bytes], None]
"""Is told the exchange, the type and the body of an event."""

MOST_NEWS = 1000
"""Events the broker keeps for a worker that is busy; what is dropped then is only the oldest of the news."""


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
        self.pending: dict[str, asyncio.Future[bytes]] = {}
        self.publishing: dict[str, asyncio.Timeout] = {}
        """The time limits of calls that the broker has not confirmed yet: under an alarm it never does."""
        self._connection = connection
        connection.close_callbacks.add(self._on_lost)

    async def open(
        self, settings: Settings, on_event: OnEvent, followed: Iterable[str], on_news: OnNews
    ) -> None:
        """Declare and consume the reply queue, a queue for what identity says about sessions, and one for news.

        Args:
            followed: the exchanges of the services whose events are news.
        """
        await self._open_calls(settings)
        await self._open_events(settings, on_event)
        await self._open_news(followed, on_news)

    def close(self) -> None:
        """Fail every call that still waits."""
        self.lost.set()
        self._fail_pending(broker_lost())

    async def watch_alarms(self) -> None:
        """Notice when the broker blocks this connection, and fail at once what waits behind the alarm."""
        ready = self.channel.connection.ready
        while not self.lost.is_set():
            if self.pending and not self.blocked:
                await self._say_something()
            try:
                async with asyncio.timeout(ALARM_CHECK_SECONDS):
                    await ready()
                self.blocked = False
            except TimeoutError:
                self.blocked = True
                self._fail_pending(broker_blocked())
            with suppress(TimeoutError):
                async with asyncio.timeout(ALARM_CHECK_SECONDS):
                    await self.lost.wait()

    async def _say_something(self) -> None:
        """Publish a message for nobody: the broker tells of an alarm only those who publish.

        Calls that wait for replies which a service cannot publish either would not hear of it otherwise.
        """
        try:
            async with asyncio.timeout(ALARM_CHECK_SECONDS):
                await self._unconfirmed.basic_publish(
                    b"", exchange=self._rpc_exchange, routing_key="gateway.nobody", wait=False
                )
        except asyncio.CancelledError:
            # A channel that closes cancels what is being published; that is not this watch being cancelled.
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
        except (AMQPError, OSError, RuntimeError):
            pass  # Then the link is lost, or about to be, and others tell of it.

    def _fail_pending(self, problem: Problem) -> None:
        for future in self.pending.values():
            if not future.done():
                future.set_exception(problem)
        self.pending.clear()
        for limit in self.publishing.values():
            with suppress(RuntimeError):  # Its time is up at this very moment anyway.
                limit.reschedule(asyncio.get_running_loop().time())
        self.publishing.clear()

    async def _open_calls(self, settings: Settings) -> None:
        # A message that no queue takes comes back as an error at once, rather than never.
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self.channel = await self._watch(channel)
        exchange = await channel.declare_exchange(settings.rpc_exchange, "topic", durable=True)
        queue = await channel.declare_queue(f"rpc.reply-gateway-{uuid4()}", exclusive=True, auto_delete=True)
        await queue.bind(exchange, routing_key=queue.name)
        self.reply_to = queue.name
        await self.channel.basic_consume(queue.name, self._on_reply, no_ack=True)

    async def _open_events(self, settings: Settings, on_event: OnEvent) -> None:
        channel = await self._connection.channel(publisher_confirms=False)
        self._unconfirmed = await self._watch(channel)
        self._rpc_exchange = settings.rpc_exchange
        exchange = await channel.declare_exchange(settings.identity_events_exchange, "topic", durable=True)
        queue = await channel.declare_queue(f"gateway.sessions-{uuid4()}", exclusive=True, auto_delete=True)
        for event_type in ("access.changed", "session.revoked"):
            await queue.bind(exchange, routing_key=event_type)
        await queue.consume(on_event, no_ack=True)

    async def _open_news(self, followed: Iterable[str], on_news: OnNews) -> None:
        channel = await self._connection.channel(publisher_confirms=False)
        underlay = await self._watch(channel)
        queue = await channel.declare_queue(
            f"gateway.news-{uuid4()}", exclusive=True, auto_delete=True, arguments={"x-max-length": MOST_NEWS}
        )
        for name in followed:
            exchange = await channel.declare_exchange(name, "topic", durable=True)
            await queue.bind(exchange, routing_key="#")

        async def hear(message: DeliveredMessage) -> None:
            on_news(message.exchange or "", message.routing_key or "", message.body)

        await underlay.basic_consume(queue.name, hear, no_ack=True)

    async def _watch(self, channel: AbstractChannel) -> AmqpChannel:
        channel.close_callbacks.add(self._on_lost)
        underlay = await channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(self._on_lost)
        return underlay

    async def _on_reply(self, message: DeliveredMessage) -> None:
        """Hand a reply to the call that waits for it; nobody waits for a late one."""
        future = self.pending.pop(message.header.properties.correlation_id or "", None)
        if future is None or future.done():
            metrics.LATE_REPLIES.inc()
        else:
            future.set_result(message.body)

    def _on_lost(self, *_: object) -> None:
        self.lost.set()


def broker_blocked() -> Problem:
    """Return the problem of a call while the broker takes nothing from publishers."""
    return unavailable("service-unavailable", "The message broker has an alarm and takes no requests.")


def broker_lost() -> Problem:
    """Return the problem of a call that was under way when the connection went."""
    return unavailable(
        "service-unavailable",
        "The connection to the message broker was lost; the request may or may not have been carried out.",
    )
