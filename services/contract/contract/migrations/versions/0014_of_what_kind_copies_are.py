"""What copies are judged by like their records at home: pool, department, and what limits ask."""

from servicekit.migrations.helpers import copied_facts, copied_pool, copied_sharing

revision = "contract_0014"
down_revision = "contract_0013"


def upgrade() -> None:
    """Add the columns (docs/decisions/0055)."""
    copied_facts("customer_copy", "opportunity_copy")
    copied_pool("customer_copy")
    copied_sharing("customer_copy")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
