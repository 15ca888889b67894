"""In which processes a record was: found by the record's id."""

from servicekit.migrations.helpers import index_anew

revision = "kit_0006"
down_revision = "kit_0005"


def upgrade() -> None:
    """Make both indexes while their tables are in use."""
    index_anew("ix_journal_subject", "ON journal (subject, position)")
    index_anew("ix_outbox_subject", "ON outbox (subject, position)")


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
