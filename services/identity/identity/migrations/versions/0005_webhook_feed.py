"""The event that was read last from the stream, by which the stream is known again."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID

revision = "identity_0005"
down_revision = "identity_0004"


def upgrade() -> None:
    """Add the column; until the next event is read, it is not known."""
    op.add_column("webhook_feed", sa.Column("last_event_id", UUID))


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
