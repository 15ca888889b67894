"""Events that were lost to subscriptions: the stream keeps them for some time only, and may be made anew."""

from datetime import datetime

from sqlalchemy.orm import Session

from identity.events import WebhookGapFound
from identity.webhooks.model import Webhook
from servicekit import publish
from servicekit.messages.outbox import write_waiting


def tell_gaps(session: Session, webhooks: list[Webhook], before: datetime) -> bool:
    """Tell subscriptions, and whoever keeps them, that events from before a time were lost to them; tell if to any."""
    for webhook in webhooks:
        webhook.miss(before)
        publish(session, webhook, WebhookGapFound.of(webhook))
    if webhooks:
        write_waiting(session)
    return bool(webhooks)


def misses(webhook: Webhook, place: int | None, found: int, lost: datetime) -> bool:
    """Tell whether a subscription would have gone on before what is found, all before which is lost."""
    if place is None and webhook.from_offset is None:
        return webhook.recording_since < lost
    return found > max(each for each in (place, webhook.from_offset) if each is not None)
