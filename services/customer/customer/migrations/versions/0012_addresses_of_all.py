"""The list of everybody's addresses (CU-24)."""

from servicekit.migrations.helpers import list_index_anew

revision = "customer_0012"
down_revision = "customer_0011"


def upgrade() -> None:
    """Make the indexes while the table is in use."""
    for time in ("created_at", "updated_at"):
        list_index_anew("address", time)
        list_index_anew("address", "owner_id", time)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
