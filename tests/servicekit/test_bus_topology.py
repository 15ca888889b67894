"""The topology: compared with the broker, and changed without losing a message."""

from collections.abc import Iterator
from typing import Any

import amqp
import pytest

from servicekit import new_id
from servicekit.base.errors import Conflict
from servicekit.base.settings import Settings
from servicekit.messages import direct, topology
from servicekit.operating import topology_upgrade

SETTINGS = Settings(event_retry_delays=(0.05, 60.0))


@pytest.fixture
def service() -> Iterator[str]:
    """The name of a service that nobody runs; what was declared for it is deleted in the end."""
    name = f"shelf-{new_id().hex[-8:]}"
    topology.declare(name, [("printer", "page.printed")], SETTINGS)
    yield name
    with direct.channel_of(SETTINGS) as channel:
        for queue in topology.inbox_queues(name, SETTINGS):
            channel.queue_delete(queue.name)
            channel.queue_delete(f"{queue.name}.moving")
        for kind in ("events", "direct", "replies"):
            channel.exchange_delete(f"{name}.{kind}")


def declare_otherwise(queue: str, **arguments: Any) -> None:
    """Let a queue be there as an earlier version declared it."""
    with direct.channel_of(SETTINGS) as channel:
        channel.queue_delete(queue)
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
        channel.queue_bind(queue, f"{queue.split('.')[0]}.direct", queue)


def contents(queue: str) -> list[bytes]:
    """Take everything out of a queue."""
    with direct.channel_of(SETTINGS) as channel:
        taken = []
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            body = message.body
            taken.append(body if isinstance(body, bytes) else body.encode())
        return taken


def test_a_declared_topology_has_nothing_to_complain_of(service: str) -> None:
    assert topology_upgrade.check(service, SETTINGS) == {}


def test_a_missing_queue_is_named_and_not_declared(service: str) -> None:
    inbox = topology.inbox_queue(service).name
    with direct.channel_of(SETTINGS) as channel:
        channel.queue_delete(inbox)
    assert topology_upgrade.check(service, SETTINGS)[inbox].startswith("missing")
    assert direct.depth(SETTINGS, inbox) is None


def test_a_queue_with_other_arguments_is_named_with_the_difference(service: str) -> None:
    inbox = topology.inbox_queue(service).name
    declare_otherwise(inbox, **{"x-queue-type": "classic"})
    assert "x-queue-type" in topology_upgrade.check(service, SETTINGS)[inbox]


def test_messages_survive_the_move_with_their_headers(service: str) -> None:
    inbox = topology.inbox_queue(service).name
    retry = topology.retry_queue(service, 60.0).name
    declare_otherwise(inbox, **{"x-queue-type": "classic"})
    declare_otherwise(retry, **{"x-queue-type": "quorum"})
    bodies = [str(number).encode() for number in range(300)]
    direct.send(SETTINGS, service, inbox, bodies, {"x-replay": "some"})
    direct.send(SETTINGS, service, retry, [b"waits"], {"x-attempts": 2})
    kept = topology_upgrade.migrate_queues(service, [("printer", "page.printed")], SETTINGS)
    assert kept == {retry: 1, inbox: 301}
    assert topology_upgrade.check(service, SETTINGS) == {}
    with direct.channel_of(SETTINGS) as channel:
        first = channel.basic_get(inbox)
        assert {"x-replay": "some"}.items() <= first.headers.items() or first.headers["x-attempts"] == 2
    assert sorted(contents(inbox)) == sorted([*bodies, b"waits"])


def test_a_moved_message_says_what_it_first_came_by(service: str) -> None:
    """(M-5) It comes by the consumer's own exchange now, where everything would be believed."""
    inbox, own = topology.inbox_queue(service).name, topology.direct_exchange(service).name
    declare_otherwise(inbox, **{"x-queue-type": "classic"})
    with direct.channel_of(SETTINGS) as channel:
        channel.queue_bind(inbox, "printer.events", "page.printed")
        message = amqp.Message(b"page", application_headers={topology.CAME_BY_HEADER: own})
        channel.basic_publish_confirm(message, "printer.events", "page.printed", mandatory=True)
    topology_upgrade.migrate_queues(service, [("printer", "page.printed")], SETTINGS)
    with direct.channel_of(SETTINGS) as channel:
        moved = channel.basic_get(inbox)
    assert moved.delivery_info["exchange"] == own
    assert topology.came_by(own, moved) == "printer.events"


def test_what_is_published_during_the_move_is_kept(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = topology.inbox_queue(service).name
    declare_otherwise(inbox, **{"x-queue-type": "classic"})
    with direct.channel_of(SETTINGS) as channel:
        channel.queue_bind(inbox, "printer.events", "page.printed")
    published: list[bytes] = []
    move = topology_upgrade._move

    def publish_and_move(channel: Any, exchange: str, source: str, target: str) -> int:
        body = f"page {len(published)}".encode()
        with direct.channel_of(SETTINGS) as other:
            if len(published) < 40:
                message = amqp.Message(body, delivery_mode=2)
                other.basic_publish_confirm(message, "printer.events", "page.printed", mandatory=True)
                published.append(body)
        return move(channel, exchange, source, target)

    monkeypatch.setattr(topology_upgrade, "_move", publish_and_move)
    monkeypatch.setattr(topology_upgrade, "QUIET_SECONDS", 0.3)
    topology_upgrade.migrate_queues(service, [("printer", "page.printed")], SETTINGS)
    assert set(contents(inbox)) == set(published) and len(published) > 5


def test_an_interrupted_move_is_finished_by_the_next(service: str) -> None:
    inbox = topology.inbox_queue(service).name
    declare_otherwise(f"{inbox}.moving", **{"x-queue-type": "quorum"})
    direct.send(SETTINGS, service, f"{inbox}.moving", [b"left behind"], {})
    with direct.channel_of(SETTINGS) as channel:
        channel.queue_delete(inbox)
    topology_upgrade.migrate_queues(service, [("printer", "page.printed")], SETTINGS)
    assert contents(inbox) == [b"left behind"]
    assert direct.depth(SETTINGS, f"{inbox}.moving") is None


def test_what_waits_in_retry_queues_of_an_earlier_version_is_kept(service: str) -> None:
    """They returned to the inbox by the default exchange, to which no service may publish any more (M-5)."""
    inbox = topology.inbox_queue(service).name
    old = topology_upgrade.superseded_queues(service, SETTINGS)[1]
    declare_otherwise(old, **{"x-queue-type": "quorum"})
    direct.send(SETTINGS, service, old, [b"waits"], {"x-attempts": 2})
    assert topology_upgrade.migrate_queues(service, [("printer", "page.printed")], SETTINGS) == {old: 1}
    assert contents(inbox) == [b"waits"]
    assert direct.depth(SETTINGS, old) is None


def test_a_queue_that_is_read_is_not_moved(service: str) -> None:
    inbox = topology.inbox_queue(service).name
    declare_otherwise(inbox, **{"x-queue-type": "classic"})
    with direct.channel_of(SETTINGS) as channel:
        channel.basic_consume(inbox)
        with pytest.raises(Conflict) as refused:
            topology_upgrade.migrate_queues(service, [("printer", "page.printed")], SETTINGS)
    assert refused.value.code == "queue-in-use"
