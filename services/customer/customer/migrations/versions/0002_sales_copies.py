"""Copies of leads and opportunities, and who introduced a contact."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID

revision = "customer_0002"
down_revision = "customer_0001"


def upgrade() -> None:
    """Create the copies and add the column; code that does not know them goes on working."""
    for table in ("lead_copy", "opportunity_copy"):
        op.create_table(
            table,
            sa.Column("id", UUID, primary_key=True),
            sa.Column("name", sa.Text),
            sa.Column("owner_id", UUID),
            sa.Column("customer_id", UUID),
            sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
            sa.Column("merged_into_id", UUID),
            sa.Column("version", sa.Integer, nullable=False, server_default="0"),
        )
    op.add_column("contact", sa.Column("introduced_by", UUID))
