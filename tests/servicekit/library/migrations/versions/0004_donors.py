"""Who gave a book."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import UUID

revision = "library_0004"
down_revision = "library_0003"


def upgrade() -> None:
    """Add the column; most books were bought."""
    op.add_column("book", sa.Column("donor_id", UUID))
