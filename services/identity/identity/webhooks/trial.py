"""Test deliveries: a made-up event, sent as real ones are."""

import orjson
from sqlalchemy.orm import Session

from identity.webhooks.delivery import TEST, Delivery, clock
from identity.webhooks.model import Webhook
from identity.webhooks.queries import patience
from servicekit import current, new_id
from servicekit.messages.envelope import cloud_event


def trial_delivery(session: Session, webhook: Webhook) -> Delivery:
    """Return a delivery that tries a subscription out, about a record of its own: nothing stands before it."""
    now, event_id = clock(session), new_id()
    told = {"webhook_id": str(webhook.id), "description": webhook.description}
    event = cloud_event(
        "identity", TEST, event_id, told, event_id=event_id, time=now, correlation_id=current().correlation_id
    )
    # It stands in no stream; but a receiver that judges what comes by the envelope's schema is not to refuse it.
    event["sequence"] = f"{0:019d}"
    return Delivery(
        webhook_id=webhook.id,
        event_id=event_id,
        event_type=TEST,
        event_time=now,
        subject=event_id,
        body=orjson.dumps(event).decode(),
        next_attempt_at=now,
        give_up_at=now + patience(),
    )
