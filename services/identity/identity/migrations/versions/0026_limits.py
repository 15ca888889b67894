"""For which kinds of records the permissions of a role are held (CU-20)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "identity_0026"
down_revision = "identity_0025"


def upgrade() -> None:
    """Add the column; nothing is limited yet."""
    limits = sa.Column("limits", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb"))
    op.add_column("role", limits)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
