"""The history of records, and the chain that proves it whole; both only ever grow."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.migrations.helpers import TIME, UUID

revision = "kit_0008"
down_revision = "kit_0007"


def upgrade() -> None:
    """Create both tables, and what refuses to change or empty them whoever asks."""
    op.create_table(
        "change",
        sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("id", UUID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("noun", sa.Text, nullable=False),
        sa.Column("record_id", UUID, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("actor_id", UUID),
        sa.Column("correlation_id", UUID, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("changes", postgresql.JSONB, nullable=False),
        sa.Column("watcher_ids", postgresql.ARRAY(UUID)),
    )
    op.create_index("ix_change_record", "change", ["record_id", "at", "id"])
    op.create_table(
        "change_link",
        sa.Column("position", sa.BigInteger, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
    )
    op.execute(
        """
        CREATE FUNCTION kehu_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% only grows: it is not to be changed', TG_TABLE_NAME USING ERRCODE = 'KH001';
        END $$
        """
    )
    for table in ("change", "change_link"):
        op.execute(
            f"CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION kehu_only_grows()"
        )


def downgrade() -> None:
    """Migrations go forward only."""
    raise RuntimeError("restore a backup instead")
