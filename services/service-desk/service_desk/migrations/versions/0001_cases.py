"""Cases with their history and notes, and the copy of customers."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import TIME, UUID, list_index, record_columns, search_index

revision = "service_desk_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and the indexes that the lists need."""
    op.create_table(
        "customer_copy",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("merged_into_id", UUID),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "service_case",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("customer_id", UUID, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("description", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("priority", sa.Text, nullable=False),
        sa.Column("contact_id", UUID),
        sa.Column("phone", sa.Text),
        sa.Column("serial_number", sa.Text),
        sa.Column("opened_by", UUID, nullable=False),
        sa.Column("handler_id", UUID),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("solution", sa.Text),
        sa.Column("rating", sa.Integer),
        sa.Column("rating_comment", sa.Text),
        sa.Column("started_at", TIME),
        sa.Column("resolved_at", TIME),
        sa.Column("closed_at", TIME),
        sa.UniqueConstraint("number", name="uq_service_case_number"),
    )
    for columns in (
        ("created_at",),
        ("updated_at",),
        ("owner_id", "created_at"),
        ("customer_id", "created_at"),
        ("handler_id", "created_at"),
        ("opened_by", "created_at"),
        ("status", "created_at"),
        ("serial_number",),
    ):
        list_index("service_case", *columns)
    search_index("service_case", "subject")
    op.create_table(
        "case_change",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("case_id", UUID, sa.ForeignKey("service_case.id"), nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("from_status", sa.Text),
        sa.Column("to_status", sa.Text, nullable=False),
        sa.Column("handler_id", UUID),
        sa.Column("remark", sa.Text),
        sa.Column("actor_id", UUID, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
    )
    list_index("case_change", "case_id", "created_at")
    op.create_table(
        "case_note",
        *record_columns(),
        sa.Column("case_id", UUID, sa.ForeignKey("service_case.id"), nullable=False),
        sa.Column("author_id", UUID, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    list_index("case_note", "case_id", "created_at")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
