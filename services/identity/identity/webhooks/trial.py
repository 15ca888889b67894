"""Test deliveries: a made-up event, sent as real ones are."""

import orjson
from sqlalchemy.orm import Session

from identity.webhooks.delivery import TEST, Delivery, clock
from identity.webhooks.model import Webhook
from identity.webhooks.queries import patience
from servicekit import current, new_id


def trial_delivery(session: Session, webhook: Webhook) -> Delivery:
    """Return a delivery that tries a subscription out, about a record of its own: nothing stands before it."""
    now, event_id = clock(session), new_id()
    event = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": "/kehu/identity",
        "type": TEST,
        "subject": str(event_id),
        "time": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "datacontenttype": "application/json",
        "correlationid": str(current().correlation_id),
        "data": {"webhook_id": str(webhook.id), "description": webhook.description},
    }
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
