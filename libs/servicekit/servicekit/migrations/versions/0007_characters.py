"""What an index can find single Chinese characters and kana by; which accounts of the copy are programs'."""

import sqlalchemy as sa
from alembic import op

revision = "kit_0007"
down_revision = "kit_0006"

UNSPACED = r"\u2e80-\u2fff\u3001-\u3130\u3190-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def upgrade() -> None:
    """Create the function; indexes on it stand beside those on ``kehu_bigrams``, which stay as they are.

    An account is a person's until identity tells of it again: the audit finds those that are not.
    """
    kind = sa.Column("kind", sa.Text, nullable=False, server_default="person")
    op.add_column("directory_account", kind)
    op.execute(
        rf"""
        CREATE FUNCTION kehu_characters(value text) RETURNS text[]
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
            SELECT string_to_array(regexp_replace(value, '[^{UNSPACED}]+', '', 'g'), NULL)
        $$
        """
    )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
