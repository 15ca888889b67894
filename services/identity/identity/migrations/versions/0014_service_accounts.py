"""Accounts for programs, with their secrets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import TIME, UUID

revision = "identity_0014"
down_revision = "identity_0013"


def upgrade() -> None:
    """Add the columns and the table; every account that there is belongs to a person."""
    op.add_column("account", sa.Column("kind", sa.Text, nullable=False, server_default="person"))
    op.add_column("account", sa.Column("description", sa.Text))
    op.add_column("account", sa.Column("granted", postgresql.JSONB))
    op.create_table(
        "service_secret",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("account_id", UUID, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("known_to", UUID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("withdrawn_at", TIME),
        sa.Column("last_used_at", TIME),
        sa.Column("last_used_from", sa.Text),
        sa.UniqueConstraint("digest", name="uq_service_secret_digest"),
    )
    op.create_index("ix_service_secret_account_id", "service_secret", ["account_id"])
    op.create_index("ix_service_secret_known_to", "service_secret", ["known_to"])


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
