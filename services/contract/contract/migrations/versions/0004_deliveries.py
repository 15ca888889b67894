"""Deliveries are kept one by one; what was noted on a line so far is its first (CT-06)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import MONEY, TIME, UUID, list_index

revision = "contract_0004"
down_revision = "contract_0003"


def upgrade() -> None:
    """Create the table, and put in what is known."""
    op.create_table(
        "contract_delivery",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("contract_id", UUID, sa.ForeignKey("contract.id", ondelete="CASCADE"), nullable=False),
        sa.Column("line_id", UUID, sa.ForeignKey("contract_line.id", ondelete="CASCADE"), nullable=False),
        sa.Column("quantity", MONEY, nullable=False),
        sa.Column("delivered_on", sa.Date, nullable=False),
        sa.Column("recorded_by", UUID),
        sa.Column("created_at", TIME, nullable=False),
    )
    list_index("contract_delivery", "contract_id", "created_at")
    op.create_index("ix_contract_delivery_line_id", "contract_delivery", ["line_id"])
    op.execute(
        """
        INSERT INTO contract_delivery (id, contract_id, line_id, quantity, delivered_on, created_at)
        SELECT gen_random_uuid(), line.contract_id, line.id, line.delivered_quantity, line.delivered_on, contract.updated_at
        FROM contract_line AS line JOIN contract ON contract.id = line.contract_id
        WHERE line.delivered_quantity > 0 AND line.delivered_on IS NOT NULL
        """
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
