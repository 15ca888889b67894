"""Definitions are told apart by kind, noun and key; in identity they are kept, and not copied."""

from servicekit.migrations.helpers import index_anew

revision = "identity_0021"
down_revision = "identity_0020"


def upgrade() -> None:
    """Make the index; the table is the kit's, and nothing stands in it yet."""
    index_anew("uq_definition_key", "ON definition (kind, noun, key)", unique=True)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
