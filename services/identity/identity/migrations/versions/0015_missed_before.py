"""What webhooks have missed, and where they go on while the stream is read again for another one (K-9)."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0015"
down_revision = "identity_0014"


def upgrade() -> None:
    """Add the columns; nothing is in them yet."""
    op.add_column("webhook", sa.Column("from_offset", sa.BigInteger))
    op.add_column("webhook", sa.Column("missed_before", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
