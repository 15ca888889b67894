"""Definitions are told apart by kind, noun and key; in identity they are kept, and not copied."""

from alembic import op

revision = "identity_0021"
down_revision = "identity_0020"


def upgrade() -> None:
    """Make the index; the table is the kit's, and nothing stands in it yet."""
    op.create_index("uq_definition_key", "definition", ["kind", "noun", "key"], unique=True)


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
