"""What administrators have configured, as every service knows it: dictionaries, numbering rules, parameters."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import TIME, UUID

revision = "kit_0009"
down_revision = "kit_0008"


def upgrade() -> None:
    """Create the table; it is empty until identity tells what there is, and until then the presets hold."""
    op.create_table(
        "definition",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("noun", sa.Text, nullable=False, server_default=""),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("body", postgresql.JSONB, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("position", sa.Integer, nullable=False, server_default="0"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", TIME, nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", TIME, nullable=False, server_default=sa.func.now()),
    )
    op.create_index("ix_definition_kind_noun_key", "definition", ["kind", "noun", "key"])


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
