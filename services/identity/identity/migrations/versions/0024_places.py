"""Departments, accounts and roles of an institution; institutions and groups in the order of their changes."""

from servicekit.migrations.helpers import index_anew, list_index_anew

revision = "identity_0024"
down_revision = "identity_0023"


def upgrade() -> None:
    """Make the indexes while the tables are in use; nobody waits for them."""
    for table in ("department", "account", "role"):
        index_anew(f"ix_{table}_institution_id", f"ON {table} (institution_id)")
    for table in ("institution", "user_group"):
        list_index_anew(table, "updated_at")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
