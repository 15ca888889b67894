"""Values of fields that are set at run time (CU-02, GW-58)."""

from servicekit.migrations.helpers import custom_column

revision = "customer_0008"
down_revision = "customer_0007"


def upgrade() -> None:
    """Add the column; code that does not know it goes on working."""
    custom_column("customer")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
