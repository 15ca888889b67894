"""From the stream of events to deliveries: each event makes one for each subscription that wants it, once.

The deliveries and the new place in the stream are written in one transaction, which goes on only from the place that
the batch began at. So it does not matter who is killed when, or how many believe that they are the one at work.

While there is no subscription nothing is read, and there is no place. When the first one comes the stream is read from
that time on, which the broker finds, and what happened before is passed over by the events' own times.
"""

import threading
import time
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from identity.base import WEBHOOK_FEED, take_turns
from identity.webhooks import metrics
from identity.webhooks.delivery import PENDING, Delivery, Feed, clock
from identity.webhooks.gaps import misses, tell_gaps
from identity.webhooks.model import Webhook
from identity.webhooks.reading import Remade, behind, id_of, read, time_of
from identity.webhooks.settings import WebhookSettings
from servicekit import new_id, utcnow
from servicekit.base.crash import crash_point
from servicekit.base.database import Database
from servicekit.base.lease import Lease
from servicekit.base.settings import Settings
from servicekit.messages.stream import Message, batches, end_of
from servicekit.messages.topology import FEED

log = structlog.get_logger("webhooks")

LEADER = 7_226_006
"""Advisory lock of the process that feeds; the number is one of this service's database."""

PAUSE_SECONDS = 1.0
"""Between two looks whether the one at work is gone."""

RECOGNITION_SECONDS = 10.0
"""How long the broker may take to show the event that was read last."""

EARLIER = timedelta(minutes=1)
"""By how much earlier than its first subscription the stream is read: the broker has a clock of its own."""

ONLY_ROW = 1


class Overtaken(Exception):
    """The place in the stream is not where this process thought: somebody else has moved it."""


class Feeder:
    """Makes deliveries of the events in the stream, in one process at a time."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = WebhookSettings(**settings.model_dump())
        self.stream = FEED
        self._stopping = threading.Event()

    def run(self) -> None:
        """Feed until told to stop; an error costs a pause, never the feeder."""
        while not self._stopping.is_set():
            try:
                with closing(self.lease()) as lease:
                    while not self._stopping.is_set():
                        if lease.take():
                            self._follow_whatever_stream(lease)
                        self._stopping.wait(PAUSE_SECONDS)
            except Overtaken:
                log.info("webhook feed begins again at the stored place")
                continue
            except Exception as error:
                log.warning("webhook feed interrupted", error=str(error), error_type=type(error).__name__)
            self._stopping.wait(PAUSE_SECONDS)

    def stop(self) -> None:
        """Let the feeder end after the batch in hand."""
        self._stopping.set()

    def lease(self) -> Lease:
        """Return a session with which to be the one that reads."""
        return Lease(self.database, LEADER, "kehu-identity-webhook-feed")

    def _follow_whatever_stream(self, lease: Lease) -> None:
        try:
            self._follow(lease)
        except Remade:
            self._begin_anew()

    def _follow(self, lease: Lease) -> None:
        stored, since, held = self.database.transact(self.beginning)
        if since is None:
            lease.show()
            return
        place, last = (stored.next_offset, stored.last_event_id) if stored else (None, None)
        start = self._start(since - EARLIER, held) if place is None else place - (last is not None)
        patience = time.monotonic() + RECOGNITION_SECONDS
        with closing(batches(self.stream, self.settings, start)) as reading:
            for batch in reading:
                lease.show()
                if batch and place is not None and last is not None:
                    batch, last = behind(batch, place, last), None
                elif place is not None and last is not None and time.monotonic() > patience:
                    self._look_whether_shorter(place)
                if batch:
                    lost = self._lost_before(batch[0]) if place is None or batch[0].offset > place else None
                    place = self.feed(place, batch, lost, since)
                    if place is None:
                        return
                if self._stopping.is_set():
                    return

    def _start(self, since: datetime, held: int | None) -> int | datetime:
        """Return where the stream is read again from: at a time, or where another subscription goes on before that."""
        if held is None:
            return since
        with closing(batches(self.stream, self.settings, since)) as reading:
            first = next(reading)
        return since if first and first[0].offset <= held else held

    def _lost_before(self, first: Message) -> datetime | None:
        """Return when an event happened, if it is the oldest that the stream has and others have stood before it.

        An offset that is passed over says nothing: the broker takes some for itself, where it begins a new file.
        """
        if first.offset == 0:
            return None
        patience = time.monotonic() + RECOGNITION_SECONDS
        with closing(batches(self.stream, self.settings, 0)) as reading:
            for batch in reading:
                if batch:
                    return time_of(first) or utcnow() if batch[0].offset == first.offset else None
                if time.monotonic() > patience:
                    break
        raise TimeoutError("the broker does not show the oldest event of the stream")

    def _look_whether_shorter(self, place: int) -> None:
        if 0 < end_of(self.stream, self.settings) < place:
            raise Remade

    def _begin_anew(self) -> None:
        """Go to the beginning of a stream that was made anew; what was delivered is not delivered once more."""
        log.error(
            "the stream of events was made anew: webhooks may have missed events that were in the old one"
        )
        metrics.FEED_GAPS.inc()

        def work(session: Session) -> None:
            stored = session.get(Feed, ONLY_ROW, with_for_update=True)
            if stored is not None:
                stored.next_offset, stored.last_event_id = 0, None
            webhooks = _recording(session)
            for webhook in webhooks:
                webhook.move(from_offset=None)
            tell_gaps(session, webhooks, clock(session))

        self.database.transact(work)

    def beginning(self, session: Session) -> tuple[Feed | None, datetime | None, int | None]:
        """Return the place to go on at, if there is one, and since when events are wanted; None if they are not.

        Where the stream is read again for a new subscription, the first of the places at which the others go on too.
        A place that nobody goes on from is forgotten, so that the next subscription does not begin in the past.
        """
        webhooks = _recording(session)
        if not webhooks:
            session.execute(delete(Feed))
            return None, None, None
        fresh = [webhook for webhook in webhooks if webhook.from_offset is None] or webhooks
        held = (webhook.from_offset for webhook in webhooks if webhook.from_offset is not None)
        since = min(webhook.recording_since for webhook in fresh)
        return session.get(Feed, ONLY_ROW), since, min(held, default=None)

    def feed(
        self,
        place: int | None,
        batch: list[Message],
        lost: datetime | None = None,
        since: datetime | None = None,
    ) -> int | None:
        """Make the deliveries of a batch that begins at a place; return the place behind it.

        Args:
            place: None if there is none yet.
            lost: when the first of the batch happened, if the stream has forgotten those that stood before it.
            since: from when on the stream is read, where there is no place yet.

        Returns:
            None if nobody wants to be told of anything any more; the place is forgotten then.

        Raises:
            Overtaken: if the stored place is another one, or somebody has come who wants to be told of what was before;
                nothing was done then.
        """
        found, end = batch[0].offset, batch[-1].offset + 1

        def work(session: Session) -> tuple[int | None, bool]:
            if place is None:
                take_turns(session, WEBHOOK_FEED)
            stored = session.get(Feed, ONLY_ROW, with_for_update=True)
            if place != (stored.next_offset if stored else None):
                raise Overtaken
            webhooks = _recording(session)
            if place is None and since is not None and _has_come_since(webhooks, since):
                raise Overtaken
            if not webhooks:
                session.execute(delete(Feed))
                return None, False
            missed = False
            if lost is not None:
                missed = tell_gaps(
                    session, [each for each in webhooks if misses(each, place, found, lost)], lost
                )
            self._make_deliveries(session, webhooks, batch)
            # If another process is just making the row too, the second one is refused, and finds itself overtaken.
            stored = stored or Feed(id=ONLY_ROW)
            stored.next_offset, stored.last_event_id = end, id_of(batch[-1])
            session.add(stored)
            session.flush()
            crash_point("before_webhook_feed_commit")
            return end, missed

        fed, missed = self.database.transact(work)
        if missed:
            # The stream keeps events for some time only; whoever was away for longer has missed some.
            log.error("events are missing for webhooks", expected=place, found=found)
            metrics.FEED_GAPS.inc()
        crash_point("after_webhook_feed_commit")
        return fed

    def _make_deliveries(self, session: Session, webhooks: list[Webhook], batch: Iterable[Message]) -> None:
        now = clock(session)
        rows = [
            self._row(webhook, event, message.body, now)
            for message in batch
            if (event := read(message)) is not None
            for webhook in webhooks
            if webhook.wants(event) and message.offset >= (webhook.from_offset or 0)
        ]
        if not rows:
            return
        _wait_behind(session, rows)
        # The same event may stand in the stream twice: a relay that died had published it and not yet noted that.
        session.execute(insert(Delivery).on_conflict_do_nothing(), rows)

    def _row(self, webhook: Webhook, event: dict[str, Any], body: bytes, now: datetime) -> dict[str, Any]:
        return {
            "id": new_id(),
            "created_at": now,
            "webhook_id": webhook.id,
            "event_id": UUID(event["id"]),
            "event_type": event["type"],
            "event_time": datetime.fromisoformat(event["time"]),
            "subject": UUID(event["subject"]),
            "body": body.decode(),
            "state": PENDING,
            "tries": 0,
            "next_attempt_at": now,
            "give_up_at": now + timedelta(hours=self.settings.identity_webhook_give_up_hours),
        }


def _has_come_since(webhooks: list[Webhook], since: datetime) -> bool:
    """Tell whether somebody wants to be told of what was before the time that the reading began at."""
    return any(webhook.from_offset is None and webhook.recording_since < since for webhook in webhooks)


def _recording(session: Session) -> list[Webhook]:
    """Return the webhooks that events are kept for."""
    return [webhook for webhook in session.scalars(select(Webhook)) if webhook.records]


def _wait_behind(session: Session, rows: list[dict[str, Any]]) -> None:
    """Let deliveries wait as long as those of the same record that are waiting already.

    The order does not depend on it. It keeps what cannot go yet out of every search for what can.
    """
    lines = {(row["webhook_id"], row["subject"]) for row in rows}
    line = tuple_(Delivery.webhook_id, Delivery.subject)
    query = (
        select(Delivery.webhook_id, Delivery.subject, func.max(Delivery.next_attempt_at))
        .where(Delivery.state == PENDING, line.in_(lines))
        .group_by(Delivery.webhook_id, Delivery.subject)
    )
    waiting = {(webhook_id, subject): until for webhook_id, subject, until in session.execute(query)}
    for row in rows:
        until = waiting.get((row["webhook_id"], row["subject"]), row["next_attempt_at"])
        row["next_attempt_at"] = max(until, row["next_attempt_at"])
