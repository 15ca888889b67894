"""Customers that are public in their department (CU-06), and those that lie in a pool (CU-35)."""

from servicekit.migrations.helpers import pool_columns, public_column

revision = "customer_0009"
down_revision = "customer_0008"


def upgrade() -> None:
    """Add the columns and make their indexes; what is there is private and somebody's own."""
    public_column("customer")
    pool_columns("customer")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
