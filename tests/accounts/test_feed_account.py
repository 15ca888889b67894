"""An account for a downstream system: it reads the stream, and the broker refuses it everything else."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from amqp.exceptions import AccessRefused
from kombu import Connection, Consumer, Exchange, Queue
from tests.feed.conftest import Stream, a_stream

from stack.feed_account import drop_account, feed_account, make_account, users
from stack.output import Trouble
from stack.places import Place
from stack.rabbitmq import RabbitMQ


@pytest.fixture(scope="module")
def stream(broker: RabbitMQ) -> Iterator[Stream]:
    with a_stream(broker.url) as made:
        made.publish("receipt.booked", {})
        yield made


@pytest.fixture(scope="module")
def account(broker: RabbitMQ, stream: Stream) -> Iterator[tuple[str, str]]:
    """The name and password of an account that may read the stream; made once, because rabbitmqctl is slow."""
    name, password = f"erp-{uuid4().hex[:8]}", uuid4().hex
    make_account(broker, name, password, stream.name)
    try:
        yield name, password
    finally:
        drop_account(broker, name)
        assert name not in users(broker)


@pytest.fixture
def erp(broker: RabbitMQ, account: tuple[str, str]) -> Iterator[Connection]:
    """A connection with that account."""
    name, password = account
    with Connection(hostname="127.0.0.1", port=broker.port, userid=name, password=password) as connection:
        yield connection


def read(connection: Connection, name: str, count: int) -> list[Any]:
    found: list[Any] = []

    def take(message: Any) -> None:
        found.append(message)
        message.ack()

    with connection.channel() as channel:
        channel.basic_qos(0, 10, False)
        queue = Queue(name, channel=channel, consumer_arguments={"x-stream-offset": "first"})
        with Consumer(channel, [queue], on_message=take, auto_declare=False):
            for _ in range(60):
                if len(found) >= count:
                    break
                try:
                    connection.drain_events(timeout=1)
                except TimeoutError:
                    pass
    return found


def test_it_reads_the_stream_from_the_beginning(stream: Stream, erp: Connection) -> None:
    for _ in range(2):
        stream.publish("receipt.booked", {})
    assert [message.headers["x-stream-offset"] for message in read(erp, stream.name, 3)] == [0, 1, 2]
    with erp.channel() as channel:
        Queue(stream.name, channel=channel).queue_declare(passive=True)


REFUSED: dict[str, Callable[[Any, str, str], object]] = {
    "publish to the services' exchange": lambda c, s, other: Exchange(f"{s}.events", channel=c).publish(
        Exchange(f"{s}.events", channel=c).Message("x"), routing_key="receipt.booked"
    ),
    "publish to the stream itself": lambda c, s, other: Exchange("", channel=c).publish(
        Exchange("", channel=c).Message("x"), routing_key=s
    ),
    "ask a service": lambda c, s, other: Exchange("amq.topic", channel=c).publish(
        Exchange("amq.topic", channel=c).Message("x"), routing_key="finance.reverse_receipt"
    ),
    "read another queue": lambda c, s, other: c.basic_get(other),
    "consume another queue": lambda c, s, other: c.basic_consume(other),
    "declare a queue": lambda c, s, other: c.queue_declare(f"{s}.mine", durable=True, auto_delete=False),
    "declare an exchange": lambda c, s, other: c.exchange_declare(f"{s}.mine", "topic"),
    "bind a queue": lambda c, s, other: c.queue_bind(other, f"{s}.events", "#"),
    "bind the stream": lambda c, s, other: c.queue_bind(s, "amq.topic", "#"),
    "delete the stream": lambda c, s, other: c.queue_delete(s),
    "empty another queue": lambda c, s, other: c.queue_purge(other),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_may_do_nothing_else(stream: Stream, erp: Connection, what: str) -> None:
    other = f"{stream.name}.inbox"
    stream.channel.queue_declare(other, durable=True, auto_delete=False)
    try:
        with pytest.raises(AccessRefused):
            channel = erp.channel()
            REFUSED[what](channel, stream.name, other)
            # What needs no answer is refused by closing the channel, which shows at the next thing that is asked.
            channel.queue_declare(stream.name, passive=True)
        assert read(erp, stream.name, 1), "after the refusal it still reads"
    finally:
        stream.channel.queue_delete(other)


def test_an_account_that_is_there_already_gets_the_new_password(broker: RabbitMQ, stream: Stream) -> None:
    name = f"erp-{uuid4().hex[:8]}"
    try:
        for password in ("first-one", "second-one"):
            make_account(broker, name, password, stream.name)
        second = Connection(hostname="127.0.0.1", port=broker.port, userid=name, password="second-one")
        with second as connection:
            connection.connect()
            assert connection.connected
    finally:
        drop_account(broker, name)


@pytest.mark.parametrize("name", ["", "kehu admin", "-x", "王"])
def test_a_name_that_is_none_is_refused(tmp_path: Any, name: str) -> None:
    with pytest.raises(Trouble, match="NAME=erp"):
        feed_account(Place(tmp_path), name)


def test_without_a_private_broker_it_says_what_to_do(tmp_path: Any) -> None:
    with pytest.raises(Trouble, match=r"set_permissions erp '' '' '\^kehu\\.feed\$'"):
        feed_account(Place(tmp_path), "erp")
