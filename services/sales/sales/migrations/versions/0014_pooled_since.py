"""When a lead became one of a pool, from which the pool's rule counts days (CU-38)."""

from servicekit.migrations.helpers import pooled_since_column

revision = "sales_0014"
down_revision = "sales_0013"


def upgrade() -> None:
    """Add the column; of what is there nothing is said."""
    pooled_since_column("lead")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
