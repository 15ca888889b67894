"""Numbers have an index of single characters too: without it, that of what is searched with them is of no use (W-2)."""

from servicekit.migrations.helpers import character_index_anew

revision = "contract_0011"
down_revision = "contract_0010"


def upgrade() -> None:
    """Make the index while the table is in use; nobody waits for it."""
    character_index_anew("contract", "number")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
