"""Lists in the order of the last change, and from a time on: what a copy elsewhere is kept up to date by (K-3)."""

from servicekit.migrations.helpers import list_index_anew

revision = "finance_0004"
down_revision = "finance_0003"


def upgrade() -> None:
    """Make the indexes while the tables are in use; nobody waits for them."""
    list_index_anew("obligation", "direction", "updated_at")
    list_index_anew("obligation", "owner_id", "updated_at")
    list_index_anew("voucher", "kind", "updated_at")
    list_index_anew("voucher", "owner_id", "updated_at")
    list_index_anew("advance", "updated_at")
    list_index_anew("bank_account", "updated_at")
    list_index_anew("advance", "owner_id", "updated_at")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
