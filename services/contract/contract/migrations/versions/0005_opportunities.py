"""The copy of opportunities: whose they are, and for which customer (CT-21)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID

revision = "contract_0005"
down_revision = "contract_0004"


def upgrade() -> None:
    """Create the table; it fills as opportunities are told of, and all at once by ``bus rebuild``."""
    op.create_table(
        "opportunity_copy",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("owner_id", UUID),
        sa.Column("customer_id", UUID),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("merged_into_id", UUID),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
