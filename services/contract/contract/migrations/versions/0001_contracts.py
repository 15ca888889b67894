"""Contracts, their lines and payment terms, and the copy of approval flows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import MONEY, UUID, list_index, record_columns, search_index

revision = "contract_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and the indexes that the lists need."""
    op.create_table(
        "contract",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("customer_id", UUID, nullable=False),
        sa.Column("opportunity_id", UUID),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("nature", sa.Text, nullable=False),
        sa.Column("payment_mode", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("signer_id", UUID, nullable=False),
        sa.Column("customer_signer", sa.Text),
        sa.Column("remark", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("approval_id", UUID),
        sa.Column("rejection", sa.Text),
        sa.Column("signed_on", sa.Date),
        sa.Column("completed_on", sa.Date),
        sa.UniqueConstraint("number", name="uq_contract_number"),
    )
    for columns in (
        ("created_at",),
        ("owner_id", "created_at"),
        ("customer_id", "created_at"),
        ("status", "created_at"),
        ("amount",),
        ("number",),
    ):
        list_index("contract", *columns)
    op.create_index("ix_contract_opportunity_id", "contract", ["opportunity_id"])
    search_index("contract", "name")
    op.create_table(
        "contract_line",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("contract_id", UUID, sa.ForeignKey("contract.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("product_id", UUID),
        sa.Column("name", sa.Text),
        sa.Column("quantity", MONEY, nullable=False),
        sa.Column("price", MONEY, nullable=False),
        sa.Column("discount_percent", MONEY, nullable=False),
        sa.Column("delivery_due_on", sa.Date),
        sa.Column("delivered_on", sa.Date),
        sa.Column("delivered_quantity", MONEY),
    )
    op.create_index("ix_contract_line_contract_id", "contract_line", ["contract_id"])
    op.create_table(
        "payment_term",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("contract_id", UUID, sa.ForeignKey("contract.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("remark", sa.Text),
    )
    op.create_index("ix_payment_term_contract_id", "payment_term", ["contract_id"])
    op.create_table(
        "approval_flow_copy",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("condition", postgresql.JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
