"""A flow may have a tree of conditions and a priority (GW-56, decision 41)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "contract_0012"
down_revision = "contract_0011"


def upgrade() -> None:
    """Add them; the release before this one leaves them as they are."""
    op.add_column("approval_flow_copy", sa.Column("where", JSONB()))
    op.add_column(
        "approval_flow_copy", sa.Column("priority", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
