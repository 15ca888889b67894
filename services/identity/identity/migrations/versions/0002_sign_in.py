"""Sessions with their refresh tokens, signing keys, throttling and the sign-in log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import TIME, UUID, list_index, record_columns, search_index

revision = "identity_0002"
down_revision = "identity_0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sign_in_session",
        *record_columns(),
        sa.Column("account_id", UUID, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("client_address", sa.Text, nullable=False),
        sa.Column("user_agent", sa.Text, nullable=False),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME),
    )
    op.create_index("ix_sign_in_session_account_id", "sign_in_session", ["account_id"])
    op.create_index("ix_sign_in_session_expires_at", "sign_in_session", ["expires_at"])
    op.create_index("ix_sign_in_session_revoked_at", "sign_in_session", ["revoked_at"])
    op.create_table(
        "refresh_token",
        sa.Column("id", UUID, primary_key=True),
        sa.Column(
            "session_id", UUID, sa.ForeignKey("sign_in_session.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.UniqueConstraint("digest", name="uq_refresh_token_digest"),
    )
    op.create_index("ix_refresh_token_session_id", "refresh_token", ["session_id"])
    op.create_table(
        "signing_key",
        *record_columns(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("private_pem", sa.Text, nullable=False),
        sa.Column("retired_at", TIME),
    )
    op.create_index(
        "uq_signing_key_state",
        "signing_key",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state <> 'retired'"),
    )
    op.create_table(
        "sign_in_throttle",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("checked_at", postgresql.ARRAY(TIME), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("not_before", TIME),
        sa.Column("updated_at", TIME, nullable=False),
    )
    op.create_index("ix_sign_in_throttle_updated_at", "sign_in_throttle", ["updated_at"])
    op.create_table(
        "sign_in_log",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("account_id", UUID),
        sa.Column("session_id", UUID),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("client_address", sa.Text, nullable=False),
        sa.Column("user_agent", sa.Text, nullable=False),
    )
    for columns in (
        ("created_at",),
        ("account_id", "created_at"),
        ("outcome", "created_at"),
        ("client_address", "created_at"),
    ):
        list_index("sign_in_log", *columns)
    search_index("sign_in_log", "username")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
