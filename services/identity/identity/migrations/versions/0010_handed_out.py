"""What releases have given to the ready roles, so that the next one gives only what is new."""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "identity_0010"
down_revision = "identity_0009"

GIVEN = {
    "administrator": ("*"),
    "sales_manager": (
        "account.read activity.read activity.write advance.read approval.decide approval.read case.read case.write "
        "contact.read contact.write contract.complete contract.read contract.sign contract.write customer.read "
        "customer.write department.read lead.convert lead.read lead.write opportunity.close opportunity.read "
        "opportunity.write process.read product.read product.write receipt.read receivable.read role.read"
    ),
    "salesperson": (
        "account.read activity.read activity.write advance.read approval.decide approval.read case.read case.write "
        "contact.read contact.write contract.complete contract.read contract.sign contract.write customer.read "
        "customer.write department.read lead.convert lead.read lead.write opportunity.close opportunity.read "
        "opportunity.write product.read receipt.read receivable.read role.read"
    ),
    "finance": (
        "account.read advance.read advance.write approval.decide approval.read bank_account.read "
        "bank_account.write contact.read contract.read customer.read department.read payable.read payment.read "
        "payment.write product.read receipt.read receipt.write receivable.read role.read"
    ),
    "service_agent": (
        "account.read activity.read activity.write approval.decide approval.read case.close case.read case.write "
        "contact.read customer.read department.read product.read role.read"
    ),
}
"""What the releases before this column gave. It was given whatever the organisation has made of the roles since."""


def upgrade() -> None:
    """Add the column, and write down what was given before there was one."""
    op.add_column(
        "role",
        sa.Column("handed_out", postgresql.JSONB, nullable=False, server_default=sa.text("'[]'::jsonb")),
    )
    fill = sa.text("UPDATE role SET handed_out = CAST(:given AS jsonb) WHERE ready AND code = :code")
    for code, given in GIVEN.items():
        op.get_bind().execute(fill, {"code": code, "given": json.dumps(given.split())})


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
