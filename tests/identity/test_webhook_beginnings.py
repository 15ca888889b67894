"""Where the feeder begins: in a stream made anew, at the first subscription, in the past."""

from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from identity.webhooks import feeding
from identity.webhooks.delivery import Feed
from identity.webhooks.feeding import Feeder, Overtaken
from identity.webhooks.model import Webhook
from servicekit import new_id, utcnow
from servicekit.base.settings import Settings
from servicekit.messages import stream
from servicekit.testing import RunningService, wait_until
from tests.identity.feeders import (
    NOWHERE,
    OwnStream,
    batch_until,
    following,
    gaps_seen,
    no_place,
    place_of,
    told,
)
from tests.identity.receivers import ADMIN, a_subject, a_webhook


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

    def beginning(self, session: Session) -> tuple[Feed | None, datetime | None, int | None]:
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
        wait_until(lambda: len(told(service, webhook, subject)) >= len(events))
    assert told(service, webhook, subject) == events


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


def test_who_comes_with_a_past_while_the_first_reading_begins_is_told_of_it(
    service: RunningService, feeder: Feeder, own_stream: OwnStream
) -> None:
    """(K-9) The reading that has begun at the first one's time, and has no place yet, begins again."""
    subject, begun = a_subject(), utcnow()
    own_stream.forget_place()
    events = own_stream.tell(subject, 3)
    a_webhook(service, NOWHERE, "contract.*")
    since = utcnow()
    late = a_webhook(service, NOWHERE, "contract.*", since=begun.isoformat())
    with closing(stream.batches(own_stream.name, service.settings, 0)) as batches:
        batch = next(each for each in batches if each)
    with pytest.raises(Overtaken):
        feeder.feed(None, batch, since=since)
    assert no_place(service)
    with following(feeder):
        wait_until(lambda: told(service, late, subject) == events)


def test_who_was_behind_when_another_one_began_later_misses_nothing(
    service: RunningService, feeder: Feeder, own_stream: OwnStream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(K-9) The stream is read again from where the first one has come to, which lies before the other's time."""
    # As if the other's time were minutes behind the events that the first one has not come to.
    monkeypatch.setattr(feeding, "EARLIER", timedelta(seconds=-5))
    subject = a_subject()
    one = a_webhook(service, NOWHERE, "contract.*")
    events = own_stream.tell(subject, 3)
    with following(feeder):
        wait_until(lambda: told(service, one, subject) == events)
    events += own_stream.tell(subject, 4)
    other = a_webhook(service, NOWHERE, "contract.*", since=utcnow().isoformat())
    late = own_stream.tell(subject, 2)
    with following(feeder):
        wait_until(lambda: told(service, other, subject)[-2:] == late)
    assert told(service, one, subject) == events + late


def test_who_went_on_at_events_that_are_kept_no_more_is_told(
    service: RunningService, feeder: Feeder, own_stream: OwnStream
) -> None:
    """(K-9) Also while the stream is read again for another one, which has missed nothing."""
    subject = a_subject()
    one, other = (a_webhook(service, NOWHERE, "contract.*") for _ in range(2))
    own_stream.tell(subject, 6)
    with service.database.sessions.begin() as session:
        session.get_one(Webhook, UUID(one["id"])).from_offset = 2
    own_stream.forget_place()
    with closing(stream.batches(own_stream.name, service.settings, 4)) as batches:
        batch = next(each for each in batches if each)
    gaps = gaps_seen()
    feeder.feed(None, batch, lost=datetime.fromisoformat(one["created_at"]))
    assert gaps_seen() == gaps + 1
    gap_is_told(service, one)
    assert service.call("get_webhook", ADMIN, webhook_id=other["id"])["missed_before"] is None


SMALL_FILES = {"x-stream-max-segment-size-bytes": 5_000}


def kept(own_stream: OwnStream, last: str) -> list[stream.Message]:
    """Return what the stream has, up to an event."""
    return batch_until(own_stream.service, 0, last, of=own_stream.name)


def test_who_asks_for_a_past_that_is_kept_no_more_is_told(
    service: RunningService, feeder: Feeder, own_stream: OwnStream
) -> None:
    """(K-9) It gets what is kept, and hears that there was more."""
    own_stream.delete()
    # Files that hold a few events only, of which it deletes some at each new one, the broker itself loses track of.
    own_stream.declare(**{"x-stream-max-segment-size-bytes": 20_000, "x-max-length-bytes": 100_000})
    subject, begun = a_subject(), utcnow()
    events = own_stream.tell(subject, 150)
    webhook = a_webhook(service, NOWHERE, "contract.*", since=begun.isoformat())
    left = events[-len(kept(own_stream, events[-1])) :]
    assert len(left) < 150
    gaps = gaps_seen()
    with following(feeder):
        wait_until(lambda: told(service, webhook, subject)[-1:] == left[-1:])
    assert told(service, webhook, subject) == left
    assert gaps_seen() == gaps + 1
    gap_is_told(service, webhook)


def test_an_offset_that_the_broker_took_for_itself_is_no_gap(
    service: RunningService, feeder: Feeder, own_stream: OwnStream
) -> None:
    """Where it begins a new file of a stream that is read it notes how far its readers are, as if it were a message."""
    own_stream.delete()
    own_stream.declare(**SMALL_FILES)
    subject = a_subject()
    webhook = a_webhook(service, NOWHERE, "contract.*")
    gaps = gaps_seen()
    with following(feeder):
        events = own_stream.tell(subject, 150)
        wait_until(lambda: told(service, webhook, subject) == events)
    offsets = [message.offset for message in kept(own_stream, events[-1])]
    assert len(offsets) == 150 and offsets != list(range(150)), "the broker took none"
    assert gaps_seen() == gaps
    assert service.call("get_webhook", ADMIN, webhook_id=webhook["id"])["missed_before"] is None


def test_a_webhook_that_is_switched_on_again_waits_for_no_place_of_before(service: RunningService) -> None:
    webhook = a_webhook(service, NOWHERE, "contract.*")
    with service.database.sessions.begin() as session:
        session.get_one(Webhook, UUID(webhook["id"])).from_offset = 1_000_000
    for active in (False, True):
        service.call("update_webhook", ADMIN, webhook_id=webhook["id"], data={"active": active})
    with service.database.sessions() as session:
        assert session.get_one(Webhook, UUID(webhook["id"])).from_offset is None
