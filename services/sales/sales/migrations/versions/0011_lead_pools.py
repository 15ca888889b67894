"""Leads that lie in a pool (SA-13)."""

from servicekit.migrations.helpers import pool_columns

revision = "sales_0011"
down_revision = "sales_0010"


def upgrade() -> None:
    """Add the columns and make their indexes; every lead that is there is somebody's own."""
    pool_columns("lead")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
