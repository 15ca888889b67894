"""In whose reach, beside the owner's, an event's record is seen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import UUID

revision = "kit_0005"
down_revision = "kit_0004"


def upgrade() -> None:
    """Add a column; events from before it, and from replicas that do not know it yet, are seen by the owner's alone."""
    op.add_column("outbox", sa.Column("watcher_ids", postgresql.ARRAY(UUID)))


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
