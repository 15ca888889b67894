"""The RPC client: one connection a worker, the protocol of docs/architecture.md, section 2.

A call never waits for a broker that is away: it fails at once, and the connection is made again behind it.
"""

import asyncio
import itertools
import random
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import aio_pika
import orjson
import structlog
from aiormq.exceptions import AMQPError, PublishError
from pamqp.commands import Basic
from yarl import URL

from gateway import metrics
from gateway.errors import Problem, from_reply, internal, unavailable
from gateway.link import Asked, Call, Link, broker_blocked, broker_lost, is_loss
from gateway.settings import Settings

log = structlog.get_logger()

CONNECT_TIMEOUT = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


class Reply(NamedTuple):
    """A service's successful answer."""

    result: Any
    replayed: bool = False


class Bus:
    """Calls services over RabbitMQ and listens to what identity says about sessions.

    Args:
        settings: where the broker is, and for how long a call waits.
        services: those that are asked, besides identity, which is asked for keys and sessions in any case.
    """

    def __init__(self, settings: Settings, services: Iterable[str]):
        self._settings = settings
        self._on_connected: Callable[[], None] | None = None
        self._on_identity_event: Callable[[str, Any], None] | None = None
        self._followed: dict[str, str] = {}
        self._services = sorted({"identity", *services})
        self._on_news: Callable[[str, str, Any], None] | None = None
        self._link: Link | None = None
        self._ids = itertools.count(1)
        self._first_connect = asyncio.Event()
        self._supervisor: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether calls can be made right now."""
        return self._link is not None

    def watch(self, on_connected: Callable[[], None], on_identity_event: Callable[[str, Any], None]) -> None:
        """Name who is told of every successful connect, and of identity's events (type and decoded event)."""
        self._on_connected = on_connected
        self._on_identity_event = on_identity_event

    def follow(self, services: Iterable[str], on_news: Callable[[str, str, Any], None]) -> None:
        """Name who is told of every event of services (service, type and decoded event)."""
        pattern = self._settings.events_exchange
        self._followed = {pattern.format(service=service): service for service in services}
        self._on_news = on_news

    async def start(self, patience: float = 3.0) -> None:
        """Begin to connect; return when connected, or after ``patience`` seconds: the rest happens behind."""
        self._supervisor = asyncio.create_task(self._keep_connected(), name="bus")
        try:
            async with asyncio.timeout(patience):
                await self._first_connect.wait()
        except TimeoutError:
            log.warning("broker not reached yet")

    async def stop(self) -> None:
        """Close the connection and stop connecting."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)

    async def call(
        self,
        service: str,
        method: str,
        kwargs: Mapping[str, Any],
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Reply:
        """Ask a service and return its answer; raise a Problem where it is an error or does not come.

        Args:
            service: the service's name, e.g. ``service-desk``.
            method: the operation.
            kwargs: the operation's arguments.
            headers: message headers; the deadline is added here.
            timeout: seconds to wait, otherwise the configured ones.
        """
        started = time.perf_counter()
        outcome = "cancelled"
        try:
            body = await self._exchange(
                f"{service}.{method}",
                orjson.dumps({"args": [], "kwargs": kwargs}),
                dict(headers or ()),
                self._settings.rpc_timeout if timeout is None else timeout,
            )
            reply = orjson.loads(body)
            if reply.get("error"):
                problem = from_reply(reply["error"], service)
                if problem.kind == "internal":
                    log.error("service failed", rpc=f"{service}.{method}", error=reply["error"])
                raise problem
            outcome = "ok"
            return Reply(reply.get("result"), bool(reply.get("replayed")))
        except PublishError:
            outcome = "unroutable"
            raise unavailable("service-unavailable", f"{service} is not running.") from None
        except TimeoutError:
            outcome = "timeout"
            raise unavailable("service-timeout", f"{service} did not answer in time.") from None
        except Problem as problem:
            outcome = problem.kind
            raise
        except (orjson.JSONDecodeError, AttributeError):
            outcome = "internal"
            log.exception("reply cannot be read", rpc=f"{service}.{method}")
            raise internal() from None
        finally:
            metrics.RPC_SECONDS.labels(service, method, outcome).observe(time.perf_counter() - started)

    async def _exchange(
        self, routing_key: str, body: bytes, headers: dict[str, Any], timeout: float
    ) -> bytes:
        link = self._link
        if link is None:
            raise unavailable("service-unavailable", "The message broker is not reachable.")
        if link.blocked:
            raise broker_blocked()
        call_id = f"{next(self._ids):x}"
        headers["nameko.deadline"] = f"{time.time() + timeout:.3f}"
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        link.pending[call_id] = Call(routing_key.partition(".")[0], answer)
        try:
            async with asyncio.timeout(timeout) as limit:
                link.publishing[call_id] = limit
                await link.channel.basic_publish(
                    body,
                    exchange=self._settings.rpc_exchange,
                    routing_key=routing_key,
                    mandatory=True,
                    wait=False,
                    properties=Basic.Properties(
                        content_type="application/json",
                        content_encoding="utf-8",
                        correlation_id=call_id,
                        message_id=call_id,
                        reply_to=link.reply_to,
                        expiration=str(max(1, int(timeout * 1000))),
                        headers=headers,
                        delivery_mode=1,
                    ),
                )
                link.publishing.pop(call_id, None)
                return await answer
        except asyncio.CancelledError:
            # A channel that closes cancels what is being published; that is not this request being cancelled.
            task = asyncio.current_task()
            if link.lost.is_set() and task is not None and not task.cancelling():
                raise broker_lost() from None
            raise
        except TimeoutError:
            if answer.done() and not answer.cancelled() and (problem := answer.exception()) is not None:
                raise problem from None  # The link gave up the call while the broker had not taken it.
            raise
        except (PublishError, Problem):
            raise
        except Exception as error:
            if is_loss(error):
                raise broker_lost() from None
            raise
        finally:
            link.pending.pop(call_id, None)
            link.publishing.pop(call_id, None)
            if answer.done() and not answer.cancelled():
                answer.exception()  # Marks it as seen where publishing failed first.

    async def _keep_connected(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                if await self._hold_link():
                    pause = FIRST_PAUSE
            except Exception as error:
                # Whatever goes wrong here, trying again is the only useful answer.
                log.warning("broker not reachable", error=repr(error))
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _hold_link(self) -> bool:
        """Connect, serve calls until the connection or a channel of it is lost, and clean up."""
        url = URL(self._settings.amqp_url).update_query(heartbeat=str(self._settings.amqp_heartbeat))
        connection = await aio_pika.connect(
            url,
            timeout=CONNECT_TIMEOUT,
            client_properties={"connection_name": "kehu gateway"},
            ssl_context=ssl_context(self._settings) if url.scheme == "amqps" else None,
        )
        link = Link(connection)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                asked = Asked(self._services, self._followed)
                await link.open(self._settings, self._on_event, asked, self._hear)
            self._link = link
            self._first_connect.set()
            metrics.BROKER_CONNECTED.set(1)
            log.info("broker connected")
            if self._on_connected is not None:
                self._on_connected()
            await link.watch()
            log.warning("broker connection lost")
            return True
        finally:
            self._link = None
            metrics.BROKER_CONNECTED.set(0)
            link.close()
            try:
                async with asyncio.timeout(1):
                    await connection.close()
            except (AMQPError, OSError, RuntimeError, TimeoutError):
                pass  # It is gone already, or the broker does not answer: either way it is given up.

    async def _on_event(self, message: aio_pika.abc.AbstractIncomingMessage) -> None:
        try:
            event = orjson.loads(message.body)
        except orjson.JSONDecodeError:
            log.error("event cannot be read", type=message.routing_key)
            event = None
        if self._on_identity_event is not None:
            self._on_identity_event(message.routing_key or "", event)

    def _hear(self, exchange: str, event_type: str, body: bytes) -> None:
        try:
            event = orjson.loads(body)
        except orjson.JSONDecodeError:
            event = None
        if self._on_news is not None:
            self._on_news(self._followed[exchange], event_type, event)


def ssl_context(settings: Settings) -> ssl.SSLContext:
    """Return how the broker's certificate and name are verified at ``amqps://``."""
    return ssl.create_default_context(cafile=settings.amqp_ca_file or None)
