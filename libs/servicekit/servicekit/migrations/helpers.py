"""Pieces that services' migrations are made of."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from servicekit.base.phones import e164
from servicekit.base.texts import LONGEST_KEY

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


def custom_column(table: str) -> None:
    """Add the column with the values of fields at run time (``servicekit.nouns.custom``); no row is written anew."""
    column = sa.Column("custom", postgresql.JSONB, nullable=False, server_default="{}")
    op.add_column(table, column)


def new_column(table: str, column: str) -> None:
    """Add a column, unless a try that failed at an index after it has added it already.

    Args:
        column: its name and type, as SQL.
    """
    op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}")


def public_column(table: str) -> None:
    """Add the column that says whether a record is public in its owner's department, and the index of those."""
    new_column(table, "sharing text NOT NULL DEFAULT 'private'")
    index_anew(f"ix_{table}_public", f"ON {table} (owner_id, created_at, id) WHERE sharing = 'public'")


def pool_columns(table: str) -> None:
    """Add the columns of records that may lie in a pool, and the indexes by which a pool is read."""
    new_column(table, "pool_id uuid")
    new_column(table, "claim_state text NOT NULL DEFAULT 'own'")
    new_column(table, "claimed_at timestamptz")
    lies = "claim_state IN ('unclaimed', 'discarded')"
    index_anew(f"ix_{table}_in_pool", f"ON {table} (pool_id, created_at, id) WHERE {lies}")
    index_anew(f"ix_{table}_pool_id", f"ON {table} (pool_id, created_at, id) WHERE pool_id IS NOT NULL")


def pooled_since_column(table: str) -> None:
    """Add the column that says when a record became one of a pool, from which the pool's rule counts days."""
    new_column(table, "pooled_at timestamptz")


def copied_facts(*tables: str) -> None:
    """Add to copies of what kind the records are; it fills as they are told of, and all at once by ``bus rebuild``."""
    for table in tables:
        new_column(table, "facts jsonb")


def copied_pool(table: str) -> None:
    """Add to a copy whether a record lies in a pool; it fills as ``copied_facts`` does."""
    new_column(table, "pool_id uuid")
    new_column(table, "claim_state text NOT NULL DEFAULT 'own'")
    index_anew(f"ix_{table}_in_pool", f"ON {table} (pool_id) WHERE claim_state IN ('unclaimed', 'discarded')")


def copied_sharing(table: str) -> None:
    """Add to a copy whether a record is public in its owner's department; it fills as ``copied_facts`` does."""
    new_column(table, "sharing text NOT NULL DEFAULT 'private'")
    index_anew(f"ix_{table}_public", f"ON {table} (owner_id) WHERE sharing = 'public'")


def search_index(table: str, column: str) -> None:
    """Create the index that ``contains`` searches of a text column use."""
    op.execute(f"CREATE INDEX ix_{table}_{column}_search ON {table} USING gin {_searched(column)}")


def phone_index(table: str, column: str) -> None:
    """Create the index by which a phone number is found; ``<column>_e164`` stands beside it."""
    op.execute(f"CREATE INDEX ix_{table}_{column}_search ON {table} USING gin {_dialled(column)}")


def search_anew(table: str, column: str) -> None:
    """Let a search index that is there already be by key, while the table is in use."""
    index_anew(f"ix_{table}_{column}_search", f"ON {table} USING gin {_searched(column)}")


def character_index_anew(table: str, column: str) -> None:
    """Make the index by which a text is found that holds a single Chinese character, while the table is in use."""
    index_anew(
        f"ix_{table}_{column}_characters", f"ON {table} USING gin (kehu_characters(kehu_key({column})))"
    )


def dial_anew(table: str, column: str) -> None:
    """Make the index by which a phone number is found, in place of its search index if there was one."""
    index_anew(f"ix_{table}_{column}_search", f"ON {table} USING gin {_dialled(column)}")


def index_anew(name: str, on: str, *, unique: bool = False) -> None:
    """Make an index while its table is in use; it takes the place of the one of that name, if there is one.

    What is left of a try that failed is thrown away, so the migration may simply be run again. Nobody waits for the
    lock that an index is made under, so it may take its time.

    Args:
        on: what follows the name: ``ON lead (left(kehu_key(email), 300))``.
        unique: whether it takes the place of a unique constraint.
    """
    with op.get_context().autocommit_block():
        # Out of a transaction these hold until they are set back, or the connection ends with the migration.
        op.execute("SET lock_timeout = 0")
        op.execute("SET statement_timeout = 0")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}_new")
        op.execute(f"CREATE {'UNIQUE ' * unique}INDEX CONCURRENTLY {name}_new {on}")
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = '60s'")
        if unique:
            op.execute(f"ALTER TABLE {on.split()[1]} DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"ALTER INDEX {name}_new RENAME TO {name}")


def tell_apart(table: str, column: str, among: str = "true") -> None:
    """Append (2), (3), … to texts that differed and have one key now, before a unique index is made on it.

    The oldest record keeps its text; nobody loses a record, and people see what happened.

    Args:
        among: what else has to be the same for two to be in each other's way, e.g. ``parent_id``.
    """
    op.execute(
        f"UPDATE {table} SET {column} = {column} || ' (' || place || ')', version = version + 1 FROM "  # noqa: S608
        f"(SELECT id AS of_id, row_number() OVER (PARTITION BY {among}, {name_key(column)} ORDER BY created_at, id) "
        f"AS place FROM {table} WHERE {column} IS NOT NULL) AS ranked WHERE of_id = id AND place > 1"
    )


def add_e164(table: str, *columns: str) -> None:
    """Add ``<column>_e164`` beside phone numbers, and fill it for the rows that are there, a thousand at a time.

    Numbers that the version before writes meanwhile are found as they were typed; E.164 comes with their next change.
    """
    for column in columns:
        op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}_e164 text")
    with op.get_context().autocommit_block():
        for column in columns:
            _fill_e164(table, column)


def _fill_e164(table: str, column: str) -> None:
    after: Any = "00000000-0000-0000-0000-000000000000"
    some = sa.text(
        f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL AND id > :after ORDER BY id LIMIT 1000"  # noqa: S608
    )
    fill = sa.text(f"UPDATE {table} SET {column}_e164 = :e164 WHERE id = :id AND {column} = :typed")  # noqa: S608
    while rows := op.get_bind().execute(some, {"after": after}).all():
        found = [{"id": row_id, "typed": typed, "e164": e164(typed)} for row_id, typed in rows]
        if known := [row for row in found if row["e164"]]:
            op.get_bind().execute(fill, known)
        after = rows[-1][0]


def name_key(column: str) -> str:
    """Return the key of a text by which records are told apart, as ``servicekit.nouns.filtering`` asks for it."""
    return f"left(kehu_key({column}), {LONGEST_KEY})"


def _searched(column: str) -> str:
    return f"(kehu_bigrams(kehu_key({column})))"


def _dialled(column: str) -> str:
    return f"(kehu_bigrams(kehu_phone({column}, {column}_e164)))"


def list_index(table: str, *columns: str) -> None:
    """Create an index for a list in the order of columns, then id: ``list_index("lead", "owner_id", "created_at")``."""
    op.create_index(f"ix_{table}_{'_'.join(columns)}_id", table, [*columns, "id"])


def list_index_anew(table: str, *columns: str) -> None:
    """Make the index for a list in the order of columns, then id, while its table is in use."""
    index_anew(f"ix_{table}_{'_'.join(columns)}_id", f"ON {table} ({', '.join(columns)}, id)")
