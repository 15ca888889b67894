"""Known devices, and what a refresh token's successor is made of for a moment after its use."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import TIME, UUID, index_anew

revision = "identity_0008"
down_revision = "identity_0007"


def upgrade() -> None:
    """Add the table and the columns."""
    op.create_table(
        "known_device",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("account_id", UUID, sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.UniqueConstraint("digest", name="uq_known_device_digest"),
    )
    op.create_index("ix_known_device_account_id", "known_device", ["account_id", "last_seen_at"])
    op.create_index("ix_known_device_last_seen_at", "known_device", ["last_seen_at"])
    op.add_column("sign_in_session", sa.Column("device_id", UUID))
    for column in ("used_network", "used_agent", "salt"):
        op.add_column("refresh_token", sa.Column(column, sa.Text))
    index_anew("ix_refresh_token_salted", "ON refresh_token (used_at) WHERE salt IS NOT NULL")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
