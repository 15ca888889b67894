"""Records are found by a single Chinese character (W-2)."""

from servicekit.migrations.helpers import character_index_anew

revision = "service_desk_0008"
down_revision = "service_desk_0007"


def upgrade() -> None:
    """Make the indexes while the tables are in use; nobody waits for them."""
    character_index_anew("service_case", "subject")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
