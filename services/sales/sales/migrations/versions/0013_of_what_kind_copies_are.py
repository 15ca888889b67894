"""What copies are judged by like their records at home: pool, department, and what limits ask."""

from servicekit.migrations.helpers import copied_facts, copied_pool, copied_sharing

revision = "sales_0013"
down_revision = "sales_0012"


def upgrade() -> None:
    """Add the columns (docs/decisions/0055)."""
    copied_facts("customer_copy")
    copied_pool("customer_copy")
    copied_sharing("customer_copy")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
