"""Indexes for custom fields: made and dropped in the background, one replica at a time, while tables are in use.

Two for each field: in its own order, and for the newest records of each of its values. What a killed process leaves
behind is not valid, and is thrown away by the next one, which begins anew.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Connection, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from servicekit.base.database import Database
from servicekit.nouns.custom.asking import CustomField
from servicekit.nouns.custom.settings import CHOICES, FieldSetting, fields_of

log = structlog.get_logger("indexes")

LOCK = 450_012
"""The advisory lock of whoever makes indexes."""
_PRESENT = text(
    """
    SELECT relation.relname, index.indisvalid FROM pg_index index JOIN pg_class relation ON relation.oid = indexrelid
    WHERE indrelid = to_regclass(:table) AND starts_with(relation.relname, :prefix)
    """
)
_ENDLESS = ("lock_timeout", "statement_timeout")
"""Making an index waits for every transaction that is at work, and for the disk; nobody waits for it."""


class Differences(NamedTuple):
    """What a table lacks of its indexes, by name with what follows it, and what it has too many."""

    missing: dict[str, str]
    needless: list[str]


def prefix_of(table: str) -> str:
    """Return what the names of a table's indexes for custom fields begin with."""
    return f"cf_{table}_"


def wanted(model: Any, settings: Iterable[FieldSetting]) -> dict[str, str]:
    """Return the indexes that a table is to have: by name what follows it."""
    found: dict[str, str] = {}
    for each in settings:
        if not each.indexed or each.standard:
            continue
        table, prefix = model.__tablename__, prefix_of(model.__tablename__)
        if each.type == CHOICES:
            found[f"{prefix}some_{each.key}"] = f"ON {table} USING gin ((custom -> '{each.key}'))"
            continue
        placed = _placed(model, CustomField(each))
        found[f"{prefix}order_{each.key}"] = f"ON {table} (({placed}), id)"
        found[f"{prefix}newest_{each.key}"] = f"ON {table} (({placed}), created_at, id)"
    return found


def _placed(model: Any, field: CustomField) -> str:
    written = field.placed(model).compile(
        dialect=postgresql.dialect(),  # type: ignore[no-untyped-call]
        compile_kwargs={"literal_binds": True},
    )
    return str(written).replace("%%", "%")


def differences(session: Session, model: Any) -> Differences:
    """Return what a table lacks of its indexes, and what it has too many; one that is not valid is both."""
    table = model.__tablename__
    needed = wanted(model, fields_of(session, table).values())
    rows = session.connection().execute(_PRESENT, {"table": table, "prefix": prefix_of(table)})
    present = {row.relname: row.indisvalid for row in rows}
    missing = {name: on for name, on in needed.items() if not present.get(name)}
    return Differences(missing, [name for name, valid in present.items() if name not in needed or not valid])


class Indexes:
    """Keeps the indexes of a service's custom fields.

    Args:
        models: the entities that have such fields.
    """

    def __init__(self, database: Database, models: Iterable[Any]) -> None:
        self._database = database
        self._models = tuple(models)

    def keep(self) -> None:
        """Make what is wanted and missing, and drop what is wanted no longer; nothing while somebody else does."""
        for model in self._models:
            with self._database.autocommit_sessions() as session:
                if not any(differences(session, model)):
                    continue
            with self._database.autocommit_engine.connect() as connection:
                self._keep_alone(connection, model)

    def _keep_alone(self, connection: Connection, model: Any) -> None:
        connection.detach()  # What is set here holds for as long as the connection lives, and so does the lock.
        if not connection.scalar(select(text(f"pg_try_advisory_lock({LOCK})"))):
            return
        for limit in _ENDLESS:
            connection.execute(text(f"SET {limit} = 0"))
        with Session(connection) as session:
            # Whoever had the lock before may have made them.
            missing, needless = differences(session, model)
        for name in needless:
            connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {name}"))
        for name, on in missing.items():
            log.info("making an index", name=name)
            connection.execute(
                text(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} {on.replace(':', chr(92) + ':')}")
            )
        if missing:
            # What an expression holds is known to the planner only from then on.
            connection.execute(text(f"ANALYZE {model.__tablename__}"))
