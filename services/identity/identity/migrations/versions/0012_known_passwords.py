"""Who knows somebody's password, having set it, and whose the subject of an approval is: both bar from deciding."""

import sqlalchemy as sa
from alembic import op

revision = "identity_0012"
down_revision = "identity_0011"


def upgrade() -> None:
    """Add the columns; of passwords that were set before nobody wrote down by whom."""
    op.add_column("account", sa.Column("password_known_to", sa.Uuid))
    op.add_column("approval", sa.Column("subject_owner_id", sa.Uuid))


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
