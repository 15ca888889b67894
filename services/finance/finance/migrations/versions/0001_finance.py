"""What is owed, the money that settles it, advances, bank accounts, and the copy of customers."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import MONEY, TIME, UUID, list_index, record_columns, search_index

revision = "finance_0001"
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
    _create_obligation()
    op.create_table(
        "bank_account",
        *record_columns(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("bank", sa.Text),
        sa.Column("number", sa.Text),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("opening_balance", MONEY, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.UniqueConstraint("name", name="uq_bank_account_name"),
        sa.UniqueConstraint("number", name="uq_bank_account_number"),
    )
    list_index("bank_account", "created_at")
    search_index("bank_account", "name")
    _create_voucher()
    _create_advance()


def _create_obligation() -> None:
    op.create_table(
        "obligation",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("customer_id", UUID, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("contract_id", UUID, nullable=False),
        sa.Column("contract_number", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("incurred_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("settled_amount", MONEY, nullable=False),
        sa.Column("bad_debt_amount", MONEY, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.UniqueConstraint("contract_id", "position", name="uq_obligation_contract_id"),
        sa.CheckConstraint(
            "settled_amount >= 0 AND bad_debt_amount >= 0 AND settled_amount + bad_debt_amount <= amount",
            name="amounts_fit",
        ),
    )
    for columns in (
        ("direction", "created_at"),
        ("direction", "due_on"),
        ("direction", "amount"),
        ("owner_id", "created_at"),
        ("customer_id", "created_at"),
        ("status", "created_at"),
        ("contract_number",),
    ):
        list_index("obligation", *columns)
    search_index("obligation", "summary")


def _create_voucher() -> None:
    op.create_table(
        "voucher",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("customer_id", UUID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("obligation_id", UUID, sa.ForeignKey("obligation.id"), nullable=False),
        sa.Column("contract_id", UUID, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("settled_amount", MONEY, nullable=False),
        sa.Column("advance_amount", MONEY, nullable=False),
        sa.Column("moved_on", sa.Date, nullable=False),
        sa.Column("bank_account_id", UUID, sa.ForeignKey("bank_account.id")),
        sa.Column("reference", sa.Text),
        sa.Column("remark", sa.Text),
        sa.Column("booked_by", UUID, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reverses_id", UUID, sa.ForeignKey("voucher.id")),
        sa.Column("reason", sa.Text),
        sa.UniqueConstraint("number", name="uq_voucher_number"),
        sa.UniqueConstraint("reverses_id", name="uq_voucher_reverses_id"),
        sa.CheckConstraint("settled_amount + advance_amount = amount", name="amounts_fit"),
    )
    for columns in (
        ("kind", "created_at"),
        ("kind", "moved_on"),
        ("owner_id", "created_at"),
        ("customer_id", "created_at"),
        ("contract_id", "created_at"),
        ("obligation_id", "created_at"),
        ("bank_account_id", "created_at"),
    ):
        list_index("voucher", *columns)


def _create_advance() -> None:
    op.create_table(
        "advance",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("customer_id", UUID, nullable=False),
        sa.Column("voucher_id", UUID, sa.ForeignKey("voucher.id"), nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("open_amount", MONEY, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.UniqueConstraint("voucher_id", name="uq_advance_voucher_id"),
        sa.CheckConstraint("open_amount BETWEEN 0 AND amount", name="amounts_fit"),
    )
    for columns in (("created_at",), ("owner_id", "created_at"), ("customer_id", "created_at")):
        list_index("advance", *columns)
    op.create_table(
        "advance_application",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("advance_id", UUID, sa.ForeignKey("advance.id"), nullable=False),
        sa.Column("obligation_id", UUID, sa.ForeignKey("obligation.id"), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("applied_by", UUID, nullable=False),
        sa.Column("applied_at", TIME, nullable=False),
    )
    op.create_index("ix_advance_application_advance_id", "advance_application", ["advance_id"])
    op.create_index("ix_advance_application_obligation_id", "advance_application", ["obligation_id"])


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
