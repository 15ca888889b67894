"""Since when a webhook is told of events, so that nothing need be read of them while there is none."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0011"
down_revision = "identity_0010"


def upgrade() -> None:
    """Add the column; webhooks that there are have been told of events since they were made."""
    since = sa.Column(
        "recording_since", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
    )
    op.add_column("webhook", since)
    op.execute("UPDATE webhook SET recording_since = created_at")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
