"""Institutions, user groups, and how far an account is trusted (ID-01, ID-17, ID-24, ID-26)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID, list_index, name_key, record_columns, search_index

revision = "identity_0018"
down_revision = "identity_0017"


def upgrade() -> None:
    """Add tables and columns; ``prepare`` gives what is there an institution afterwards, and tells everybody."""
    for table in ("institution", "user_group"):
        op.create_table(table, *record_columns(), sa.Column("name", sa.Text, nullable=False))
        op.execute(f"CREATE UNIQUE INDEX uq_{table}_name ON {table} ({name_key('name')})")
        for column in ("created_at", "name"):
            list_index(table, column)
        search_index(table, "name")
    op.add_column("user_group", sa.Column("description", sa.Text))
    op.create_table(
        "user_group_member",
        sa.Column("group_id", UUID, sa.ForeignKey("user_group.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("account_id", UUID, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    )
    op.create_index("ix_user_group_member_account_id", "user_group_member", ["account_id"])
    for table in ("department", "account", "role"):
        op.add_column(table, sa.Column("institution_id", UUID, sa.ForeignKey("institution.id")))
    op.add_column("account", sa.Column("security_level", sa.Integer, nullable=False, server_default="10"))


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
