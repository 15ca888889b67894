"""The lists of everybody's contacts and activities; what a contact is found by (W-2)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import dial_anew, index_anew, list_index_anew, name_key, search_anew

revision = "customer_0005"
down_revision = "customer_0004"


def upgrade() -> None:
    """Add the columns, which the next migration fills, and make the indexes while the tables are in use."""
    for column in ("pinyin", "search_text"):
        op.add_column("contact", sa.Column(column, sa.Text, nullable=False, server_default=""))
    for time in ("created_at", "updated_at"):
        list_index_anew("contact", time)
        list_index_anew("contact", "owner_id", time)
    list_index_anew("contact", "pinyin")
    for column in ("name", "search_text", "title"):
        search_anew("contact", column)
    dial_anew("contact", "mobile")
    index_anew("ix_contact_email", f"ON contact ({name_key('email')})")

    list_index_anew("activity", "occurred_at")
    list_index_anew("activity", "updated_at")
    list_index_anew("activity", "author_id", "occurred_at")
    planned = "coalesce(next_contact_at, 'infinity'::timestamptz), id"
    index_anew("ix_activity_next_contact_at_id", f"ON activity ({planned})")
    index_anew("ix_activity_author_id_next_contact_at_id", f"ON activity (author_id, {planned})")
    for about in ("contact_id", "lead_id", "opportunity_id"):
        index_anew(f"ix_activity_{about}", f"ON activity ({about}) WHERE {about} IS NOT NULL")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
