"""From the stream of events to deliveries: each event makes one for each subscription that wants it, once.

The deliveries and the new place in the stream are written in one transaction, which goes on only from the place that
the batch began at. So it does not matter who is killed when, or how many believe that they are the one at work.
"""

import threading
import time
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog
from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from identity.webhooks import metrics
from identity.webhooks.delivery import PENDING, Delivery, Feed, clock
from identity.webhooks.model import Webhook
from identity.webhooks.settings import WebhookSettings
from servicekit import new_id
from servicekit.crash import crash_point
from servicekit.database import Database
from servicekit.lease import Lease
from servicekit.settings import Settings
from servicekit.stream import batches, end_of
from servicekit.topology import FEED

log = structlog.get_logger("webhooks")

LEADER = 7_226_006
"""Advisory lock of the process that feeds; the number is one of this service's database."""

PAUSE_SECONDS = 1.0
"""Between two looks whether the one at work is gone."""

RECOGNITION_SECONDS = 10.0
"""How long the broker may take to show the event that was read last."""

ONLY_ROW = 1

Message = tuple[int, bytes]


class Overtaken(Exception):
    """The place in the stream is not where this process thought: somebody else has moved it."""


class Remade(Exception):
    """The stream is not the one that was read: it was deleted and made anew, perhaps with the whole broker."""


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
        stored = self.database.transact(self.stored)
        place, last = stored.next_offset, stored.last_event_id
        patience = time.monotonic() + RECOGNITION_SECONDS
        with closing(batches(self.stream, self.settings, place - (last is not None))) as reading:
            for batch in reading:
                lease.show()
                if batch and last is not None:
                    batch, last = _behind(batch, place, last), None
                elif last is not None and time.monotonic() > patience:
                    self._look_whether_shorter(place)
                if batch:
                    place = self.feed(place, batch)
                if self._stopping.is_set():
                    return

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
            stored = session.get_one(Feed, ONLY_ROW, with_for_update=True)
            stored.next_offset, stored.last_event_id = 0, None

        self.database.transact(work)

    def stored(self, session: Session) -> Feed:
        """Return where to go on; on a new platform that is the end of the stream, from now on."""
        stored = session.get(Feed, ONLY_ROW)
        if stored is None:
            row = {"id": ONLY_ROW, "next_offset": end_of(self.stream, self.settings)}
            # Another process may have been quicker: its place holds.
            session.execute(insert(Feed).on_conflict_do_nothing(), row)
            stored = session.get_one(Feed, ONLY_ROW)
        return stored

    def feed(self, place: int, batch: list[Message]) -> int:
        """Make the deliveries of a batch that begins at a place; return the place behind it.

        Raises:
            Overtaken: if the stored place is another one; nothing was done then.
        """
        if batch[0][0] > place:
            # The stream keeps events for some time only; whoever was away for longer has missed some.
            log.error("events are missing for webhooks", expected=place, found=batch[0][0])
            metrics.FEED_GAPS.inc()
        behind = batch[-1][0] + 1

        def work(session: Session) -> None:
            stored = session.get(Feed, ONLY_ROW, with_for_update=True)
            if stored is None or stored.next_offset != place:
                raise Overtaken
            self._make_deliveries(session, batch)
            stored.next_offset, stored.last_event_id = behind, _id_of(batch[-1])
            session.flush()
            crash_point("before_webhook_feed_commit")

        self.database.transact(work)
        crash_point("after_webhook_feed_commit")
        return behind

    def _make_deliveries(self, session: Session, batch: Iterable[Message]) -> None:
        webhooks = [webhook for webhook in session.scalars(select(Webhook)) if webhook.records]
        if not webhooks:
            return
        now = clock(session)
        rows = [
            self._row(webhook, event, body, now)
            for offset, body in batch
            if (event := _read(offset, body)) is not None
            for webhook in webhooks
            if webhook.wants(event)
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


def _behind(batch: list[Message], place: int, last: UUID) -> list[Message]:
    """Return what follows on the event that was read last, which a batch begins with unless it was forgotten.

    Raises:
        Remade: if another event stands in its place.
    """
    if batch[0][0] >= place:
        return batch
    if _id_of(batch[0]) != last:
        raise Remade
    return batch[1:]


def _id_of(message: Message) -> UUID | None:
    """Return the id of an event; None of what is no event."""
    event = _read(*message)
    return None if event is None else UUID(event["id"])


def _read(offset: int, body: bytes) -> dict[str, Any] | None:
    """Read an event; what is none is logged and passed over, for it would be none the next time either."""
    try:
        event: dict[str, Any] = orjson.loads(body)
        UUID(event["id"]), UUID(event["subject"]), datetime.fromisoformat(event["time"])
        if not isinstance(event["type"], str) or "\\u0000" in body.decode():
            raise ValueError("not an event that can be kept")
        return event
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        log.error("not an event in the stream", offset=offset, error=str(error))
        return None


def begin(settings: Settings) -> None:
    """Store the place in the stream where a new platform begins; what is there is left as it is."""
    database = Database(settings.database_url_of("identity"), 1, "kehu-identity-prepare")
    try:
        database.transact(Feeder(database, settings).stored)
    finally:
        database.dispose()
