"""Cases are found by a part of their number (W-2)."""

from servicekit.migrations.helpers import search_anew

revision = "service_desk_0007"
down_revision = "service_desk_0006"


def upgrade() -> None:
    """Make the index while the table is in use; nobody waits for it."""
    search_anew("service_case", "number")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
