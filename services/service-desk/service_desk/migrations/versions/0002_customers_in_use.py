"""What says whether a customer may be named: whose it is, and whether it is in use (docs/decisions/0012)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID

revision = "service_desk_0002"
down_revision = "service_desk_0001"


def upgrade() -> None:
    """Add the columns; they fill as customers are told of, and all at once by ``bus rebuild``."""
    op.add_column("customer_copy", sa.Column("owner_id", UUID))
    op.add_column("customer_copy", sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()))


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
