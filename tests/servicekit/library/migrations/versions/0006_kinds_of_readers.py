"""Of what kind the readers are who are copied."""

from servicekit.migrations.helpers import copied_facts

revision = "library_0006"
down_revision = "library_0005"


def upgrade() -> None:
    """Add the column."""
    copied_facts("reader_copy")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
