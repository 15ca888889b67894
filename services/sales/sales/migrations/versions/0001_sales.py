"""Products, opportunities with their stage history, leads, and the copy of customers."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import MONEY, TIME, UUID, list_index, record_columns, search_index

revision = "sales_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and the indexes that the lists need."""
    _create_products()
    _create_opportunities()
    _create_leads()
    op.create_table(
        "customer_copy",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("normalised_name", sa.Text),
        sa.Column("owner_id", UUID),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("merged_into_id", UUID),
    )
    op.create_index("ix_customer_copy_normalised_name", "customer_copy", ["normalised_name"])


def _create_products() -> None:
    op.create_table(
        "product",
        *record_columns(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("category", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("price", MONEY, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.UniqueConstraint("code", name="uq_product_code"),
    )
    for columns in (("created_at",), ("code",), ("name",), ("price",), ("category", "created_at")):
        list_index("product", *columns)
    search_index("product", "name")
    search_index("product", "code")


def _create_opportunities() -> None:
    op.create_table(
        "opportunity",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("customer_id", UUID),
        sa.Column("product_id", UUID, sa.ForeignKey("product.id", name="fk_opportunity_product_id")),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("probability", sa.Integer),
        sa.Column("expected_close_on", sa.Date),
        sa.Column("started_on", sa.Date, nullable=False),
        sa.Column("source", sa.Text),
        sa.Column("type", sa.Text),
        sa.Column("importance", sa.Text, nullable=False),
        sa.Column("remark", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("close_remark", sa.Text),
        sa.Column("last_activity_at", TIME),
    )
    for columns in (
        ("created_at",),
        ("owner_id", "created_at"),
        ("customer_id", "created_at"),
        ("status", "created_at"),
        ("stage", "created_at"),
        ("amount",),
        ("started_on",),
    ):
        list_index("opportunity", *columns)
    op.create_index("ix_opportunity_product_id", "opportunity", ["product_id"])
    search_index("opportunity", "name")
    op.create_table(
        "stage_entry",
        sa.Column("id", UUID, primary_key=True),
        sa.Column(
            "opportunity_id", UUID, sa.ForeignKey("opportunity.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("entered_at", TIME, nullable=False),
    )
    op.create_index("ix_stage_entry_opportunity_id", "stage_entry", ["opportunity_id"])


def _create_leads() -> None:
    op.create_table(
        "lead",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("company_name", sa.Text, nullable=False),
        sa.Column("contact_name", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("mobile", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("source", sa.Text),
        sa.Column("priority", sa.Text, nullable=False),
        sa.Column("remark", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("close_reason", sa.Text),
        sa.Column("last_activity_at", TIME),
        sa.Column("customer_id", UUID),
        sa.Column("contact_id", UUID),
        sa.Column("opportunity_id", UUID),
    )
    for columns in (("created_at",), ("owner_id", "created_at"), ("status", "created_at"), ("company_name",)):
        list_index("lead", *columns)
    op.create_index("ix_lead_customer_id", "lead", ["customer_id"])
    op.create_index("ix_lead_email", "lead", ["email"])
    for column in ("company_name", "contact_name", "mobile"):
        search_index("lead", column)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
