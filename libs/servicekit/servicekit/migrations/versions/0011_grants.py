"""Rights on single records, and of which version of others' records they are."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import TIME, UUID

revision = "kit_0011"
down_revision = "kit_0010"


def upgrade() -> None:
    """Make the tables; code that does not know them goes on working."""
    op.create_table(
        "access_grant",
        sa.Column("record_id", UUID, primary_key=True),
        sa.Column("principal_id", UUID, primary_key=True),
        sa.Column("reason", sa.Text, primary_key=True),
        sa.Column("id", UUID, nullable=False),
        sa.Column("noun", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("security_from", sa.SmallInteger, nullable=False, server_default="10"),
        sa.Column("security_to", sa.SmallInteger, nullable=False, server_default="100"),
        sa.Column("until", TIME),
        sa.Column("granted_by", UUID),
        sa.Column("granted_at", TIME, nullable=False),
        sa.UniqueConstraint("id", name="uq_access_grant_id"),
    )
    op.create_index("ix_access_grant_principal_id", "access_grant", ["principal_id", "noun", "record_id"])
    op.create_table(
        "access_audience",
        sa.Column("noun", sa.Text, primary_key=True),
        sa.Column("record_id", UUID, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", TIME, nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
