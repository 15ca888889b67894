"""Lists in the order of the last change, and from a time on: what a copy elsewhere is kept up to date by (K-3)."""

from servicekit.migrations.helpers import list_index_anew

revision = "identity_0013"
down_revision = "identity_0012"


def upgrade() -> None:
    """Make the indexes while the tables are in use; nobody waits for them."""
    for table in ("account", "approval", "approval_flow", "department", "role", "webhook"):
        list_index_anew(table, "updated_at")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
