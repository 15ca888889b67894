"""What was waited for is forgotten some time after it was decided."""

from servicekit.migrations.helpers import index_anew

revision = "kit_0014"
down_revision = "kit_0013"


def upgrade() -> None:
    """Make the index that upkeep finds the old rows by."""
    index_anew(
        "ix_awaited_approval_decided_at", "ON awaited_approval (decided_at) WHERE decided_at IS NOT NULL"
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
