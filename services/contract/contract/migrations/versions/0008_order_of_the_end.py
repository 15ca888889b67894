"""Contracts in the order in which they end (W-2)."""

from servicekit.migrations.helpers import index_anew

revision = "contract_0008"
down_revision = "contract_0007"


def upgrade() -> None:
    """Make the index while the table is in use; nobody waits for it."""
    ordered = "coalesce(ends_on, 'infinity'::date)"
    index_anew("ix_contract_ends_on_id", f"ON contract ({ordered}, id)")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
