"""Products of a category (SA-49)."""

from servicekit.migrations.helpers import list_index_anew

revision = "sales_0009"
down_revision = "sales_0008"


def upgrade() -> None:
    """Make the index while the table is in use; nobody waits for it."""
    list_index_anew("product", "category_id", "created_at")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
