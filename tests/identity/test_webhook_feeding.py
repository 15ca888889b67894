"""From the stream to deliveries: no event left out and none twice, whoever is killed."""

from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select

from identity.webhooks import feeding
from identity.webhooks.delivery import Delivery
from identity.webhooks.feeding import Feeder, Overtaken
from servicekit.testing import RunningService, wait_until
from servicekit.testing_callers import caller
from tests.identity.feeders import NOWHERE, batch_until, place_of, told
from tests.identity.receivers import ADMIN, a_subject, a_webhook, bind_feed, now, tell

OPERATOR = caller("bus.operate:all")


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


def test_the_bus_tells_how_many_events_the_stream_holds_and_who_sends_them(service: RunningService) -> None:
    """(W-3)"""
    bind_feed(service, "contract")
    before = service.call("describe_bus", OPERATOR)["stream"]
    assert before["name"] == "kehu.feed"
    tell(service, a_subject(), "1", "2")
    wait_until(lambda: service.call("describe_bus", OPERATOR)["stream"]["messages"] >= before["messages"] + 2)
    assert service.call("describe_bus", OPERATOR)["outbox"]["relayed_by"].startswith("kehu-identity-relay@")
