"""Values of fields that are set at run time (CU-02, GW-58)."""

from servicekit.migrations.helpers import custom_column

revision = "sales_0010"
down_revision = "sales_0009"


def upgrade() -> None:
    """Add the column; code that does not know it goes on working."""
    custom_column("lead")
    custom_column("opportunity")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
