"""What operating the bus needs: who decided about a failed event, and which replays have been handled."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "kit_0002"
down_revision = "kit_0001"

UUID = postgresql.UUID(as_uuid=True)


def upgrade() -> None:
    """Add columns that may be empty and a new table: code of the version before goes on working."""
    op.add_column("failed_event", sa.Column("noted_by", sa.Text))
    op.add_column("failed_event", sa.Column("replay_id", UUID))
    op.create_table(
        "inbox_replay",
        sa.Column("event_id", UUID, primary_key=True),
        sa.Column("replay_id", UUID, primary_key=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_inbox_replay_handled_at", "inbox_replay", ["handled_at"])


def downgrade() -> None:
    """Migrations go forward only: what is to be undone is undone by a new one."""
    raise RuntimeError("restore a backup instead")
