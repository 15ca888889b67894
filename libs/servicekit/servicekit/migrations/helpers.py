"""Pieces that services' migrations are made of."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

UUID = postgresql.UUID(as_uuid=True)
TIME = sa.DateTime(timezone=True)
MONEY = sa.Numeric(20, 4)


def record_columns() -> list[sa.Column[Any]]:
    """Return the columns that every record has (``servicekit.Record``)."""
    return [
        sa.Column("id", UUID, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
    ]


def search_index(table: str, column: str) -> None:
    """Create the index that ``contains`` searches of a text column use."""
    op.execute(
        f"CREATE INDEX ix_{table}_{column}_search ON {table} USING gin (kehu_bigrams(lower({column})))"
    )


def list_index(table: str, *columns: str) -> None:
    """Create an index for a list in the order of columns, then id: ``list_index("lead", "owner_id", "created_at")``."""
    op.create_index(f"ix_{table}_{'_'.join(columns)}_id", table, [*columns, "id"])
