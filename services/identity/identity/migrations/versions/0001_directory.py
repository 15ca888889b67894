"""Departments, roles and accounts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import UUID, list_index, record_columns, search_index

revision = "identity_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and the indexes that the lists need."""
    op.create_table(
        "department",
        *record_columns(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("code", sa.Text),
        sa.Column("parent_id", UUID, sa.ForeignKey("department.id")),
        sa.Column("path", postgresql.ARRAY(UUID), nullable=False),
        sa.UniqueConstraint("code", name="uq_department_code"),
    )
    # Names are unique under one parent, and at the top, where there is none.
    op.execute(
        "CREATE UNIQUE INDEX uq_department_name ON department "
        "(COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'), lower(name))"
    )
    op.create_index("ix_department_path", "department", ["path"], postgresql_using="gin")
    for columns in (("created_at",), ("name",), ("parent_id", "created_at")):
        list_index("department", *columns)
    search_index("department", "name")
    op.create_table(
        "role",
        *record_columns(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("permissions", postgresql.JSONB, nullable=False),
        sa.Column("ready", sa.Boolean, nullable=False),
        sa.UniqueConstraint("code", name="uq_role_code"),
    )
    for columns in (("created_at",), ("name",)):
        list_index("role", *columns)
    search_index("role", "name")
    op.create_table(
        "account",
        *record_columns(),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("username_key", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("department_id", UUID, sa.ForeignKey("department.id")),
        sa.Column("manager_id", UUID, sa.ForeignKey("account.id")),
        sa.Column("email", sa.Text),
        sa.Column("mobile", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.UniqueConstraint("username_key", name="uq_account_username"),
    )
    for columns in (
        ("created_at",),
        ("username",),
        ("display_name",),
        ("department_id", "created_at"),
        ("manager_id", "created_at"),
        ("status", "created_at"),
    ):
        list_index("account", *columns)
    for column in ("email", "mobile"):
        op.create_index(f"ix_account_{column}", "account", [column])
    for column in ("username", "display_name"):
        search_index("account", column)
    op.create_table(
        "account_role",
        sa.Column("account_id", UUID, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("role_id", UUID, sa.ForeignKey("role.id"), primary_key=True),
    )
    op.create_index("ix_account_role_role_id", "account_role", ["role_id"])


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
