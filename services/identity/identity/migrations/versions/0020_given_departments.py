"""The departments that the scope ``departments`` of a role or a program stands for (ID-21)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "identity_0020"
down_revision = "identity_0019"


def upgrade() -> None:
    """Add the columns; nothing names departments yet."""
    for table in ("role", "account"):
        given = sa.Column("departments", JSONB, nullable=False, server_default=sa.text("'[]'::jsonb"))
        op.add_column(table, given)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
