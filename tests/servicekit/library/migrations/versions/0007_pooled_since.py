"""When a book became one of a pool, from which the pool's rule counts days (CU-38)."""

from servicekit.migrations.helpers import pooled_since_column

revision = "library_0007"
down_revision = "library_0006"


def upgrade() -> None:
    """Add the column; of what is there nothing is said."""
    pooled_since_column("book")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
