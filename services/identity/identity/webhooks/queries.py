"""Subscriptions, deliveries and attempts found, sent again and forgotten."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from identity.base import WEBHOOK_FEED, take_turns
from identity.permits import GOVERN
from identity.webhooks.delivery import PENDING, TEST, Attempt, Delivery, Feed, clock
from identity.webhooks.model import Webhook
from identity.webhooks.schemas import WebhookAttemptSchema, WebhookDeliverySchema, WebhookSchema
from identity.webhooks.settings import WebhookSettings
from servicekit import Caller, Listing, NotFound, Noun, load

WEBHOOKS = Noun(
    Webhook,
    WebhookSchema,
    "/v1/webhooks",
    label=("Webhook 推送", "Webhooks"),
    deeds={"write": GOVERN},
    filters="active description~",
    sorts="created_at",
    tells="",
)
READ, WRITE = WEBHOOKS.permission, WEBHOOKS.writing

DELIVERIES = Listing(
    Delivery,
    WebhookDeliverySchema,
    READ,
    filters={
        "state": Delivery.state,
        "event_type": Delivery.event_type,
        "event_id": Delivery.event_id,
        "subject": Delivery.subject,
        "event_time": Delivery.event_time,
    },
    sorts={"position": Delivery.position, "event_time": Delivery.event_time},
    default="-position",
)

ATTEMPTS = Listing(
    Attempt,
    WebhookAttemptSchema,
    READ,
    filters={
        "delivery_id": Attempt.delivery_id,
        "status": Attempt.status,
    },
    sorts={"created_at": Attempt.created_at},
)


def find_webhook(session: Session, caller: Caller, webhook_id: UUID, permission: str = READ) -> Webhook:
    """Return a subscription that the caller may see or change."""
    return load(session, Webhook, webhook_id, caller, permission)


def read_again(session: Session) -> None:
    """Let the stream be read again for one that is to be told of the past; the others go on where they are."""
    take_turns(session, WEBHOOK_FEED)
    feed = session.scalar(select(Feed).with_for_update())
    if feed is None:
        return
    for webhook in session.scalars(select(Webhook).where(Webhook.from_offset.is_(None)).order_by(Webhook.id)):
        webhook.move(from_offset=feed.next_offset)
    for webhook in session.scalars(select(Webhook).where(Webhook.from_offset < feed.next_offset)):
        webhook.move(from_offset=feed.next_offset)
    session.delete(feed)


def patience() -> timedelta:
    """Return how long a delivery is tried."""
    return timedelta(hours=WebhookSettings().identity_webhook_give_up_hours)


def send_one_again(session: Session, webhook: Webhook, delivery_id: UUID) -> int:
    """Send a delivery again, or, if it waits, now.

    Raises:
        NotFound: ``webhook-delivery-not-found``.
    """
    count = _send_again(session, webhook, Delivery.id == delivery_id)
    if not count:
        raise NotFound("webhook-delivery-not-found", "This webhook has no such delivery.")
    return count


def send_range_again(
    session: Session, webhook: Webhook, begins: datetime, ends: datetime, state: str | None
) -> int:
    """Send the events of a range of time again, in their order; what waits is only tried at once."""
    wanted = [Delivery.event_time >= begins, Delivery.event_time < ends, Delivery.event_type != TEST]
    if state is not None:
        wanted.append(Delivery.state == state)
    return _send_again(session, webhook, *wanted)


def _send_again(session: Session, webhook: Webhook, *wanted: Any) -> int:
    now = clock(session)
    sent = session.execute(
        update(Delivery)
        .where(Delivery.webhook_id == webhook.id, *wanted)
        .values(state=PENDING, tries=0, delivered_at=None, next_attempt_at=now, give_up_at=now + patience())
        .execution_options(synchronize_session=False)
    )
    return int(sent.rowcount)  # type: ignore[attr-defined]
