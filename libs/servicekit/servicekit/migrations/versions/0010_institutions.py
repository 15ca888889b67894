"""The institution of accounts and departments in the copy of the directory, and how far an account is trusted."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID

revision = "kit_0010"
down_revision = "kit_0009"


def upgrade() -> None:
    """Add the columns; identity tells of every account and department again once it has given them an institution."""
    op.add_column("directory_account", sa.Column("institution_id", UUID))
    op.add_column(
        "directory_account", sa.Column("security_level", sa.Integer, nullable=False, server_default="10")
    )
    op.add_column("directory_department", sa.Column("institution_id", UUID))
    for table in ("directory_account", "directory_department"):
        op.create_index(f"ix_{table}_institution_id", table, ["institution_id"])


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
