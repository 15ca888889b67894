"""From the stream to deliveries: no event left out and none twice, whoever is killed."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from kombu import Connection, Queue
from prometheus_client import REGISTRY
from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.webhooks import feeding
from identity.webhooks.delivery import Delivery, Feed
from identity.webhooks.feeding import Feeder, Overtaken
from identity.webhooks.model import Webhook
from servicekit import new_id, stream, utcnow
from servicekit.settings import Settings
from servicekit.testing import RunningService, wait_until
from servicekit.topology import FEED, events_exchange
from tests.identity.receivers import ADMIN, a_subject, a_webhook, bind_feed, deliveries, now, tell

NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def feeder(service: RunningService) -> Iterator[Feeder]:
    """A feeder that the test works by hand, at the end of the stream, while the service's own one rests."""
    bind_feed(service, "contract")
    own = next(each for each in service.container.dependencies if each.attr_name == "webhook_feeder")
    own.worker.stop()
    own._thread.wait()
    (event_id,) = tell(service, a_subject(), "0")
    end = batch_until(service, utcnow() - timedelta(minutes=1), event_id)[-1].offset
    with service.database.sessions.begin() as session:
        session.add(Feed(id=1, next_offset=end + 1))
    yield Feeder(own.database, service.settings)
    own.worker = Feeder(own.database, service.settings)
    own.start()


def place_of(service: RunningService) -> int:
    with service.database.sessions() as session:
        return session.get_one(Feed, 1).next_offset


def batch_until(
    service: RunningService, place: int | datetime, event_id: str, times: int = 1
) -> list[stream.Message]:
    """Read from the stream until an event has come."""
    found: list[stream.Message] = []
    with closing(stream.batches(FEED, service.settings, place)) as batches:
        for batch in batches:
            found += batch
            if sum(event_id.encode() in message.body for message in found) >= times:
                break
    return found


def told(service: RunningService, webhook: dict[str, Any], subject: str) -> list[str]:
    return [delivery["event_id"] for delivery in deliveries(service, webhook, subject=subject)]


def test_deliveries_and_the_new_place_are_stored_together_or_not_at_all(
    service: RunningService, feeder: Feeder, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    place = place_of(service)
    events = tell(service, subject, "1", "2", "3")
    batch = batch_until(service, place, events[-1])

    def die(name: str) -> None:
        if name == "before_webhook_feed_commit":
            raise KeyboardInterrupt

    monkeypatch.setattr(feeding, "crash_point", die)
    with pytest.raises(KeyboardInterrupt):
        feeder.feed(place, batch)
    assert place_of(service) == place and told(service, webhook, subject) == []
    monkeypatch.undo()
    behind = feeder.feed(place, batch)
    assert place_of(service) == behind == batch[-1][0] + 1
    assert told(service, webhook, subject) == events
    # Killed after the commit, it begins behind the batch; one that does not know of it is stopped.
    with pytest.raises(Overtaken):
        feeder.feed(place, batch)
    assert told(service, webhook, subject) == events


def test_an_event_that_was_published_twice_makes_one_delivery(
    service: RunningService, feeder: Feeder
) -> None:
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    place = place_of(service)
    (event_id,) = tell(service, subject, "1")
    service.deliver("contract", "contract.signed", {"number": "1"}, subject=subject, id=event_id, time=now())
    feeder.feed(place, batch_until(service, place, event_id, 2))
    assert told(service, webhook, subject) == [event_id]


def test_what_is_no_event_is_passed_over(service: RunningService, feeder: Feeder) -> None:
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    place = place_of(service)
    for body in (b"\xff\x00", b"[]", b"{}", b'{"id": 1}', b'{"id": "x", "type": 3}'):
        service.deliver_body(body, "contract", "contract.signed")
    service.deliver("contract", "contract.signed", {"note": "\x00"}, subject=subject, time=now())
    for time in ("soon", "2126-11-22T08:00:00"):
        service.deliver("contract", "contract.signed", {}, subject=subject, time=time)
    (event_id,) = tell(service, subject, "1")
    feeder.feed(place, batch_until(service, place, event_id))
    assert told(service, webhook, subject) == [event_id]


FORGERIES = {
    "by another service's exchange": ("sales", "contract.signed", "/kehu/contract"),
    "of another service's type": ("sales", "contract.signed", "/kehu/sales"),
    "with another source": ("contract", "contract.signed", "/kehu/sales"),
    "with a source that is none": ("contract", "contract.signed", "contract"),
    "of a new type with another source": ("sales", "contract.invented", "/kehu/contract"),
}


@pytest.mark.parametrize("exchange, event_type, source", FORGERIES.values(), ids=FORGERIES.keys())
def test_no_webhook_is_told_what_another_service_published(
    service: RunningService, feeder: Feeder, exchange: str, event_type: str, source: str
) -> None:
    """(M-5) The stream holds the events of all; by which exchange one came says whose it is."""
    bind_feed(service, "sales")
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    place = place_of(service)
    service.deliver(exchange, event_type, {}, subject=subject, source=source, time=now())
    (event_id,) = tell(service, subject, "1")
    feeder.feed(place, batch_until(service, place, event_id))
    assert told(service, webhook, subject) == [event_id]


def test_an_event_of_a_type_that_a_newer_version_of_its_service_has_is_told(
    service: RunningService, feeder: Feeder
) -> None:
    """Services are updated one after the other."""
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    place = place_of(service)
    event_id = service.deliver("contract", "contract.invented", {}, subject=subject, time=now())
    feeder.feed(place, batch_until(service, place, event_id))
    assert told(service, webhook, subject) == [event_id]


def test_two_who_both_believe_to_be_the_one_at_work_make_each_delivery_once(
    service: RunningService, feeder: Feeder
) -> None:
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    place = place_of(service)
    events = tell(service, subject, *(str(number) for number in range(20)))
    batch = batch_until(service, place, events[-1])
    other = Feeder(feeder.database, service.settings)
    outcomes = []
    for who, messages in ((feeder, batch[:8]), (other, batch), (feeder, batch[8:]), (other, batch[8:])):
        try:
            outcomes.append(who.feed(messages[0][0], messages))
        except Overtaken:
            outcomes.append(-1)
    assert outcomes == [batch[8][0], -1, batch[-1][0] + 1, -1]
    assert told(service, webhook, subject) == events


def test_only_one_leads_and_when_its_connection_ends_another_one_does(
    service: RunningService, feeder: Feeder
) -> None:
    other = Feeder(feeder.database, service.settings)

    with closing(other.lease()) as second:
        with closing(feeder.lease()) as first:
            assert first.take() and not second.take()
        wait_until(second.take)


def gap_is_told(service: RunningService, webhook: dict[str, Any]) -> None:
    """(K-9) Whoever keeps the webhook sees it, and an event tells it, which its receiver gets whatever it asks for."""
    now = service.call("get_webhook", ADMIN, webhook_id=webhook["id"])
    (event,) = service.published("webhook.gap_found")
    assert now["missed_before"] == event.data["missed_before"] and event.data["version"] == now["version"]
    with service.database.sessions() as session:
        kept = session.get_one(Webhook, UUID(webhook["id"]))
        message = {"type": event.type, "time": utcnow().isoformat(), "data": event.data}
        assert kept.wants({**message, "subject": str(event.subject)})
        assert not kept.wants({**message, "subject": str(new_id())})


class OwnStream:
    """A stream that can be deleted and made anew."""

    def __init__(self, service: RunningService, connection: Connection) -> None:
        self.service = service
        self.name = f"test.webhooks-{new_id()}"
        self.channel = connection.channel()

    def declare(self) -> None:
        queue = Queue(self.name, channel=self.channel, queue_arguments={"x-queue-type": "stream"})
        queue.declare()
        queue.bind_to(events_exchange("contract"), routing_key="#")

    def delete(self) -> None:
        self.channel.queue_delete(self.name)

    def tell(self, subject: str, count: int) -> list[str]:
        """Publish events about a subject; return their ids."""
        return tell(self.service, subject, *map(str, range(count)))

    def set_place(self, offset: int, last: UUID | None) -> None:
        with self.service.database.sessions.begin() as session:
            session.merge(Feed(id=1, next_offset=offset, last_event_id=last))

    def forget_place(self) -> None:
        with self.service.database.sessions.begin() as session:
            session.delete(session.get_one(Feed, 1))


@pytest.fixture
def own_stream(service: RunningService, feeder: Feeder) -> Iterator[OwnStream]:
    """A stream of the test's own, which the feeder reads from its beginning; the platform's place is kept meanwhile."""
    with service.database.sessions() as session:
        kept = session.get_one(Feed, 1)
    with Connection(service.settings.amqp_url) as connection:
        own = OwnStream(service, connection)
        own.declare()
        own.set_place(0, None)
        feeder.stream = own.name
        yield own
        own.delete()
        own.set_place(kept.next_offset, kept.last_event_id)


@contextmanager
def following(feeder: Feeder) -> Iterator[None]:
    """The feeder at work, as in a service."""
    thread = threading.Thread(target=feeder.run)
    feeder._stopping.clear()
    thread.start()
    try:
        yield
    finally:
        feeder.stop()
        thread.join()


@pytest.mark.parametrize("kept", [2, 5, 9], ids=["shorter", "as long", "longer"])
def test_a_stream_that_was_made_anew_is_read_from_its_beginning(
    service: RunningService, feeder: Feeder, own_stream: OwnStream, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """By its length alone it would be taken for the old one, and events passed over."""
    monkeypatch.setattr(feeding, "RECOGNITION_SECONDS", 1.0)
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    before = own_stream.tell(subject, 5)
    with following(feeder):
        wait_until(lambda: told(service, webhook, subject) == before)
    own_stream.delete()
    own_stream.declare()
    gaps = gaps_seen()
    after = own_stream.tell(subject, kept)
    with following(feeder):
        wait_until(lambda: told(service, webhook, subject) == before + after)
    assert gaps_seen() == gaps + 1
    gap_is_told(service, webhook)


def test_a_stream_that_is_still_the_same_is_gone_on_with(
    service: RunningService, feeder: Feeder, own_stream: OwnStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeding, "RECOGNITION_SECONDS", 0.0)
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    events: list[str] = []

    def all_are_told() -> bool:
        return told(service, webhook, subject) == events

    gaps = gaps_seen()
    for count in (3, 1, 0, 4):
        events += own_stream.tell(subject, count)
        with following(feeder):
            wait_until(all_are_told)
    assert gaps_seen() == gaps


class Watched(Feeder):
    """A feeder that tells how often it has looked where to begin."""

    looks = 0

    def beginning(self, session: Session) -> tuple[Feed | None, datetime | None]:
        self.looks += 1
        return super().beginning(session)


def test_nothing_is_read_while_nobody_has_subscribed_and_the_first_one_hears_of_what_comes_after(
    service: RunningService, feeder: Feeder, own_stream: OwnStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(M-35) Neither of the old stream, nor without what happened before the feeder took notice."""
    readings: list[int | datetime] = []

    def noted(name: str, settings: Settings, start: int | datetime) -> Any:
        readings.append(start)
        return stream.batches(name, settings, start)

    monkeypatch.setattr(feeding, "batches", noted)
    watched = Watched(feeder.database, service.settings)
    watched.stream = own_stream.name
    subject = a_subject()
    own_stream.tell(subject, 50)
    gaps = gaps_seen()
    with following(watched):
        wait_until(lambda: watched.looks >= 2)
        assert readings == [] and no_place(service)
        own_stream.tell(subject, 5)
        webhook = a_webhook(service, NOWHERE)
        events = own_stream.tell(subject, 5)
        wait_until(lambda: told(service, webhook, subject) == events)
        events += own_stream.tell(subject, 5)
        wait_until(lambda: told(service, webhook, subject) == events)
        assert place_of(service) == 65
    (start,) = readings
    assert isinstance(start, datetime) and gaps_seen() == gaps


@pytest.mark.parametrize("how", ["switched off", "deleted"])
def test_after_the_last_subscription_the_place_is_forgotten(
    service: RunningService, feeder: Feeder, own_stream: OwnStream, how: str
) -> None:
    """(M-35) The next subscription begins in its own time and not where that one ended."""
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    with following(feeder):
        events = own_stream.tell(subject, 3)
        wait_until(lambda: told(service, webhook, subject) == events)
        if how == "deleted":
            service.call("delete_webhook", ADMIN, webhook_id=webhook["id"])
        else:
            service.call("update_webhook", ADMIN, webhook_id=webhook["id"], data={"active": False})
        own_stream.tell(subject, 3)
        wait_until(lambda: no_place(service))
        own_stream.tell(subject, 3)
        if how == "deleted":
            webhook, events = a_webhook(service, NOWHERE), []
        else:
            service.call("update_webhook", ADMIN, webhook_id=webhook["id"], data={"active": True})
        events += own_stream.tell(subject, 3)
        wait_until(lambda: told(service, webhook, subject) == events)


def test_two_who_begin_for_the_same_first_subscription_make_each_delivery_once(
    service: RunningService, feeder: Feeder, own_stream: OwnStream
) -> None:
    """(M-35) Also where a subscription has come just when there was none."""
    subject = a_subject()
    own_stream.forget_place()
    since = utcnow() - timedelta(minutes=1)
    webhook = a_webhook(service, NOWHERE)
    events = own_stream.tell(subject, 4)
    with closing(stream.batches(own_stream.name, service.settings, since)) as batches:
        batch = next(each for each in batches if each)
    assert feeder.feed(None, batch) == batch[-1][0] + 1
    with pytest.raises(Overtaken):
        Feeder(feeder.database, service.settings).feed(None, batch)
    with following(feeder):
        wait_until(lambda: told(service, webhook, subject) == events)


def no_place(service: RunningService) -> bool:
    with service.database.sessions() as session:
        return session.get(Feed, 1) is None


def gaps_seen() -> float:
    return REGISTRY.get_sample_value("kehu_webhook_feed_gaps_total") or 0.0


def test_a_feeder_that_was_away_catches_up_by_itself(service: RunningService) -> None:
    """The service stops, events go on, it starts again."""
    bind_feed(service, "contract")
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    first = tell(service, subject, "1")
    wait_until(lambda: told(service, webhook, subject) == first)
    service.stop()
    try:
        more = tell(service, subject, *(str(number) for number in range(2, 300)))
    finally:
        service.start()
    wait_until(lambda: _count(service, webhook) == 299, 30)
    with service.database.sessions() as session:
        order = select(Delivery.event_id).order_by(Delivery.position)
        assert [str(event_id) for event_id in session.scalars(order)] == first + more


def _count(service: RunningService, webhook: dict[str, Any]) -> int:
    page = service.call(
        "list_webhook_deliveries",
        ADMIN,
        webhook_id=webhook["id"],
        query={"count": "true", "filter[event_type]": "contract.signed"},
    )
    total: int = page["total"]
    return total


def test_a_new_webhook_is_told_of_the_past_and_the_others_of_nothing_twice(
    service: RunningService, feeder: Feeder, own_stream: OwnStream
) -> None:
    """(K-9) The stream is read again from that time on."""
    subject = a_subject()
    one = a_webhook(service, NOWHERE, "contract.*")
    begun = utcnow()
    before = own_stream.tell(subject, 3)
    with following(feeder):
        wait_until(lambda: told(service, one, subject) == before)
    other = a_webhook(service, NOWHERE, "contract.*", since=begun.isoformat())
    service.call("update_webhook", ADMIN, webhook_id=one["id"], data={"event_types": ["*"]})
    after = own_stream.tell(subject, 2)
    with following(feeder):
        wait_until(lambda: told(service, other, subject) == before + after)
    assert told(service, one, subject) == before + after
