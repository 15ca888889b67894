"""Events that any service may publish: heard from each once, in its order, and told again like others (decision 49)."""

# ruff: noqa: F811 - fixtures are imported, and named again where they are asked for.

from typing import Any

import amqp
import orjson
import pytest
from helpers import sightings
from operated import console, operated, service  # noqa: F401

from servicekit import ANY, new_id
from servicekit.base.database import utcnow
from servicekit.messages import direct, topology
from servicekit.messages.envelope import cloud_event
from servicekit.messages.inbox import handler_for
from servicekit.operating import tasks, topology_upgrade
from servicekit.operating.client import Console
from servicekit.testing import RunningService, wait_until

INBOX = "library.inbox"


def a_booking(publisher: str, room: Any, version: int = 1, **envelope: Any) -> bytes:
    """Return an event of a room as a service publishes it."""
    message = cloud_event(
        publisher, "room.booked", room, {"room_id": str(room), "version": version},
        event_id=new_id(), time=utcnow(), correlation_id=new_id(),
    )  # fmt: skip
    return orjson.dumps({**message, **envelope})


def seen(service: RunningService, room: Any, count: int) -> list[tuple[str, int]]:
    """Wait until so many events of a room were handled, and return who published which."""
    wait_until(lambda: len(sightings(service, room)) >= count or service.failures())
    assert [failure.error for failure in service.failures()] == []
    return [(each.what, each.number) for each in sightings(service, room)]


def test_an_event_of_any_service_is_heard_from_each_in_its_order(service: RunningService) -> None:
    """Two publishers tell of one record by turns: nothing is lost or doubled, and the handler knows whose it is."""
    room = new_id()
    for version in range(1, 21):
        for publisher in ("gym", "theatre"):
            service.deliver_body(a_booking(publisher, room, version), publisher, "room.booked")
    found = seen(service, room, 40)
    for publisher in ("gym", "theatre"):
        assert [number for what, number in found if what == f"by {publisher}"] == [*range(1, 21)]
    assert len(found) == 40


def test_a_handler_of_one_publisher_goes_before_that_of_any(service: RunningService) -> None:
    room = new_id()
    for publisher in ("school", "gym"):
        service.deliver_body(a_booking(publisher, room), publisher, "room.booked")
    assert sorted(seen(service, room, 2)) == [("by gym", 1), ("lent", 1)]


@pytest.mark.parametrize(
    "exchange, source",
    [("gym.events", "theatre"), ("gym.events", "school"), ("kehu.events", "gym"), ("library.events", "gym")],
)
def test_nobody_speaks_in_anothers_name(service: RunningService, exchange: str, source: str) -> None:
    """(M-5) Any may publish it, each for itself: the exchange that it came by proves who did."""
    room = new_id()
    service.deliver_body(a_booking("gym", new_id()), "gym", "room.booked")
    with direct.channel_of(service.settings) as channel:
        message = amqp.Message(a_booking(source, room), delivery_mode=2)
        channel.basic_publish_confirm(message, exchange, "room.booked", mandatory=True, confirm_timeout=5)
    [parked] = wait_until(lambda: [one for one in service.failures() if one.state == "parked"])
    assert (parked.type, parked.error.split(":")[0]) == ("foreign", "Foreign")
    assert sightings(service, room) == []


def test_what_fails_is_tried_again_in_its_publishers_name(service: RunningService) -> None:
    """It returns by the consumer's own exchange, which has no publisher's name."""
    room = new_id()
    with direct.channel_of(service.settings) as channel:
        message = amqp.Message(
            a_booking("theatre", room), delivery_mode=2,
            application_headers={"x-came-by": "theatre.events", "x-attempts": 1},
        )  # fmt: skip
        channel.basic_publish_confirm(message, "library.direct", INBOX, mandatory=True, confirm_timeout=5)
    assert seen(service, room, 1) == [("by theatre", 1)]


def test_any_service_may_tell_one_consumer_again(service: RunningService) -> None:
    """Replays and restatements go by the teller's own exchange to the inbox, which has never heard its name."""
    room, publisher = new_id(), f"hall-{new_id().hex[-8:]}"
    topology.declare(publisher, [], service.settings)
    try:
        sent = direct.send(
            service.settings, publisher, INBOX, [a_booking(publisher, room, restated=True)], {}
        )
        assert sent == 1
        assert seen(service, room, 1) == [(f"by {publisher}", 1)]
    finally:
        forget(service, publisher)


def test_what_any_may_publish_is_replayed_and_named_as_listened_to(
    service: RunningService, console: Console
) -> None:
    described = console.call("library", "describe_bus")
    assert {"source": ANY, "type": "room.booked"} in described["listens"]
    assert tasks.replay(console.call, "library", "library", None, ["room.booked"])["types"] == ["room.booked"]


def test_an_old_topology_is_moved_without_doubling(service: RunningService) -> None:
    """The version before listened to one publisher by name: its bindings stay, and each event comes once."""
    name, room = f"shelf-{new_id().hex[-8:]}", new_id()
    inbox = topology.inbox_queue(name).name
    topology.declare(name, [("gym", "room.booked")], service.settings)
    with direct.channel_of(service.settings) as channel:
        channel.queue_delete(inbox)
        channel.queue_declare(inbox, durable=True, auto_delete=False, arguments={"x-queue-type": "classic"})
        for exchange, key in topology.bindings_of(name, [("gym", "room.booked")]):
            channel.queue_bind(inbox, exchange, key)
    try:
        service.deliver_body(a_booking("gym", room, 1), "gym", "room.booked")
        listened = [(ANY, "room.booked")]
        assert topology_upgrade.migrate_queues(name, listened, service.settings) == {inbox: 1}
        topology.declare(name, [*listened, ("gym", "room.booked")], service.settings)
        for publisher in ("gym", "theatre"):
            service.deliver_body(a_booking(publisher, room, 2), publisher, "room.booked")
        direct.send(service.settings, "gym", inbox, [a_booking("gym", room, 3)], {})
        told = [("/kehu/gym", 1), ("/kehu/gym", 2), ("/kehu/theatre", 2), ("/kehu/gym", 3)]
        assert contents(service, inbox) == told
        assert topology_upgrade.check(name, service.settings) == {}
    finally:
        forget(service, name)


def contents(service: RunningService, queue: str) -> list[tuple[str, int]]:
    """Take everything out of a queue: who published it, and its version."""
    found = []
    with direct.channel_of(service.settings) as channel:
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            body = orjson.loads(message.body)
            found.append((body["source"], body["data"]["version"]))
    return found


def forget(service: RunningService, name: str) -> None:
    """Delete what was declared for a service that nobody runs."""
    with direct.channel_of(service.settings) as channel:
        for queue in (
            *topology.inbox_queues(name, service.settings),
            topology.numbers_queue(name),
            topology.history_queue(name),
        ):
            channel.queue_delete(queue.name)
        for kind in ("events", "direct", "replies"):
            channel.exchange_delete(f"{name}.{kind}")


def test_without_a_handler_of_any_a_foreign_event_is_judged_by_whom_it_copies() -> None:
    handlers = {("readers", "reader.changed"): "readers'", (ANY, "room.booked"): "any's"}
    for source, event_type, handler in (
        ("/kehu/readers", "reader.changed", "readers'"), ("/kehu/gym", "reader.changed", "readers'"),
        ("/kehu/gym", "room.booked", "any's"), (None, "room.booked", "any's"), ("/kehu/gym", "room.left", None),
    ):  # fmt: skip
        assert handler_for(handlers, {"source": source, "type": event_type}) == handler
