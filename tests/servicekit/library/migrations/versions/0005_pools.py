"""Books that are public in their department, or lie in a pool."""

from servicekit.migrations.helpers import pool_columns, public_column

revision = "library_0005"
down_revision = "library_0004"


def upgrade() -> None:
    """Add the columns."""
    public_column("book")
    pool_columns("book")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
