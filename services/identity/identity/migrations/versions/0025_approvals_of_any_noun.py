"""Approvals of any noun: who is asked in each step, versions of flows, and who decides for whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from servicekit.migrations.helpers import TIME, UUID, index_anew, list_index, record_columns

revision = "identity_0025"
down_revision = "identity_0024"

ACCOUNT = "account.id"


def upgrade() -> None:
    """Add them; what is on its way asks whom it asked, and the flows there are have their first version kept."""
    _add_columns()
    _add_tables()
    op.execute(
        """
        INSERT INTO approval_asked (id, approval_id, step, account_id, account_name, role, because, required, note,
            created_at, state, decided_at, decided_by_id, decided_by_name, comment)
        SELECT task.id, approval_id, step, account_id, display_name, role, 'flow', false, note, task.created_at,
            CASE WHEN as_administrator THEN 'passed' ELSE task.state END, decided_at,
            CASE WHEN as_administrator THEN NULL ELSE decided_by_id END,
            CASE WHEN as_administrator THEN NULL ELSE decided_by_name END, comment
        FROM approval_task AS task LEFT JOIN account ON account.id = task.account_id
        """
    )
    kept = 'name, subject_type, subject_step, condition, "where", priority, steps, allow_own, active'
    op.execute(
        f"""
        INSERT INTO approval_flow_version (id, flow_id, version, body, changed_at)
        SELECT gen_random_uuid(), id, version,
            (SELECT to_jsonb(kept) FROM (SELECT {kept}) AS kept), updated_at
        FROM approval_flow
        """  # noqa: S608
    )
    for column in ("account_id", "role", "group_id"):
        name = f"ix_approval_asked_{column}"
        index_anew(name, f"ON approval_asked ({column}, state) WHERE {column} IS NOT NULL")
    index_anew("ix_approval_asked_decided_by_id", "ON approval_asked (decided_by_id)")
    index_anew("ix_approval_asked_approval_id", "ON approval_asked (approval_id)")
    index_anew(
        "ix_approval_task_escalates_at", "ON approval_task (escalates_at) WHERE escalates_at IS NOT NULL"
    )


def _add_columns() -> None:
    for table in ("approval_flow", "approval"):
        op.add_column(table, sa.Column("subject_step", sa.Text, nullable=False, server_default="submit"))
    op.add_column("approval", sa.Column("facts", JSONB, nullable=False, server_default="{}"))
    op.add_column("approval", sa.Column("flow_version", sa.Integer))
    op.add_column("approval", sa.Column("reminded_at", TIME))
    op.add_column("approval", sa.Column("reminders", sa.Integer, nullable=False, server_default="0"))
    op.add_column("approval_task", sa.Column("escalates_at", TIME))
    op.add_column("approval_task", sa.Column("escalated_at", TIME))


def _add_tables() -> None:
    op.create_table(
        "approval_asked",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("approval_id", UUID, sa.ForeignKey("approval.id", ondelete="CASCADE"), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("account_id", UUID),
        sa.Column("account_name", sa.Text),
        sa.Column("role", sa.Text),
        sa.Column("group_id", UUID),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("required", sa.Boolean, nullable=False),
        sa.Column("instead_of_id", UUID),
        sa.Column("by_id", UUID),
        sa.Column("by_name", sa.Text),
        sa.Column("note", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("decided_at", TIME),
        sa.Column("decided_by_id", UUID),
        sa.Column("decided_by_name", sa.Text),
        sa.Column("on_behalf_of_id", UUID),
        sa.Column("on_behalf_of_name", sa.Text),
        sa.Column("comment", sa.Text, nullable=False),
    )
    op.create_table(
        "approval_flow_version",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("flow_id", UUID, sa.ForeignKey("approval_flow.id", ondelete="CASCADE"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", JSONB, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("changed_by_id", UUID),
        sa.Column("changed_by_name", sa.Text),
        sa.UniqueConstraint("flow_id", "version", name="uq_approval_flow_version"),
    )
    op.create_table(
        "approval_delegation",
        *record_columns(),
        sa.Column("account_id", UUID, sa.ForeignKey(ACCOUNT, ondelete="CASCADE"), nullable=False),
        sa.Column("delegate_id", UUID, sa.ForeignKey(ACCOUNT, ondelete="CASCADE"), nullable=False),
        sa.Column("starts_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("reason", sa.Text),
    )
    for columns in (
        ("created_at",),
        ("updated_at",),
        ("ends_at",),
        ("account_id", "created_at"),
        ("delegate_id", "created_at"),
    ):
        list_index("approval_delegation", *columns)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
