"""What finds sessions that ended long ago."""

from servicekit.migrations.helpers import index_anew

revision = "identity_0007"
down_revision = "identity_0006"


def upgrade() -> None:
    """Add an index."""
    index_anew("ix_sign_in_session_ended", "ON sign_in_session (LEAST(revoked_at, expires_at))")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
