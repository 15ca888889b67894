"""Positions, and who holds them (ID-04, ID-06)."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID, list_index, name_key, record_columns, search_index

revision = "identity_0023"
down_revision = "identity_0022"


def upgrade() -> None:
    """Add the tables; every superior that there is was set by hand, and stays."""
    op.create_table(
        "position",
        *record_columns(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("department_id", UUID, sa.ForeignKey("department.id"), nullable=False),
        sa.Column("superior_id", UUID, sa.ForeignKey("position.id")),
        sa.Column("management", sa.Boolean, nullable=False),
    )
    op.execute(f"CREATE UNIQUE INDEX uq_position_name ON position (department_id, {name_key('name')})")
    op.create_index("ix_position_superior_id", "position", ["superior_id"])
    for column in ("created_at", "name"):
        list_index("position", column)
    search_index("position", "name")
    op.create_table(
        "appointment",
        sa.Column("account_id", UUID, sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position_id", UUID, sa.ForeignKey("position.id"), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("started_on", sa.Date, nullable=False),
    )
    op.create_index("ix_appointment_position_id", "appointment", ["position_id"])
    op.execute("CREATE UNIQUE INDEX uq_appointment_main ON appointment (account_id) WHERE kind = 'main'")
    op.add_column(
        "account", sa.Column("manager_follows", sa.Boolean, nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
