"""The copy of customers: who they belong to, whether they are in use, and into whom they were merged."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID

revision = "contract_0003"
down_revision = "contract_0002"


def upgrade() -> None:
    """Create the table; it fills as customers are told of, and all at once by ``bus rebuild``."""
    op.create_table(
        "customer_copy",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("owner_id", UUID),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("merged_into_id", UUID),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
