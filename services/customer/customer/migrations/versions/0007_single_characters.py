"""Records are found by a single Chinese character (W-2)."""

from servicekit.migrations.helpers import character_index_anew

revision = "customer_0007"
down_revision = "customer_0006"


def upgrade() -> None:
    """Make the indexes while the tables are in use; nobody waits for them."""
    character_index_anew("customer", "search_text")
    character_index_anew("contact", "search_text")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
