"""When a customer became one of a pool, from which the pool's rule counts days (CU-38)."""

from servicekit.migrations.helpers import pooled_since_column

revision = "customer_0013"
down_revision = "customer_0012"


def upgrade() -> None:
    """Add the column; of what is there nothing is said."""
    pooled_since_column("customer")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
