"""Sending what waits: claimed by lease, attempted outside of any transaction, and the outcome written down.

A claim is a short transaction, one at a time over all processes, so the bounds hold for the platform as a whole. A
process that dies leaves its leases to run out; the message is then sent again under the same ``webhook-id``.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from identity.events import WebhookPaused
from identity.webhooks import metrics
from identity.webhooks.delivery import PENDING, TEST, Attempt, Delivery, clock
from identity.webhooks.model import FAILING, GONE, Webhook
from identity.webhooks.sending import Outcome, post
from identity.webhooks.settings import WebhookSettings
from identity.webhooks.signing import signed_headers
from identity.webhooks.targets import Refused, parse
from servicekit import publish
from servicekit.base.crash import crash_point
from servicekit.base.database import Database
from servicekit.base.settings import Settings
from servicekit.messages.outbox import write_waiting

log = structlog.get_logger("webhooks")

CLAIMING = 7_226_007
"""Advisory lock of a claim; the number is one of this service's database."""

IDLE_SECONDS = 0.5
LEASE_SECONDS = 60
"""How much longer than an attempt may take a delivery stays with the process that claimed it."""

DUE = text(
    """
    SELECT due.id
    FROM (
        SELECT webhook.id, webhook.failing_since,
            (SELECT count(*) FROM webhook_delivery busy
             WHERE busy.webhook_id = webhook.id AND busy.leased_until > :now) AS busy
        FROM webhook WHERE webhook.active
    ) AS webhook
    CROSS JOIN LATERAL (
        SELECT id, next_attempt_at, row_number() OVER (ORDER BY next_attempt_at, position) AS turn
        FROM (
            SELECT delivery.id, delivery.next_attempt_at, delivery.position
            FROM webhook_delivery delivery
            WHERE delivery.webhook_id = webhook.id AND delivery.state = 'pending' AND delivery.next_attempt_at <= :now
                AND (delivery.leased_until IS NULL OR delivery.leased_until <= :now)
                AND NOT EXISTS (
                    SELECT FROM webhook_delivery before
                    WHERE before.webhook_id = delivery.webhook_id AND before.subject = delivery.subject
                        AND before.state = 'pending' AND before.position < delivery.position)
            ORDER BY delivery.next_attempt_at, delivery.position
            LIMIT greatest(0, CASE WHEN webhook.failing_since IS NULL THEN :each ELSE 1 END - webhook.busy)
        ) AS first
    ) AS due
    ORDER BY webhook.failing_since IS NOT NULL, webhook.busy + due.turn, due.next_attempt_at
    LIMIT greatest(0, :at_once - (SELECT count(*) FROM webhook_delivery WHERE leased_until > :now))
    """
)
"""What can be attempted now: the oldest of each record, so many of each subscription, the healthy ones first.

Subscriptions take turns, so that one with much to catch up on, or slow to answer, holds up no news of another."""

DUE_TESTS = text(
    """
    SELECT id
    FROM (
        SELECT id, position, row_number() OVER (PARTITION BY webhook_id ORDER BY position)
            + (SELECT count(*) FROM webhook_delivery busy
               WHERE busy.webhook_id = delivery.webhook_id AND busy.leased_until > :now) AS turn
        FROM webhook_delivery delivery
        WHERE state = 'pending' AND event_type = 'webhook.test' AND (leased_until IS NULL OR leased_until <= :now)
    ) AS due
    WHERE turn <= :each
    ORDER BY turn, position
    LIMIT greatest(0, :at_once - (SELECT count(*) FROM webhook_delivery WHERE leased_until > :now))
    """
)
"""Tests go in any case: somebody is looking on. They are about a record of their own, so nothing is before them."""


@dataclass(frozen=True)
class Letter:
    """What an attempt needs to know, taken along out of the transaction."""

    delivery_id: UUID
    webhook_id: UUID
    event_id: UUID
    url: str
    secrets: Sequence[str]
    body: bytes


class Deliverer:
    """Delivers what waits, in every process, each with its share."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = WebhookSettings(**settings.model_dump())
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._at_work: set[threading.Thread] = set()
        metrics.PAUSED.set_function(lambda: database.count(Webhook.stopped_because == FAILING))

    def run(self) -> None:
        """Deliver until told to stop; then wait for the attempts in hand."""
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                for letter in self.claim():
                    thread = threading.Thread(target=self._attend, args=(letter,))
                    self._at_work.add(thread)
                    thread.start()
            except Exception as error:
                log.warning(
                    "webhook deliveries interrupted", error=str(error), error_type=type(error).__name__
                )
                self._stopping.wait(IDLE_SECONDS)
            self._wake.wait(IDLE_SECONDS)
        for thread in list(self._at_work):
            thread.join()

    def stop(self) -> None:
        """Begin no more attempts."""
        self._stopping.set()
        self._wake.set()

    def claim(self) -> list[Letter]:
        """Take what can be attempted now as one's own for a while."""

        def work(session: Session) -> list[Letter]:
            # Of a long queue the planner expects so much that it would compile the query each time.
            session.execute(select(func.pg_advisory_xact_lock(CLAIMING), func.set_config("jit", "off", True)))
            now, at_once = clock(session), self.settings.identity_webhook_at_once
            bounds = {"now": now, "at_once": at_once, "each": self.settings.identity_webhook_at_once_each}
            due = session.scalars(DUE_TESTS, bounds).all() or session.scalars(DUE, bounds).all()
            if not due:
                return []
            query = (
                select(Delivery, Webhook)
                .join(Webhook, Webhook.id == Delivery.webhook_id)
                .where(Delivery.id.in_(due), Delivery.state == PENDING)
                .with_for_update(of=Delivery, skip_locked=True)
            )
            lease = timedelta(seconds=self.settings.identity_webhook_timeout + LEASE_SECONDS)
            letters = []
            for delivery, webhook in session.execute(query):
                delivery.leased_until = now + lease
                body = delivery.body.encode()
                secrets = webhook.live_secrets()
                letters.append(Letter(delivery.id, webhook.id, delivery.event_id, webhook.url, secrets, body))
            return letters

        return self.database.transact(work)

    def attempt(self, letter: Letter) -> Outcome:
        """Send a message, and write down what came of it."""
        signed = signed_headers(letter.secrets, str(letter.event_id), int(time.time()), letter.body)
        headers = {
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "User-Agent": "Kehu-Webhooks/1.0",
            **signed,
        }
        outcome = post(
            letter.url,
            letter.body,
            headers,
            seconds=self.settings.identity_webhook_timeout,
            allow_private=self.settings.identity_webhook_allow_private,
        )
        crash_point("after_webhook_sent")
        self.database.transact(lambda session: self._note(session, letter, outcome))
        log.info(
            "webhook attempted", webhook_id=str(letter.webhook_id), delivery_id=str(letter.delivery_id),
            target=_origin(letter.url), status=outcome.status, error=outcome.error,
            milliseconds=outcome.milliseconds,
        )  # fmt: skip
        return outcome

    def _attend(self, letter: Letter) -> None:
        try:
            self.attempt(letter)
        except Exception as error:
            # The lease runs out, and it is sent again.
            log.warning(
                "webhook outcome could not be stored", delivery_id=str(letter.delivery_id), error=str(error)
            )
        finally:
            self._at_work.discard(threading.current_thread())
            self._wake.set()

    def _note(self, session: Session, letter: Letter, outcome: Outcome) -> None:
        # The subscription first, as whoever deletes it does; nobody then waits for the other in a ring. Those who
        # bring good news need not wait for each other.
        webhook = session.get(
            Webhook, letter.webhook_id, with_for_update={"key_share": True, "read": outcome.ok}
        )
        delivery = session.get(Delivery, letter.delivery_id, with_for_update=True)
        if webhook is None or delivery is None:
            return  # Deleted in the meantime.
        session.add(
            Attempt(
                webhook_id=webhook.id,
                delivery_id=delivery.id,
                milliseconds=outcome.milliseconds,
                status=outcome.status,
                error=outcome.error,
                response=outcome.excerpt,
            )
        )
        if delivery.state != PENDING:
            return  # A process that had taken over was quicker.
        now = clock(session)
        delivery.tries += 1
        if outcome.ok:
            delivery.arrived(now)
        elif outcome.gone:
            delivery.give_up()
        else:
            delivery.did_not_arrive(now, self.settings.identity_webhook_delays)
        session.flush()
        if delivery.state == PENDING:
            _let_followers_wait(session, delivery)
        if delivery.event_type != TEST:
            self._note_health(session, webhook, outcome, now)

    def _note_health(self, session: Session, webhook: Webhook, outcome: Outcome, now: datetime) -> None:
        """Keep since when nothing arrives; stop what fails for days, or is wanted no more."""
        since = webhook.failing_since
        if outcome.ok:
            if since is not None:
                webhook.move(failing_since=None)
        elif outcome.gone:
            _stop(session, webhook, GONE)
        elif since is None:
            webhook.move(failing_since=now)
        elif now - since >= timedelta(hours=self.settings.identity_webhook_pause_hours):
            _stop(session, webhook, FAILING)


def _stop(session: Session, webhook: Webhook, because: str) -> None:
    if webhook.active:
        webhook.stop(because)
        publish(session, webhook, WebhookPaused.of(webhook))
        write_waiting(session)


def _let_followers_wait(session: Session, delivery: Delivery) -> None:
    """Put off what comes after a delivery about the same record until its next attempt."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.webhook_id == delivery.webhook_id,
            Delivery.subject == delivery.subject,
            Delivery.state == PENDING,
            Delivery.next_attempt_at < delivery.next_attempt_at,
            Delivery.position > delivery.position,
        )
        .values(next_attempt_at=delivery.next_attempt_at)
        .execution_options(synchronize_session=False)
    )


def _origin(url: str) -> str:
    try:
        return parse(url).origin
    except Refused:
        return ""
