"""What can be asked about webhooks."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from identity.events import WebhookCreated, WebhookDeleted, WebhookUpdated
from identity.webhooks.delivery import RETENTION, Attempt, Delivery
from identity.webhooks.matching import terms_for
from identity.webhooks.model import Webhook
from identity.webhooks.queries import (
    ATTEMPTS,
    DELIVERIES,
    READ,
    WEBHOOKS,
    WRITE,
    find_webhook,
    read_again,
    send_one_again,
    send_range_again,
)
from identity.webhooks.schemas import (
    EventTypesSchema,
    NewWebhookSchema,
    ResendSchema,
    ResentSchema,
    WebhookDeliverySchema,
    WebhookSchema,
    WebhookTermsSchema,
    WebhookWithSecretSchema,
)
from identity.webhooks.trial import trial_delivery
from servicekit import Caller, operation, publish, publish_deletion
from servicekit.nouns.conditions import grammar
from servicekit.nouns.conditions.asker import Asker
from servicekit.operating.retention import Retention


@WEBHOOKS.operations("list get")
class WebhookOperations:
    """Subscriptions of other systems, kept by administrators, and what became of their messages."""

    retains: ClassVar[tuple[Retention, ...]] = (RETENTION,)

    @operation("GET /v1/webhooks/terms", permission=READ, query=EventTypesSchema, returns=WebhookTermsSchema)
    def list_webhook_terms(self, session: Session, caller: Caller, query: dict[str, Any]) -> dict[str, Any]:
        """Return what the conditions of a webhook may ask of events of some types (GW-62)."""
        terms = terms_for(query["types"].split(",")).items()
        return {"terms": {name: term.described() for name, term in terms}}

    @operation(
        "POST /v1/webhooks",
        permission=WRITE,
        accepts=NewWebhookSchema,
        returns=WebhookWithSecretSchema,
        creates=True,
    )
    def create_webhook(self, session: Session, caller: Caller, data: dict[str, Any]) -> Webhook:
        """Subscribe to events, from now on or ``since`` a time; the secret in the answer is not shown again."""
        webhook, since = Webhook(), data.pop("since")
        if since is not None:
            read_again(session)
            webhook.begin_at(since)
        webhook.fill_in(**data)
        _check_where(webhook)
        session.add(webhook)
        publish(session, webhook, WebhookCreated.of(webhook))
        return webhook

    @operation(
        "PATCH /v1/webhooks/{webhook_id}",
        permission=WRITE,
        accepts=WebhookSchema,
        returns=WebhookSchema,
        errors=("stale-version",),
    )
    def update_webhook(
        self, session: Session, caller: Caller, webhook_id: UUID, data: dict[str, Any]
    ) -> Webhook:
        """Change a webhook, or switch it on or off; what waits goes on when it is on again."""
        webhook = find_webhook(session, caller, webhook_id, WRITE)
        webhook.fill_in(**data)
        _check_where(webhook)
        publish(session, webhook, WebhookUpdated.of(webhook))
        return webhook

    @operation("DELETE /v1/webhooks/{webhook_id}", permission=WRITE, errors=("stale-version",))
    def delete_webhook(self, session: Session, caller: Caller, webhook_id: UUID) -> None:
        """Delete a webhook with all that is known of its deliveries."""
        webhook = find_webhook(session, caller, webhook_id, WRITE)
        publish_deletion(session, webhook, WebhookDeleted.of(webhook))

    @operation(
        "POST /v1/webhooks/{webhook_id}/rotate-secret",
        permission=WRITE,
        returns=WebhookWithSecretSchema,
        errors=("stale-version",),
    )
    def rotate_webhook_secret(self, session: Session, caller: Caller, webhook_id: UUID) -> Webhook:
        """Sign with a new secret, shown in the answer only; the one before signs too for 24 hours."""
        webhook = find_webhook(session, caller, webhook_id, WRITE)
        webhook.rotate_secret()
        publish(session, webhook, WebhookUpdated.of(webhook))
        return webhook

    @operation("POST /v1/webhooks/{webhook_id}/test", permission=WRITE, returns=WebhookDeliverySchema)
    def test_webhook(self, session: Session, caller: Caller, webhook_id: UUID) -> Delivery:
        """Send an event ``webhook.test``, also to a webhook that is switched off; it is tried once."""
        delivery = trial_delivery(session, find_webhook(session, caller, webhook_id, WRITE))
        session.add(delivery)
        return delivery

    @operation(
        "POST /v1/webhooks/{webhook_id}/resend",
        permission=WRITE,
        accepts=ResendSchema,
        returns=ResentSchema,
        errors=("webhook-delivery-not-found",),
    )
    def resend_webhook(
        self, session: Session, caller: Caller, webhook_id: UUID, data: dict[str, Any]
    ) -> dict[str, int]:
        """Send one delivery, or the events of a range of time, again, with the same ``webhook-id``."""
        webhook = find_webhook(session, caller, webhook_id, WRITE)
        if data["delivery_id"] is not None:
            return {"count": send_one_again(session, webhook, data["delivery_id"])}
        begins, ends = data["from_time"], data["to_time"]
        return {"count": send_range_again(session, webhook, begins, ends, data["state"])}

    @operation("GET /v1/webhooks/{webhook_id}/deliveries", lists=DELIVERIES)
    def list_webhook_deliveries(
        self, session: Session, caller: Caller, webhook_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List what was, is being and could not be delivered."""
        webhook = find_webhook(session, caller, webhook_id)
        return DELIVERIES.page(session, caller, query, Delivery.webhook_id == webhook.id)

    @operation("GET /v1/webhooks/{webhook_id}/attempts", lists=ATTEMPTS)
    def list_webhook_attempts(
        self, session: Session, caller: Caller, webhook_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List every attempt with what the receiver answered."""
        webhook = find_webhook(session, caller, webhook_id)
        return ATTEMPTS.page(session, caller, query, Attempt.webhook_id == webhook.id)


def _check_where(webhook: Webhook) -> None:
    """Refuse conditions on what the events do not tell."""
    grammar.read(webhook.where, terms_for(webhook.event_types), Asker())
