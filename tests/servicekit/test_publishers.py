"""Who has published an event: told by the exchange it came by, and not by what it says of itself (M-5)."""

# ruff: noqa: F811 - fixtures are imported, and named again where they are asked for.

from typing import Any

import amqp
import orjson
import pytest
import structlog
from helpers import a_book, behind_proxy, sightings
from library.readers import ReaderChanged
from operated import console, operated, service  # noqa: F401

from servicekit import Conflict, new_id
from servicekit.messages import direct, topology
from servicekit.messages.events import Foreign, check_publisher
from servicekit.messages.inbox import FailedEvent
from servicekit.operating import tasks
from servicekit.operating.client import Console
from servicekit.testing import RunningService, wait_until

INBOX = "library.inbox"


def a_change(**envelope: Any) -> bytes:
    """Return a change of a reader as the service ``readers`` publishes it."""
    reader_id = str(new_id())
    return orjson.dumps({
        "specversion": "1.0", "id": str(new_id()), "source": "/kehu/readers", "type": "reader.changed",
        "subject": reader_id, "correlationid": str(new_id()),
        "data": {"reader_id": reader_id, "name": "李雷", "version": 1}, **envelope,
    })  # fmt: skip


def publish(service: RunningService, exchange: str, key: str, body: bytes, **headers: Any) -> None:
    """Publish with an account that may write everywhere, as each service may to its own exchanges."""
    with direct.channel_of(service.settings) as channel:
        message = amqp.Message(body, delivery_mode=2, application_headers=headers)
        channel.basic_publish_confirm(message, exchange, key, mandatory=True, confirm_timeout=5)


def the_parked_one(service: RunningService) -> FailedEvent:
    """Wait until an event is parked."""
    [parked] = wait_until(lambda: [one for one in service.failures() if one.state == "parked"])
    return parked


FORGERIES = {
    "by another's exchange of events": ("library.events", "book.added", {}),
    "by another's exchange, with the header of a retry": (
        "library.events", "book.added", {"x-came-by": "readers.events", "x-attempts": 1},
    ),
    "as the consumer's retry of what had come by another's exchange": (
        "library.direct", INBOX, {"x-came-by": "sales.events", "x-attempts": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("exchange, key, headers", FORGERIES.values(), ids=FORGERIES.keys())
def test_an_event_of_another_services_type_is_parked_at_once(
    service: RunningService, exchange: str, key: str, headers: dict[str, Any]
) -> None:
    """(M-5) An account may publish its own keys only, and wrote into the body what it liked."""
    body = a_change()
    publish(service, exchange, key, body, **headers)
    parked = the_parked_one(service)
    came_by = headers["x-came-by"] if exchange == "library.direct" else exchange
    assert parked.error == f"Foreign: reader.changed is an event of readers, and this one came by {came_by}"
    assert (parked.type, parked.body) == ("foreign", body.decode())
    assert sightings(service, orjson.loads(body)["subject"]) == []


@pytest.mark.parametrize("source", ["/kehu/library", "readers", None, ["/kehu/readers"]])
def test_an_event_that_names_another_source_is_parked_at_once(service: RunningService, source: Any) -> None:
    """(M-5) Consumers, receivers of webhooks and the feed's readers go by it."""
    body = a_change(source=source)
    publish(service, "readers.events", "reader.changed", body)
    parked = the_parked_one(service)
    assert parked.attempts == 1
    assert parked.error == "Foreign: reader.changed is an event of readers, and this one names another source"
    assert sightings(service, orjson.loads(body)["subject"]) == []


@pytest.mark.parametrize(
    "exchange", ["sales.events", "sales.direct", "readers.replies", "nameko-rpc", "amq.topic"]
)
def test_only_the_publishers_exchanges_and_the_consumers_own_are_believed(exchange: str) -> None:
    envelope = orjson.loads(a_change())
    with pytest.raises(Foreign):
        check_publisher(ReaderChanged, envelope, exchange, "library.direct")
    for believed in ("readers.events", "readers.direct", "library.direct"):
        check_publisher(ReaderChanged, envelope, believed, "library.direct")


def test_a_forged_event_is_not_kept_under_the_id_of_a_true_one(service: RunningService) -> None:
    """(M-5) The body of a failure is what is redriven: it stays the true event's."""
    event_id = str(new_id())
    publish(service, "library.events", "book.added", a_change(id=event_id))
    assert str(the_parked_one(service).event_id) != event_id
    true = {"reader_id": str(new_id()), "name": "毒", "version": 1}
    service.deliver("readers", "reader.changed", true, id=event_id)
    wait_until(lambda: [one.state for one in service.failures()] == ["parked", "parked"])
    [kept] = [one for one in service.failures() if str(one.event_id) == event_id]
    assert orjson.loads(kept.body)["data"] == true


def test_a_forged_event_cannot_be_redriven(service: RunningService, console: Console) -> None:
    """(M-5) An operator who sends everything parked once more would let it in."""
    publish(service, "library.events", "book.added", a_change())
    event_id = str(the_parked_one(service).event_id)
    with pytest.raises(Conflict) as refused:
        console.call("library", "redrive_event", event_id=event_id, by="me")
    assert refused.value.code == "event-foreign"
    assert console.call("library", "redrive_parked_events", by="me") == {"redriven": 0}
    console.call("library", "discard_event", event_id=event_id, reason="forged", by="me")


def test_a_forged_event_that_cannot_be_noted_is_not_believed_on_its_return(service: RunningService) -> None:
    """(M-5) While the database is away it goes through the consumer's own exchange."""
    with behind_proxy(service, "DATABASE_URL") as proxy, structlog.testing.capture_logs() as logs:
        proxy.break_down()
        publish(service, "library.events", "book.added", a_change())
        wait_until(lambda: [x["event"] for x in logs].count("failure could not be recorded") >= 3)
        proxy.mend()
        assert the_parked_one(service).type == "foreign"
    assert sightings(service) == []


def test_an_event_is_handled_by_every_way_there_is(service: RunningService) -> None:
    """First by its publisher's exchanges, then by the consumer's own, or out of a retry queue of an earlier version."""
    ways: list[tuple[str, str, dict[str, Any]]] = [
        ("readers.events", "reader.changed", {}),
        ("readers.direct", INBOX, {}),
        ("readers.direct", INBOX, {"x-redriven": True, "x-replay": str(new_id())}),
        ("library.direct", INBOX, {"x-redriven": True}),
        ("library.direct", topology.retry_queue("library", 0.05).name, {"x-attempts": 1}),
        (
            "library.direct",
            topology.retry_queue("library", 0.05).name,
            {"x-attempts": 1, "x-came-by": "readers.events"},
        ),
        ("", INBOX, {"x-attempts": 2}),
    ]
    for exchange, key, headers in ways:
        body = a_change()
        publish(service, exchange, key, body, **headers)
        wait_until(lambda body=body: service.handled(orjson.loads(body)["id"]) or service.failures())
        assert service.failures() == []
    assert len(sightings(service)) == len(ways)


def test_what_returns_from_a_retry_says_what_it_first_came_by(service: RunningService) -> None:
    event_id = service.deliver(
        "readers", "reader.changed", {"reader_id": new_id(), "name": "毒", "version": 1}
    )
    parked = the_parked_one(service)
    assert (str(parked.event_id), parked.attempts, parked.type) == (event_id, 3, "reader.changed")
    assert parked.error == "ValueError: this reader cannot be read"


def test_what_a_service_restates_and_replays_is_handled(service: RunningService, console: Console) -> None:
    book_id = a_book(service)["id"]
    wait_until(lambda: len(sightings(service, book_id)) == 1)
    assert tasks.replay(console.call, "library", "library", None, again=True)["sent"] == 1
    wait_until(lambda: len(sightings(service, book_id)) == 2)
    console.call("library", "restate_records", event_type="book.changed", consumer="library")
    wait_until(lambda: len(sightings(service, book_id)) == 3 or service.failures())
    assert service.failures() == []
