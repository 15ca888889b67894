"""Receivers of webhooks on loopback, and what tests of webhooks begin with."""

import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import eventlet
from eventlet import wsgi
from kombu import Connection
from sqlalchemy import text

from servicekit import Caller, utcnow
from servicekit.base.ids import new_id
from servicekit.messages import topology
from servicekit.testing import RunningService
from servicekit.testing_callers import caller

ADMIN = caller("webhook.read:all", "webhook.write:all")


@dataclass
class Message:
    """A request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes
    content_type: str

    @property
    def event(self) -> dict[str, Any]:
        """The event it tells of."""
        event: dict[str, Any] = json.loads(self.body)
        return event

    @property
    def id(self) -> str:
        """What a receiver recognises a repetition by."""
        return self.headers["webhook-id"]

    def is_signed_with(self, secret: str) -> bool:
        """Check a signature as a receiver does, by the convention's words and not by our code."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{expected}" in self.headers["webhook-signature"].split(" ")


Answer = tuple[str, list[tuple[str, str]], bytes]
OK: Answer = ("204 No Content", [], b"")
BROKEN: Answer = ("500 Internal Server Error", [], "坏了 broken".encode())


@dataclass
class Receiver:
    """Another system; ``answer`` decides what it says to a message."""

    port: int = 0
    answer: Callable[[Message], Answer] = lambda message: OK
    messages: list[Message] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/kehu?key=1"

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        headers = {
            name[5:].replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        message = Message(
            environ["PATH_INFO"], headers, environ["wsgi.input"].read(), environ["CONTENT_TYPE"]
        )
        self.messages.append(message)
        status, more, body = self.answer(message)
        start_response(status, [("Content-Length", str(len(body))), *more])
        return [body]

    def told(self, *subjects: str) -> list[tuple[str, str]]:
        """Return subject and number of the messages about some records, in the order they came."""
        return [
            (message.event["subject"], message.event["data"].get("number", ""))
            for message in self.messages
            if message.event["subject"] in subjects
        ]


@contextlib.contextmanager
def receiving(answer: Callable[[Message], Answer] = lambda message: OK) -> Iterator[Receiver]:
    """Run a receiver."""
    listener = eventlet.listen(("127.0.0.1", 0))
    receiver = Receiver(listener.getsockname()[1], answer)
    server = eventlet.spawn(wsgi.server, listener, receiver, log_output=False)
    try:
        yield receiver
    finally:
        server.kill()
        listener.close()


def a_webhook(
    service: RunningService, url: str, *event_types: str, who: Caller = ADMIN, **values: Any
) -> dict[str, Any]:
    """Subscribe; the answer has the secret."""
    data = {"url": url, "event_types": list(event_types or ["contract.*"]), **values}
    webhook: dict[str, Any] = service.call("create_webhook", who, data=data)
    return webhook


def bind_feed(service: RunningService, *sources: str) -> None:
    """See that what other services publish goes into the stream, as their own migrations do."""
    with Connection(service.settings.amqp_url) as connection, connection.channel() as channel:
        feed = topology.feed_queue(service.settings)(channel)
        for source in sources:
            exchange = topology.events_exchange(source)(channel)
            exchange.declare()
            feed.bind_to(exchange, routing_key="#")


def tell(service: RunningService, subject: str, *numbers: str, **data: Any) -> list[str]:
    """Publish ``contract.signed`` about a record, once for each number; return the ids of the events."""
    return [
        service.deliver(
            "contract",
            "contract.signed",
            {"contract_id": subject, "number": number, **data},
            subject=subject,
            time=now(),
        )
        for number in numbers
    ]


def now() -> str:
    """Return the time as an envelope has it: a webhook is told of what comes after it."""
    return utcnow().isoformat()


def a_subject() -> str:
    """Return the id of a record that no other test knows."""
    return str(new_id())


def deliveries(service: RunningService, webhook: dict[str, Any], **filters: str) -> list[dict[str, Any]]:
    """Return a webhook's deliveries, oldest first."""
    query = {f"filter[{name}]": value for name, value in filters.items()} | {
        "sort": "position",
        "limit": "200",
    }
    page = service.call("list_webhook_deliveries", ADMIN, webhook_id=webhook["id"], query=query)
    found: list[dict[str, Any]] = page["items"]
    return found


def attempts(service: RunningService, webhook: dict[str, Any], **filters: str) -> list[dict[str, Any]]:
    """Return a webhook's attempts, oldest first."""
    query = {f"filter[{name}]": value for name, value in filters.items()} | {
        "sort": "created_at",
        "limit": "200",
    }
    page = service.call("list_webhook_attempts", ADMIN, webhook_id=webhook["id"], query=query)
    found: list[dict[str, Any]] = page["items"]
    return found


def states(service: RunningService, webhook: dict[str, Any], **filters: str) -> list[str]:
    """Return how a webhook's deliveries stand."""
    return [delivery["state"] for delivery in deliveries(service, webhook, **filters)]


def webhook_now(service: RunningService, webhook: dict[str, Any]) -> dict[str, Any]:
    """Return a webhook as it is now."""
    found: dict[str, Any] = service.call("get_webhook", ADMIN, webhook_id=webhook["id"])
    return found


def change(service: RunningService, webhook: dict[str, Any], **data: Any) -> dict[str, Any]:
    """Change a webhook, and return it."""
    changed: dict[str, Any] = service.call("update_webhook", ADMIN, webhook_id=webhook["id"], data=data)
    return changed


def execute(service: RunningService, statement: str, **values: Any) -> None:
    """Carry out a statement on the service's database."""
    with service.database.sessions.begin() as session:
        session.execute(text(statement), values)
