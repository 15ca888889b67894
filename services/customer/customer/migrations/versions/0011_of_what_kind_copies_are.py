"""What limits ask of the leads and opportunities that activities name."""

from servicekit.migrations.helpers import copied_facts, copied_pool

revision = "customer_0011"
down_revision = "customer_0010"


def upgrade() -> None:
    """Add the columns (docs/decisions/0055)."""
    copied_facts("lead_copy", "opportunity_copy")
    copied_pool("lead_copy")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
