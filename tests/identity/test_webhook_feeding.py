"""From the stream to deliveries: no event left out and none twice, whoever is killed."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select

from identity.webhooks import feeding
from identity.webhooks.delivery import Delivery, Feed
from identity.webhooks.feeding import Feeder, Overtaken
from servicekit import stream
from servicekit.testing import RunningService, wait_until
from servicekit.topology import FEED
from tests.identity.receivers import ADMIN, a_subject, a_webhook, bind_feed, deliveries, tell

NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def feeder(service: RunningService) -> Iterator[Feeder]:
    """A feeder that the test works by hand, while the service's own one rests."""
    bind_feed(service, "contract")
    own = next(each for each in service.container.dependencies if each.attr_name == "webhook_feeder")
    own.worker.stop()
    own._thread.wait()
    yield Feeder(own.database, service.settings)
    own.worker = Feeder(own.database, service.settings)
    own.start()


def place_of(service: RunningService) -> int:
    with service.database.sessions() as session:
        return session.get_one(Feed, 1).next_offset


def batch_until(
    service: RunningService, place: int, event_id: str, times: int = 1
) -> list[tuple[int, bytes]]:
    """Read from the stream until an event has come."""
    found: list[tuple[int, bytes]] = []
    with closing(stream.batches(FEED, service.settings, place)) as batches:
        for batch in batches:
            found += batch
            if sum(event_id.encode() in body for _, body in found) >= times:
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
    service.deliver("contract", "contract.signed", {"number": "1"}, subject=subject, id=event_id)
    feeder.feed(place, batch_until(service, place, event_id, 2))
    assert told(service, webhook, subject) == [event_id]


def test_what_is_no_event_is_passed_over(service: RunningService, feeder: Feeder) -> None:
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    place = place_of(service)
    for body in (b"\xff\x00", b"[]", b"{}", b'{"id": 1}', b'{"id": "x", "type": 3}'):
        service.deliver_body(body, "contract", "contract.signed")
    service.deliver("contract", "contract.signed", {"note": "\x00"}, subject=subject)
    service.deliver("contract", "contract.signed", {}, subject=subject, time="soon")
    (event_id,) = tell(service, subject, "1")
    feeder.feed(place, batch_until(service, place, event_id))
    assert told(service, webhook, subject)[-1:] == [event_id]


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

    def leads(who: Feeder) -> bool:
        with who._leading() as leading:
            return leading

    with feeder._leading() as leading:
        assert leading and not leads(other)
    wait_until(lambda: leads(other))


def test_a_new_platform_begins_at_the_end_of_the_stream_and_goes_on_from_there(
    service: RunningService, feeder: Feeder
) -> None:
    tell(service, a_subject(), "1", "2")
    with service.database.sessions.begin() as session:
        session.delete(session.get_one(Feed, 1))
    end = wait_until(lambda: stream.end_of(FEED, service.settings))
    feeding.begin(service.settings)
    assert place_of(service) >= end
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    (event_id,) = tell(service, subject, "3")
    feeding.begin(service.settings)
    place = place_of(service)
    found = batch_until(service, place, event_id)
    assert found[0][0] == place and [offset for offset, _ in found] == list(range(place, place + len(found)))
    feeder.feed(place, found)
    assert told(service, webhook, subject) == [event_id]


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
