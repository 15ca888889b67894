"""Texts are found by their key."""

from servicekit.migrations.helpers import index_anew, name_key, search_anew

revision = "contract_0006"
down_revision = "contract_0005"


def upgrade() -> None:
    """Make the indexes anew while the table is in use; what was stored before is found by them like the rest."""
    search_anew("contract", "name")
    index_anew("ix_contract_number_key", f"ON contract ({name_key('number')})")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
