"""What was done with leads and opportunities."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import TIME, UUID, list_index, record_columns

revision = "sales_0002"
down_revision = "sales_0001"


def upgrade() -> None:
    """Create the table, with the indexes of its two lists."""
    op.create_table(
        "activity",
        *record_columns(),
        sa.Column("lead_id", UUID, sa.ForeignKey("lead.id", name="fk_activity_lead_id")),
        sa.Column("opportunity_id", UUID, sa.ForeignKey("opportunity.id", name="fk_activity_opportunity_id")),
        sa.Column("author_id", UUID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("occurred_at", TIME, nullable=False),
        sa.CheckConstraint("num_nonnulls(lead_id, opportunity_id) = 1", name="ck_activity_of_one"),
    )
    list_index("activity", "lead_id", "occurred_at")
    list_index("activity", "opportunity_id", "occurred_at")
