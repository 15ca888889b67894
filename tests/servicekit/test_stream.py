"""Reading a stream from a place on."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from kombu import Connection, Exchange, Producer, Queue

from servicekit import utcnow
from servicekit.base.ids import new_id
from servicekit.base.settings import Settings
from servicekit.messages import stream
from servicekit.testing import wait_until


@pytest.fixture
def name() -> Iterator[str]:
    """The name of an empty stream."""
    name = f"test.stream-{new_id()}"
    with Connection(Settings().amqp_url) as connection, connection.channel() as channel:
        Queue(name, queue_arguments={"x-queue-type": "stream"}, durable=True)(channel).declare()
        yield name
        channel.queue_delete(name)


def fill(name: str, first: int, behind: int) -> None:
    """Put numbered messages into a stream and wait until it has them."""
    with Connection(Settings().amqp_url, transport_options={"confirm_publish": True}) as connection:
        producer = Producer(connection.channel())
        for number in range(first, behind):
            producer.publish(str(number).encode(), routing_key=name, content_encoding="binary")


def read(name: str, start: int | datetime, count: int) -> list[tuple[int, bytes]]:
    """Read so many messages."""
    found: list[stream.Message] = []
    with closing(stream.batches(name, Settings(), start)) as batches:
        for batch in batches:
            found += batch
            if len(found) >= count:
                break
    return [(message.offset, message.body) for message in found]


def test_a_stream_is_read_in_order_from_any_place(name: str) -> None:
    fill(name, 0, 450)
    expected = [(offset, str(offset).encode()) for offset in range(450)]
    assert read(name, 0, 450) == expected
    assert read(name, 123, 327) == expected[123:]


def test_a_stream_is_read_from_a_time_on(name: str) -> None:
    """(M-35) Nothing that came after it is left out; what came long before is not read."""
    began = utcnow()
    fill(name, 0, 60)
    # The broker knows whole seconds, and the chunk that a time lies in comes as a whole.
    wait_until(lambda: utcnow() > began + timedelta(seconds=3))
    since = utcnow()
    fill(name, 60, 90)
    with closing(stream.batches(name, Settings(), since)) as batches:
        found = next(batch for batch in batches if batch)
        while found[-1].offset < 89:
            found += next(batches)
    offsets = [message.offset for message in found]
    assert offsets == list(range(offsets[0], 90)) and 0 < offsets[0] <= 60
    assert read(name, began - timedelta(days=1), 90) == [(each, str(each).encode()) for each in range(90)]


def test_an_empty_stream_is_read_from_a_time_on(name: str) -> None:
    with closing(stream.batches(name, Settings(), utcnow() - timedelta(minutes=1))) as batches:
        assert next(batches) == []
        fill(name, 0, 1)
        assert next(batch for batch in batches if batch) == [stream.Message(0, b"0", "")]


def test_a_message_says_which_exchange_it_came_by(name: str) -> None:
    """(M-5) It tells who has published it, whatever the message says."""
    with Connection(Settings().amqp_url) as connection, connection.channel() as channel:
        exchange = Exchange(f"{name}.events", type="topic", auto_delete=True)(channel)
        exchange.declare()
        Queue(name)(channel).bind_to(exchange, routing_key="#")
        Producer(channel).publish(b"0", exchange=exchange.name, routing_key="a", content_encoding="binary")
    with closing(stream.batches(name, Settings(), 0)) as batches:
        batch = next(batch for batch in batches if batch)
    assert batch == [stream.Message(0, b"0", exchange.name)]


def test_an_empty_batch_comes_while_there_is_nothing(name: str) -> None:
    with closing(stream.batches(name, Settings(), 0)) as batches:
        assert next(batches) == []
        fill(name, 0, 1)
        assert next(batch for batch in batches if batch) == [stream.Message(0, b"0", "")]


def test_the_end_is_where_the_next_message_will_be(name: str) -> None:
    settings = Settings()
    assert stream.end_of(name, settings) == 0
    fill(name, 0, 300)
    end = stream.end_of(name, settings)
    fill(name, 300, 301)
    assert end == 300
    assert read(name, end, 1)[0] == (300, b"300")
