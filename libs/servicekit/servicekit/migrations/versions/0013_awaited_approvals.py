"""What records wait for: approvals that were asked for, with what came of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import TIME, UUID

revision = "kit_0013"
down_revision = "kit_0011"


def upgrade() -> None:
    """Make the table; code that does not know it goes on working."""
    op.create_table(
        "awaited_approval",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("noun", sa.Text, nullable=False),
        sa.Column("record_id", UUID, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("flow_id", UUID),
        sa.Column("requester_id", UUID, nullable=False),
        sa.Column("owner_id", UUID),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("facts", postgresql.JSONB, nullable=False),
        sa.Column("given", postgresql.JSONB, nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("decided_at", TIME),
    )
    op.create_index("ix_awaited_approval_record", "awaited_approval", ["noun", "record_id"])


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
