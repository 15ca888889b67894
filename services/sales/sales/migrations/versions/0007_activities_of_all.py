"""The lists of everybody's activities on leads and opportunities, and when to be in touch again (W-10)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import TIME, index_anew, list_index_anew

revision = "sales_0007"
down_revision = "sales_0006"


def upgrade() -> None:
    """Add the column, and make the indexes while the tables are in use."""
    op.add_column("activity", sa.Column("next_contact_at", TIME))
    list_index_anew("activity", "occurred_at")
    list_index_anew("activity", "updated_at")
    list_index_anew("activity", "author_id", "occurred_at")
    planned = "coalesce(next_contact_at, 'infinity'::timestamptz), id"
    index_anew("ix_activity_next_contact_at_id", f"ON activity ({planned})")
    index_anew("ix_activity_author_id_next_contact_at_id", f"ON activity (author_id, {planned})")
    index_anew("ix_lead_opportunity_id", "ON lead (opportunity_id) WHERE opportunity_id IS NOT NULL")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
