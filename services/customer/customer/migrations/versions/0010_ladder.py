"""What a customer waits for, and what it was before it was frozen (CU-09)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID, index_anew

revision = "customer_0010"
down_revision = "customer_0009"


def upgrade() -> None:
    """Add the columns; nothing waits for an approval yet."""
    op.add_column("customer", sa.Column("approval_id", UUID))
    op.add_column("customer", sa.Column("approval_step", sa.Text))
    op.add_column("customer", sa.Column("frozen_from", sa.Text))
    index_anew("ix_customer_approval_id", "ON customer (approval_id) WHERE approval_id IS NOT NULL")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
