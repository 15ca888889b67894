"""A remark on a book."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import search_anew

revision = "library_0002"
down_revision = "library_0001"


def upgrade() -> None:
    """Add the column; code that does not know it goes on working."""
    op.add_column("book", sa.Column("remark", sa.Text))
    search_anew("book", "remark")
