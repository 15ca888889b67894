"""A private broker with everybody's account and everybody's queues, and what an attacker tries with one of them."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import amqp
import pytest

from stack.infrastructure import Infrastructure
from stack.places import ROOT, SERVICES, Place
from stack.rabbitmq import RIGHTS, RabbitMQ

Open = Callable[[str], Any]


def connect(url: str) -> Any:
    """Return a connection with an address's account."""
    parts = urlsplit(url)
    connection = amqp.Connection(
        host=f"{parts.hostname}:{parts.port}", userid=parts.username, password=parts.password,
        confirm_publish=True,
    )  # fmt: skip
    connection.connect()
    return connection


@pytest.fixture(scope="session")
def broker() -> Iterator[RabbitMQ]:
    """A broker of their own: attackers must not take the requests of services that other tests run."""
    infrastructure = Infrastructure(Place(ROOT / ".local" / "accounts"), {"DATABASE_URL": "none is needed"})
    try:
        infrastructure.start()
        assert infrastructure.rabbitmq is not None
        yield infrastructure.rabbitmq
    finally:
        infrastructure.stop()


@pytest.fixture(scope="session")
def declared(broker: RabbitMQ) -> Iterator[Any]:
    """A channel of the administrator; every service's queues are there, as while it runs."""
    connection = connect(broker.url)
    channel = connection.channel()
    for name in SERVICES:
        channel.queue_declare(f"rpc-{name}", durable=True, auto_delete=True)
        channel.queue_bind(f"rpc-{name}", "nameko-rpc", f"{name}.*")
        for queue in (f"{name}.inbox", f"{name}.retry.1000"):
            channel.queue_declare(
                queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"}
            )
    try:
        yield channel
    finally:
        for name in SERVICES:
            channel.queue_delete(f"rpc-{name}")
        connection.close()


@pytest.fixture
def account(broker: RabbitMQ, declared: Any) -> Iterator[Open]:
    """Opens a channel with the account of a service, the gateway or the operator."""
    opened = []

    def open_channel(name: str) -> Any:
        opened.append(connect(broker.url_of(name)))
        return opened[-1].channel()

    yield open_channel
    for connection in opened:
        connection.collect()


def accounts() -> list[str]:
    """Return the names of all accounts that have rights."""
    return [each["user"] for each in json.loads(RIGHTS.read_text())["permissions"]]
