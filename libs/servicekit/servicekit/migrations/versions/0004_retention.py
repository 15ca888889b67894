"""What finds rows that are past their time, and what says which code may work with a database."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import index_anew

revision = "kit_0004"
down_revision = "kit_0003"


def upgrade() -> None:
    """Add a table and indexes."""
    op.create_table(
        "schema_needs",
        sa.Column("history", sa.Text, primary_key=True),
        sa.Column("revision", sa.Text, nullable=False),
    )
    index_anew("ix_outbox_published_at", "ON outbox (published_at)")
    index_anew("ix_failed_event_failed_at", "ON failed_event (failed_at)")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
