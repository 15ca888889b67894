"""The relay: carries events from the outbox to the broker, in order and at least once.

Every replica runs one; a lease lets one of them work at a time, so order is kept however many there are. It does
everything on the session that holds the lease, each statement a transaction: whoever loses it cannot go on. First
committed rows get their sequence numbers, then numbered rows are published, then they are marked. A crash between
publishing and marking sends the same events with the same numbers once more, which consumers recognise by their ids.
"""

import select as posix_select
import time
from collections.abc import Iterable
from itertools import chain
from typing import Any

import amqp
import orjson
import structlog
from eventlet.hubs import trampoline
from eventlet.timeout import Timeout
from kombu import Connection
from sqlalchemy import Text, bindparam, cast, func, select, text, update

from servicekit.base import metrics
from servicekit.base.crash import crash_point
from servicekit.base.database import Database, table_of, utcnow
from servicekit.base.lease import Lease
from servicekit.base.settings import Settings
from servicekit.messages.broker import connection_to
from servicekit.messages.envelope import envelope
from servicekit.messages.outbox import OutboxRow
from servicekit.messages.topology import EVENT_CONTENT_TYPE, direct_exchange, events_exchange, numbers_queue
from servicekit.messages.writing import GatheringWriter, publish

log = structlog.get_logger("outbox")

LOCK = 7_226_001
"""Advisory lock of the relay."""

CHANNEL = "kehu_outbox"
BATCH = 200
CONFIRM_SECONDS = 5.0
IDLE_SECONDS = 1.0
"""How long the relay is silent at the most: it sleeps so long when no commit wakes it."""
HEARTBEAT = 2
"""Seconds; a broker takes nothing any more from who was silent for three times as long, which is less than a lease."""


def message_of(service: str, row: Any) -> amqp.Message:
    """Return a row of ``UNPUBLISHED`` as the message that goes out."""
    body = orjson.dumps({**envelope(service, row), "data": orjson.Fragment(row.data)})
    return amqp.Message(
        body, content_type=EVENT_CONTENT_TYPE, delivery_mode=2, message_id=str(row.id), type=row.type
    )


def _note(number: int) -> amqp.Message:
    return amqp.Message(str(number), content_type="text/plain", delivery_mode=2)


class Relay:
    """Carries a service's events from its outbox to the broker, in order.

    Args:
        service: the publishing service's name.
    """

    def __init__(self, service: str, database: Database, settings: Settings) -> None:
        self.service = service
        self.database = database
        self.settings = settings
        self.stopping = False
        self._connection: Connection | None = None
        self._channel: Any = None
        self._published = 0
        self._observed = 0.0
        self._lease: Lease | None = None

    def run(self) -> None:
        """Relay until told to stop; an error costs a pause, never the relay."""
        try:
            while not self.stopping:
                self._run_undisturbed()
        finally:
            # Also when its greenlet is killed: a session that nobody uses any more would go on leading for a while.
            self._drop_connections()

    def _run_undisturbed(self) -> None:
        try:
            while not self.stopping:
                if self.relay_batch() < BATCH:
                    self._wait_for_commit()
        except Exception as error:
            log.warning("relay interrupted", error=str(error), error_type=type(error).__name__)
            self._drop_connections()
            time.sleep(0.5)

    def stop(self) -> None:
        """Let the relay end after the batch in hand."""
        self.stopping = True

    def relay_batch(self) -> int:
        """Number and publish up to one batch; return how many were published. 0 if another replica leads."""
        lease = self._lease or self._open_lease()
        if not lease.leads and not self._begin_to_lead(lease):
            return 0
        lease.execute(NUMBER, {"batch": BATCH})
        if time.monotonic() - self._observed >= IDLE_SECONDS:
            self._observed = time.monotonic()
            self._observe(lease)
        rows = lease.execute(UNPUBLISHED).all()
        if not rows:
            self._keep_channel()
            return 0
        crash_point("before_publish")
        self._publish(rows, lease)
        crash_point("after_publish")
        lease.execute(MARK, {"first": rows[0].sequence, "last": rows[-1].sequence, "now": utcnow()})
        for row in rows:
            metrics.EVENTS_PUBLISHED.labels(self.service, row.type).inc()
        return len(rows)

    def _begin_to_lead(self, lease: Lease) -> bool:
        """Lead if nobody else does, and first go on counting where the broker knows that the last one stopped.

        The database may know less: then it was restored from a backup, and numbers behind it have been published.
        """
        if not lease.take():
            return False
        channel, queue = self._open_channel(), numbers_queue(self.service).name
        noted = channel.basic_get(queue)
        if noted is None:
            return True
        last = int(noted.body)
        if lease.execute(CATCH_UP, {"last": last}).rowcount:
            log.error("the database was restored: its numbers go on behind the last one published", last=last)
        # Noted anew rather than given back, which a queue allows only so often.
        self._send([(_note(last), direct_exchange(self.service).name, queue)], lease)
        channel.basic_ack(noted.delivery_tag)
        return True

    def _publish(self, rows: Any, lease: Lease) -> None:
        """Publish rows in order, behind a note of how far their numbers go."""
        exchange, queue = events_exchange(self.service).name, numbers_queue(self.service).name
        note = (_note(rows[-1].sequence), direct_exchange(self.service).name, queue)
        events = ((message_of(self.service, row), exchange, row.type) for row in rows)
        self._send(chain([note], events), lease)

    def _send(self, messages: Iterable[tuple[amqp.Message, str, str]], lease: Lease) -> None:
        """Publish messages in order on one channel and wait until the broker has confirmed every one."""
        channel = self._open_channel()
        outstanding: set[int] = set()

        def confirmed(delivery_tag: int, multiple: bool) -> None:
            if multiple:
                outstanding.difference_update({tag for tag in outstanding if tag <= delivery_tag})
            else:
                outstanding.discard(delivery_tag)

        def refused(delivery_tag: int, multiple: bool) -> None:
            raise amqp.exceptions.MessageNacked

        channel.events["basic_ack"] = {confirmed}
        channel.events["basic_nack"] = {refused}
        # The broker stops reading from publishers under a memory or disk alarm: without a limit we would hang.
        with Timeout(CONFIRM_SECONDS, TimeoutError("the broker did not confirm in time")):
            for message, exchange, routing_key in messages:
                self._published += 1
                outstanding.add(self._published)
                lease.ensure()
                publish(channel, message, exchange, routing_key)
            while outstanding:
                if not self._drain(IDLE_SECONDS):
                    lease.show()
                    self._keep_channel()

    def _drain(self, seconds: float) -> bool:
        """Take what the broker has to say; return whether it had."""
        assert self._connection is not None
        try:
            self._connection.drain_events(timeout=seconds)
        except TimeoutError:
            return False
        return True

    def _keep_channel(self) -> None:
        """Exchange heartbeats, if there is a connection: one that does not is cut off by the broker."""
        if self._connection is None:
            return
        while self._drain(0):
            pass
        self._connection.heartbeat_check(rate=2)

    def _open_channel(self) -> Any:
        """Return the relay's own channel, in confirm mode; delivery tags count from one on it."""
        if self._channel is None:
            self._connection = connection_to(
                self.settings,
                connect_timeout=3,
                heartbeat=HEARTBEAT,
                transport_options={"confirm_publish": False, "frame_writer": GatheringWriter},
            )
            self._connection.connect()
            self._channel = self._connection.connection.channel()
            self._channel.confirm_select()
            self._published = 0
        return self._channel

    def _drop_connections(self) -> None:
        """Forget both connections: the broker's without the polite close, which hangs under an alarm."""
        if self._connection is not None:
            self._connection.collect(socket_timeout=1)
        self._connection = self._channel = None
        if self._lease is not None:
            self._lease.close()
        self._lease = None

    def _open_lease(self) -> Lease:
        """Return a lease whose session is told of commits."""
        self._lease = Lease(self.database, LOCK, f"kehu-{self.service}-relay")
        # Before the first look: what is committed before LISTEN sends its notice to nobody.
        self._lease.execute(text(f"LISTEN {CHANNEL}"))
        return self._lease

    def _wait_for_commit(self) -> None:
        """Sleep until a commit with events notifies us, at most for the idle time."""
        assert self._lease is not None
        driver: Any = self._lease.connection.connection.dbapi_connection
        driver.poll()
        if not driver.notifies:  # None has come while a statement was under way.
            try:
                trampoline(driver.fileno(), read=True, timeout=IDLE_SECONDS, timeout_exc=posix_select.error)
            except OSError:
                return
            driver.poll()
        driver.notifies.clear()

    def _observe(self, lease: Lease) -> None:
        """Publish how many rows wait and how old the oldest is."""
        pending, oldest = tuple(lease.execute(WAITING).one())
        metrics.OUTBOX_PENDING.labels(self.service).set(pending)
        metrics.OUTBOX_LAG.labels(self.service).set((utcnow() - oldest).total_seconds() if oldest else 0)


NUMBER = text(
    """
    WITH waiting AS (
        SELECT position, row_number() OVER (ORDER BY position) AS place
        FROM (SELECT position FROM outbox WHERE sequence IS NULL ORDER BY position LIMIT :batch) AS oldest
    ), counter AS (
        UPDATE outbox_counter SET last = last + (SELECT count(*) FROM waiting)
        WHERE id = 1 AND EXISTS (SELECT FROM waiting)
        RETURNING last - (SELECT count(*) FROM waiting) AS base
    )
    UPDATE outbox SET sequence = counter.base + waiting.place
    FROM waiting, counter WHERE outbox.position = waiting.position
    """
)
"""Gives committed rows the next sequence numbers.

Positions are not in the order of commits: a slow transaction's row may appear below others. Numbers are given here, by
one leader, to rows that have been committed, so that no reader's cursor is ever overtaken.
"""

_ROWS = table_of(OutboxRow)

UNPUBLISHED = (
    select(*(column for column in _ROWS.c if column.key != "data"), cast(_ROWS.c.data, Text).label("data"))
    .where(_ROWS.c.published_at.is_(None), _ROWS.c.sequence.is_not(None))
    .order_by(_ROWS.c.sequence)
    .limit(BATCH)
)
CATCH_UP = text("UPDATE outbox_counter SET last = :last WHERE id = 1 AND last < :last")
MARK = (
    update(_ROWS)
    .where(_ROWS.c.sequence.between(bindparam("first"), bindparam("last")))
    .values(published_at=bindparam("now"))
)
WAITING = select(func.count(), func.min(_ROWS.c.occurred_at)).where(_ROWS.c.published_at.is_(None))
