"""Asking services from the console: by RPC, and directly in a stopped service's database where that is enough."""

import contextlib
import socket
import time
from collections.abc import Callable
from typing import Any, ClassVar
from uuid import uuid4

import amqp
import orjson
from eventlet.support.psycopg2_patcher import make_psycopg_green
from kombu import Consumer, Queue
from sqlalchemy.orm import Session

from servicekit.base.context import HEADER_PREFIX
from servicekit.base.database import Database
from servicekit.base.errors import (
    Conflict,
    Forbidden,
    Internal,
    Invalid,
    NotFound,
    OperationError,
    Unavailable,
)
from servicekit.base.settings import Settings
from servicekit.messages import topology
from servicekit.messages.broker import connection_to
from servicekit.operating import failures

KINDS: dict[str, type[OperationError]] = {
    error.kind: error for error in (Invalid, Forbidden, NotFound, Conflict, Unavailable, Internal)
}
SECONDS = 30.0


class NotRunning(Unavailable):
    """No replica of the service takes requests."""


class Client:
    """Calls operations over the broker as its operator, whom the exchange shows; there is no caller."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.correlation_id = str(uuid4())
        self.connection = connection_to(settings, connect_timeout=5, heartbeat=0)

    def call(self, service: str, operation: str, **arguments: Any) -> Any:
        """Return an operation's result.

        Raises:
            NotRunning: ``service-not-running``.
            OperationError: what the service answered with.
        """
        reply = self._exchange(service, f"{service}.{operation}", arguments)
        error = reply["error"]
        if error is None:
            return reply["result"]
        raise KINDS[error["kind"]](error["code"], error["detail"], error.get("errors", ()))

    def close(self) -> None:
        """Leave the broker."""
        self.connection.release()

    def _exchange(self, service: str, routing_key: str, arguments: dict[str, Any]) -> dict[str, Any]:
        reply_to = f"{topology.REPLY_PREFIX}{uuid4()}"
        # Where a queue deletes itself and the message returns, the channel is of no more use: one for each call.
        with self.connection.channel() as channel:
            queue = Queue(
                f"console.{reply_to}", exchange=topology.replies_exchange(service), routing_key=reply_to,
                exclusive=True, auto_delete=True, durable=False,
            )(channel)  # fmt: skip
            try:
                queue.declare()
            except (
                amqp.exceptions.NotFound
            ) as error:  # It has no exchange to reply to: it has never been here.
                raise NotRunning("service-not-running", f"{service} is not running.") from error
            replies: list[dict[str, Any]] = []
            with Consumer(
                channel, [queue], on_message=lambda m: replies.append(orjson.loads(m.body)), no_ack=True
            ):
                self._publish(service, routing_key, arguments, reply_to)
                until = time.monotonic() + SECONDS
                while not replies and time.monotonic() < until:
                    with contextlib.suppress(socket.timeout):
                        self.connection.drain_events(timeout=0.5)
            if not replies:
                raise Unavailable("service-timeout", f"{service} did not answer in time.")
            return replies[0]

    def _publish(self, service: str, routing_key: str, arguments: dict[str, Any], reply_to: str) -> None:
        headers = {"correlation_id": self.correlation_id, "deadline": f"{time.time() + SECONDS:.3f}"}
        message = amqp.Message(
            orjson.dumps({"args": [], "kwargs": arguments}),
            content_type="application/json",
            content_encoding="utf-8",
            reply_to=reply_to,
            correlation_id=reply_to,
            expiration=str(int(SECONDS * 1000)),
            application_headers={HEADER_PREFIX + name: value for name, value in headers.items()},
        )
        publishing = self.connection.connection.channel()
        returned: list[Any] = []
        publishing.events["basic_return"].add(lambda *details: returned.append(details))
        publishing.basic_publish_confirm(
            message, topology.OPERATOR_EXCHANGE.name, routing_key, mandatory=True, confirm_timeout=5
        )
        publishing.close()
        if returned:
            raise NotRunning("service-not-running", f"{service} is not running.")


class Console(Client):
    """A client that looks after the failed events of a stopped service in its database itself."""

    DIRECT: ClassVar[dict[str, Callable[..., Any]]] = {
        "list_failed_events": lambda session, settings, service, state=None, after=None, limit=100: (
            failures.list_failures(session, state, after, limit)
        ),
        "show_failed_event": lambda session, settings, service, event_id: failures.show_failure(
            session, event_id
        ),
        "redrive_event": failures.redrive,
        "redrive_parked_events": failures.redrive_parked,
        "discard_event": lambda session, settings, service, event_id, reason, by: failures.discard(
            session, event_id, reason, by
        ),
    }

    def call(self, service: str, operation: str, **arguments: Any) -> Any:
        """Return an operation's result, from the service or from its database."""
        try:
            return super().call(service, operation, **arguments)
        except NotRunning:
            work = self.DIRECT.get(operation)
            if work is None:
                raise
            return self._directly(service, work, arguments)

    def _directly(self, service: str, work: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        make_psycopg_green()
        database = Database(self.settings.database_url_of(service), 1, "kehu-console")

        def task(session: Session) -> Any:
            return work(session, self.settings, service, **arguments)

        try:
            return database.transact(task)
        finally:
            database.dispose()
