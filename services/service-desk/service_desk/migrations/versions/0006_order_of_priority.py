"""Cases in the order of their priority (W-2)."""

from servicekit.migrations.helpers import index_anew

revision = "service_desk_0006"
down_revision = "service_desk_0005"


def upgrade() -> None:
    """Make the index while the table is in use; nobody waits for it."""
    ranked = "array_position(ARRAY['low', 'normal', 'high', 'urgent'], priority)"
    index_anew("ix_service_case_priority_id", f"ON service_case (({ranked}), id)")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
