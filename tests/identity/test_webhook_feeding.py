"""From the stream to deliveries: no event left out and none twice, whoever is killed."""

from typing import Any

import pytest
from sqlalchemy import select
from tests.identity.receivers import ADMIN, a_subject, a_webhook, bind_feed, deliveries, tell

from identity.webhooks import feeding
from identity.webhooks.delivery import Delivery, Feed
from identity.webhooks.feeding import Feeder, Overtaken
from servicekit import stream
from servicekit.database import Database
from servicekit.testing import RunningService, wait_until
from servicekit.topology import FEED

NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def feeder(service: RunningService, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A feeder beside the service, whose own one is made to rest."""
    bind_feed(service, "contract")
    database = Database(service.settings.database_url_of("identity"), 3, "kehu-feeder-test")
    running = service.container.dependencies
    theirs = next(each.worker for each in running if each.attr_name == "webhook_feeder")
    resting: list[Feeder] = []
    original = Feeder._follow

    def follow(self: Feeder) -> None:
        if self is theirs:
            resting.append(self)
            return
        original(self)

    monkeypatch.setattr(Feeder, "_follow", follow)
    # What it reads now is its last batch: it is sent away from its place, and then finds nothing to do.
    with service.database.sessions.begin() as session:
        stored = session.get_one(Feed, 1)
        place, stored.next_offset = stored.next_offset, -1
    tell(service, a_subject(), "0")
    wait_until(lambda: resting)
    with service.database.sessions.begin() as session:
        session.get_one(Feed, 1).next_offset = place
    yield Feeder(database, service.settings)
    database.dispose()


def place_of(service: RunningService) -> int:
    with service.database.sessions() as session:
        return session.get_one(Feed, 1).next_offset


def batch_from(service: RunningService, place: int, count: int) -> list[tuple[int, bytes]]:
    """Read so many messages from the stream."""
    found: list[tuple[int, bytes]] = []
    for batch in stream.batches(FEED, service.settings, place):
        found += batch
        if len(found) >= count:
            return found
    raise AssertionError("unreachable")


def told(service: RunningService, webhook: dict[str, Any], subject: str) -> list[str]:
    return [delivery["event_id"] for delivery in deliveries(service, webhook, subject=subject)]


def test_deliveries_and_the_new_place_are_stored_together_or_not_at_all(
    service: RunningService, feeder: Feeder, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    place = place_of(service)
    events = tell(service, subject, "1", "2", "3")
    batch = batch_from(service, place, 5)  # The subscription's own event and the test's first one are there too.

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
    feeder.feed(place, batch_from(service, place, 4))
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
    feeder.feed(place, batch_from(service, place, 10))
    assert told(service, webhook, subject)[-1:] == [event_id]


def test_two_who_both_believe_to_be_the_one_at_work_make_each_delivery_once(
    service: RunningService, feeder: Feeder
) -> None:
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE)
    place = place_of(service)
    events = tell(service, subject, *(str(number) for number in range(20)))
    batch = batch_from(service, place, 22)
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
            return bool(leading)

    def led() -> Any:
        # The service's own feeder looks in between, for a moment.
        context = feeder._leading()
        if context.__enter__():
            return context
        context.__exit__(None, None, None)
        return None

    context = wait_until(led)
    assert not leads(other)
    context.__exit__(None, None, None)
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
    tell(service, subject, "3")
    webhook = a_webhook(service, NOWHERE)
    feeding.begin(service.settings)
    place = place_of(service)
    found = batch_from(service, place, 2)
    assert found[0][0] == place and [offset for offset, _ in found] == list(range(place, place + len(found)))
    feeder.feed(place, found)
    assert len(told(service, webhook, subject)) == 1


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

