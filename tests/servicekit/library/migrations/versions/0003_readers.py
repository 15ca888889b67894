"""What says whether a reader may be named."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID

revision = "library_0003"
down_revision = "library_0002"


def upgrade() -> None:
    """Add the columns of a copy; the name may come later than the reader."""
    op.add_column("reader_copy", sa.Column("owner_id", UUID))
    op.add_column("reader_copy", sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("reader_copy", sa.Column("merged_into_id", UUID))
    op.alter_column("reader_copy", "name", nullable=True)
