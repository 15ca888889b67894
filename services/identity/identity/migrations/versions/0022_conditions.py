"""Flows have a tree of conditions and a priority, webhooks a tree (GW-56, GW-62, decision 41)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "identity_0022"
down_revision = "identity_0021"


def upgrade() -> None:
    """Add them; the release before this one leaves them as they are."""
    op.add_column("approval_flow", sa.Column("where", JSONB()))
    op.add_column(
        "approval_flow", sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("webhook", sa.Column("where", JSONB()))


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
