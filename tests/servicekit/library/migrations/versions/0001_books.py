"""Books, loans, and the copy of readers."""

import sqlalchemy as sa
from alembic import op

from servicekit.migrations.helpers import MONEY, TIME, UUID, list_index, record_columns, search_index

revision = "library_0001"
down_revision = None


def upgrade() -> None:
    """Create the tables and the indexes that the lists need."""
    op.create_table(
        "book",
        *record_columns(),
        sa.Column("owner_id", UUID, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("isbn", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("price", MONEY, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("published_on", sa.Date),
        sa.Column("lent", sa.Boolean, nullable=False),
        sa.UniqueConstraint("number", name="uq_book_number"),
        sa.UniqueConstraint("isbn", name="uq_book_isbn"),
    )
    for time in ("created_at", "updated_at"):
        list_index("book", time)
        list_index("book", "owner_id", time)
    search_index("book", "title")
    op.create_table(
        "loan",
        *record_columns(),
        sa.Column(
            "book_id", UUID, sa.ForeignKey("book.id", deferrable=True, initially="DEFERRED"), nullable=False
        ),
        sa.Column("due_on", sa.Date, nullable=False),
    )
    op.create_table(
        "reader_copy",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "sighting",
        sa.Column("position", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("id", UUID, nullable=False),
        sa.Column("subject", UUID, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    )
    op.create_table(
        "round",
        sa.Column("position", sa.Integer, sa.Identity(), primary_key=True),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
    )
