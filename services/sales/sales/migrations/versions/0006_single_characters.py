"""Records are found by a single Chinese character (W-2)."""

from servicekit.migrations.helpers import character_index_anew

revision = "sales_0006"
down_revision = "sales_0005"


def upgrade() -> None:
    """Make the indexes while the tables are in use; nobody waits for them."""
    character_index_anew("lead", "company_name")
    character_index_anew("lead", "contact_name")
    character_index_anew("opportunity", "name")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
