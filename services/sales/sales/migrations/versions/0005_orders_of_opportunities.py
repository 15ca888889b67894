"""Opportunities in the order of their close, their name and their last activity (W-2)."""

from servicekit.migrations.helpers import index_anew, list_index_anew

revision = "sales_0005"
down_revision = "sales_0004"


def upgrade() -> None:
    """Make the indexes while the table is in use; nobody waits for them."""
    list_index_anew("opportunity", "name")
    for name, ordered in (
        ("expected_close_on", "coalesce(expected_close_on, 'infinity'::date)"),
        ("last_activity_at", "coalesce(last_activity_at, created_at)"),
    ):
        index_anew(f"ix_opportunity_{name}_id", f"ON opportunity ({ordered}, id)")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
