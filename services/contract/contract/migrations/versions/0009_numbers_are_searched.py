"""Contracts are found by a part of their number (W-2)."""

from servicekit.migrations.helpers import search_anew

revision = "contract_0009"
down_revision = "contract_0008"


def upgrade() -> None:
    """Make the index while the table is in use; nobody waits for it."""
    search_anew("contract", "number")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
