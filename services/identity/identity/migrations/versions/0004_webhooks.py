"""Webhooks: subscriptions, deliveries, attempts, and the place in the stream of events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations.helpers import TIME, UUID, list_index, record_columns, search_index

revision = "identity_0004"
down_revision = "identity_0003"


def upgrade() -> None:
    """Create the tables and the indexes that the lists and the sending need."""
    op.create_table(
        "webhook",
        *record_columns(),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("event_types", JSONB, nullable=False),
        sa.Column("conditions", JSONB, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("stopped_because", sa.Text),
        sa.Column("failing_since", TIME),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("previous_secret", sa.Text),
        sa.Column("previous_secret_until", TIME),
    )
    list_index("webhook", "created_at")
    search_index("webhook", "description")
    op.create_table(
        "webhook_delivery",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("position", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("webhook_id", UUID, sa.ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False),
        sa.Column("event_id", UUID, nullable=False),
        sa.Column("event_type", sa.Text, nullable=False),
        sa.Column("event_time", TIME, nullable=False),
        sa.Column("subject", UUID, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", TIME, nullable=False),
        sa.Column("give_up_at", TIME, nullable=False),
        sa.Column("leased_until", TIME),
        sa.Column("delivered_at", TIME),
        sa.UniqueConstraint("webhook_id", "event_id", name="uq_webhook_delivery_event"),
    )
    for columns in (
        ("created_at",),
        ("webhook_id", "position"),
        ("webhook_id", "event_time"),
        ("webhook_id", "state", "position"),
        ("webhook_id", "subject", "position"),
    ):
        list_index("webhook_delivery", *columns)
    pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_webhook_delivery_due",
        "webhook_delivery",
        ["webhook_id", "next_attempt_at", "position"],
        postgresql_where=pending,
    )
    op.create_index(
        "ix_webhook_delivery_before",
        "webhook_delivery",
        ["webhook_id", "subject", "position"],
        postgresql_where=pending,
    )
    op.create_index(
        "ix_webhook_delivery_tests",
        "webhook_delivery",
        ["position"],
        postgresql_where=sa.text("state = 'pending' AND event_type = 'webhook.test'"),
    )
    op.create_index(
        "ix_webhook_delivery_leased",
        "webhook_delivery",
        ["webhook_id"],
        postgresql_where=sa.text("leased_until IS NOT NULL"),
    )
    op.create_table(
        "webhook_attempt",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("webhook_id", UUID, sa.ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False),
        sa.Column(
            "delivery_id", UUID, sa.ForeignKey("webhook_delivery.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("milliseconds", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text),
        sa.Column("response", sa.Text, nullable=False),
    )
    for columns in (("webhook_id", "created_at"), ("delivery_id", "created_at")):
        list_index("webhook_attempt", *columns)
    op.create_table(
        "webhook_feed",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
