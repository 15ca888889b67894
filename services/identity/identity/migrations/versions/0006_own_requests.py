"""Whether requesters may agree themselves, and whom an approval waits for, as columns that lists can filter by."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID

revision = "identity_0006"
down_revision = "identity_0005"


def upgrade() -> None:
    """Add the columns and fill in what is waiting; what the release before adds meanwhile is seen to by a timer."""
    for table in ("approval_flow", "approval"):
        op.add_column(table, sa.Column("allow_own", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("approval", sa.Column("approver_id", UUID))
    op.add_column("approval", sa.Column("approver_role", sa.Text))
    op.execute(
        """
        UPDATE approval SET approver_id = task.account_id, approver_role = task.role
        FROM approval_task AS task
        WHERE approval.state = 'pending' AND task.approval_id = approval.id AND task.state = 'pending'
        """
    )
    with op.get_context().autocommit_block():
        for column in ("approver_id", "approver_role"):
            op.create_index(
                f"ix_approval_{column}_created_at_id",
                "approval",
                [column, "created_at", "id"],
                postgresql_concurrently=True,
                if_not_exists=True,
            )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
