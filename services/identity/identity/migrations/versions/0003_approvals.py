"""Approval flows, approvals and their tasks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import MONEY, TIME, UUID, list_index, record_columns, search_index

revision = "identity_0003"
down_revision = "identity_0002"


def upgrade() -> None:
    """Create the tables and the indexes that the lists need."""
    op.create_table(
        "approval_flow",
        *record_columns(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("subject_type", sa.Text, nullable=False),
        sa.Column("condition", postgresql.JSONB, nullable=False),
        sa.Column("steps", postgresql.JSONB, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    list_index("approval_flow", "created_at")
    list_index("approval_flow", "name")
    search_index("approval_flow", "name")
    op.create_table(
        "approval",
        *record_columns(),
        sa.Column("subject_type", sa.Text, nullable=False),
        sa.Column("subject_id", UUID, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("amount", MONEY),
        sa.Column("currency", sa.Text),
        sa.Column("requester_id", UUID, nullable=False),
        sa.Column("requester_name", sa.Text),
        sa.Column("flow_id", UUID),
        sa.Column("steps", postgresql.JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_at", TIME),
    )
    for columns in (
        ("created_at",),
        ("requester_id", "created_at"),
        ("state", "created_at"),
        ("subject_id", "created_at"),
        ("flow_id", "created_at"),
    ):
        list_index("approval", *columns)
    search_index("approval", "title")
    op.create_table(
        "approval_task",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("approval_id", UUID, sa.ForeignKey("approval.id", ondelete="CASCADE"), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("account_id", UUID),
        sa.Column("role", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_at", TIME),
        sa.Column("decided_by_id", UUID),
        sa.Column("decided_by_name", sa.Text),
        sa.Column("as_administrator", sa.Boolean, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.UniqueConstraint("approval_id", "step", name="uq_approval_task_step"),
    )
    op.create_index("ix_approval_task_account_id", "approval_task", ["account_id", "state"])
    op.create_index("ix_approval_task_role", "approval_task", ["role", "state"])
    op.create_index("ix_approval_task_decided_by_id", "approval_task", ["decided_by_id"])


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
