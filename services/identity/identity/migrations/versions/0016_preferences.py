"""How somebody likes the console is kept with their account (W-3)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "identity_0016"
down_revision = "identity_0015"


def upgrade() -> None:
    """Add the column; nobody has said anything yet."""
    preferences = sa.Column("preferences", postgresql.JSONB, nullable=False, server_default="{}")
    op.add_column("account", preferences)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
