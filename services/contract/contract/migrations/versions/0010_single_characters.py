"""Records are found by a single Chinese character (W-2)."""

from servicekit.migrations.helpers import character_index_anew

revision = "contract_0010"
down_revision = "contract_0009"


def upgrade() -> None:
    """Make the indexes while the tables are in use; nobody waits for them."""
    character_index_anew("contract", "name")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
