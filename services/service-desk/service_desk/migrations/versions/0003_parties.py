"""The copy of contacts; whoever has the customer sees its cases (SD-01)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID, index_anew

revision = "service_desk_0003"
down_revision = "service_desk_0002"


def upgrade() -> None:
    """Create the table, and add the column with its index; both fill as customers are told of."""
    op.create_table(
        "contact_copy",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("owner_id", UUID),
        sa.Column("customer_id", UUID),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("merged_into_id", UUID),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.add_column("service_case", sa.Column("customer_owner_id", UUID))
    index_anew(
        "ix_service_case_customer_owner_id_created_at_id",
        "ON service_case (customer_owner_id, created_at, id)",
    )
    index_anew("ix_service_case_contact_id", "ON service_case (contact_id)")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
