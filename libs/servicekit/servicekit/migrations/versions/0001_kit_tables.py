"""The tables of outbox, inbox, journal, idempotency, numbering and directory; the bigram function."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "kit_0001"
down_revision = None

UUID = postgresql.UUID(as_uuid=True)
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create everything a service needs besides its own tables."""
    op.create_table(
        "outbox",
        sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("id", UUID, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", UUID, nullable=False),
        sa.Column("data", postgresql.JSONB, nullable=False),
        sa.Column("occurred_at", TIME, nullable=False),
        sa.Column("correlation_id", UUID, nullable=False),
        sa.Column("causation_id", UUID),
        sa.Column("actor_id", UUID),
        sa.Column("traceparent", sa.Text),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("published_at", TIME),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
        sa.UniqueConstraint("sequence", name="uq_outbox_sequence"),
    )
    op.create_index(
        "ix_outbox_unnumbered", "outbox", ["position"], postgresql_where=sa.text("sequence IS NULL")
    )
    op.create_index(
        "ix_outbox_unpublished", "outbox", ["sequence"], postgresql_where=sa.text("published_at IS NULL")
    )
    op.create_index("ix_outbox_correlation_id", "outbox", ["correlation_id"])
    op.create_table(
        "outbox_counter",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
    op.execute("INSERT INTO outbox_counter (id, last) VALUES (1, 0)")
    op.execute(
        """
        CREATE FUNCTION kehu_notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('kehu_outbox', '');
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER notify_outbox AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION kehu_notify_outbox()"
    )
    op.create_table(
        "inbox",
        sa.Column("event_id", UUID, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", UUID),
        sa.Column("handler", sa.Text, nullable=False),
        sa.Column("correlation_id", UUID, nullable=False),
        sa.Column("actor_id", UUID),
        sa.Column("handled_at", TIME, nullable=False),
    )
    op.create_index("ix_inbox_correlation_id", "inbox", ["correlation_id"])
    op.create_index("ix_inbox_handled_at", "inbox", ["handled_at"])
    op.create_table(
        "failed_event",
        sa.Column("event_id", UUID, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", UUID),
        sa.Column("correlation_id", UUID),
        sa.Column("actor_id", UUID),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("failed_at", TIME, nullable=False),
        sa.Column("note", sa.Text),
    )
    op.create_index("ix_failed_event_correlation_id", "failed_event", ["correlation_id"])
    op.create_table(
        "journal",
        sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("correlation_id", UUID, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("account_id", UUID),
        sa.Column("subject", UUID),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("duration_ms", sa.Float, nullable=False),
    )
    op.create_index("ix_journal_correlation_id", "journal", ["correlation_id"])
    op.create_index("ix_journal_account_id", "journal", ["account_id"])
    op.create_index("ix_journal_at", "journal", ["at"])
    op.create_table(
        "idempotency",
        sa.Column("account_id", UUID, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.create_table(
        "numbering",
        sa.Column("prefix", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "directory_account",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("department_id", UUID),
        sa.Column("manager_id", UUID),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_directory_account_department_id", "directory_account", ["department_id"])
    op.create_index("ix_directory_account_manager_id", "directory_account", ["manager_id"])
    op.create_table(
        "directory_department",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("path", postgresql.ARRAY(UUID), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    # Two neighbouring characters are what an index can find Chinese by; see docs/decisions. Immutable: an index
    # made with it must be rebuilt if it ever changes.
    op.execute(
        """
        CREATE FUNCTION kehu_bigrams(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
            SELECT COALESCE(array_agg(DISTINCT substr(value, place, 2)), '{}')
            FROM generate_series(1, length(value) - 1) AS place
        $$
        """
    )


def downgrade() -> None:
    """Migrations go forward only: what is to be undone is undone by a new one."""
    raise RuntimeError("restore a backup instead")
