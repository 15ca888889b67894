"""The institution of accounts and departments in the copy of the directory, and how far an account is trusted."""

from alembic import op

from servicekit.migrations.helpers import index_anew

revision = "kit_0010"
down_revision = "kit_0009"


def upgrade() -> None:
    """Add the columns; identity tells of every account and department again once it has given them an institution."""
    for table in ("directory_account", "directory_department"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS institution_id uuid")
    op.execute(
        "ALTER TABLE directory_account ADD COLUMN IF NOT EXISTS security_level integer NOT NULL DEFAULT 10"
    )
    # In a transaction each, so that all of this may be run again.
    for table in ("directory_account", "directory_department"):
        index_anew(f"ix_{table}_institution_id", f"ON {table} (institution_id)")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
