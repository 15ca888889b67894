"""Customers, contacts, addresses, activities, and the ids that were merged into others."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import TIME, UUID, list_index, record_columns, search_index

revision = "customer_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and the indexes that the lists need."""
    op.create_table(
        "customer",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("industry", sa.Text),
        sa.Column("region", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("grade", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("website", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("remark", sa.Text),
        sa.Column("last_activity_at", TIME),
        sa.Column("quiet_since", TIME, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("pinyin", sa.Text, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.UniqueConstraint("number", name="uq_customer_number"),
    )
    for columns in (
        ("created_at",),
        ("owner_id", "created_at"),
        ("quiet_since",),
        ("owner_id", "quiet_since"),
        ("number",),
        ("pinyin",),
        ("name_key",),
        ("status", "created_at"),
        ("industry", "created_at"),
        ("region", "created_at"),
    ):
        list_index("customer", *columns)
    for column in ("name", "pinyin", "search_text"):
        search_index("customer", column)

    op.create_table(
        "contact",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("customer_id", UUID, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("salutation", sa.Text),
        sa.Column("title", sa.Text),
        sa.Column("mobile", sa.Text),
        sa.Column("office_phone", sa.Text),
        sa.Column("home_phone", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("birthday", sa.Date),
        sa.Column("intention", sa.Text),
        sa.Column("remark", sa.Text),
        sa.Column("is_primary", sa.Boolean, nullable=False),
    )
    list_index("contact", "customer_id", "created_at")
    # The operations see to it; this holds it against anything they do not foresee.
    op.create_index(
        "uq_contact_primary", "contact", ["customer_id"], unique=True, postgresql_where=sa.text("is_primary")
    )

    op.create_table(
        "address",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("customer_id", UUID, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("country", sa.Text),
        sa.Column("province", sa.Text),
        sa.Column("city", sa.Text),
        sa.Column("district", sa.Text),
        sa.Column("street", sa.Text, nullable=False),
        sa.Column("postal_code", sa.Text),
        sa.Column("colleague_id", UUID),
        sa.Column("remark", sa.Text),
    )
    list_index("address", "customer_id", "created_at")

    op.create_table(
        "activity",
        *record_columns(),
        sa.Column("customer_id", UUID, sa.ForeignKey("customer.id"), nullable=False),
        sa.Column("author_id", UUID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("occurred_at", TIME, nullable=False),
        sa.Column("contact_id", UUID),
        sa.Column("opportunity_id", UUID),
        sa.Column("lead_id", UUID),
        sa.Column("next_contact_at", TIME),
    )
    list_index("activity", "customer_id", "occurred_at")
    list_index("activity", "customer_id", "created_at")

    op.create_table(
        "alias",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("kept_id", UUID, nullable=False),
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
