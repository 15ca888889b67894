"""Lists in the order of the last change, and from a time on: what a copy elsewhere is kept up to date by (K-3)."""

from servicekit.migrations.helpers import list_index_anew

revision = "sales_0004"
down_revision = "sales_0003"


def upgrade() -> None:
    """Make the indexes while the tables are in use; nobody waits for them."""
    list_index_anew("lead", "updated_at")
    list_index_anew("lead", "owner_id", "updated_at")
    list_index_anew("opportunity", "updated_at")
    list_index_anew("opportunity", "owner_id", "updated_at")
    list_index_anew("product", "updated_at")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
