"""Lists in the order of the last change, and from a time on: what a copy elsewhere is kept up to date by (K-3)."""

from servicekit.migrations.helpers import list_index_anew

revision = "service_desk_0005"
down_revision = "service_desk_0004"


def upgrade() -> None:
    """Make the indexes while the tables are in use; nobody waits for them."""
    list_index_anew("service_case", "owner_id", "updated_at")
    list_index_anew("service_case", "customer_owner_id", "updated_at")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
