"""The statement that a change ends with: its new records, its events, its history, its journal row, and its answer.

Each statement costs about as much as what it writes, and each journey to the server more than that; so all of it is
one, and the commit goes with it (docs/decisions/0047, 0052).
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Insert, Table, bindparam, cast, insert, select, union_all, update
from sqlalchemy.orm import Session

from servicekit.base.database import table_of
from servicekit.base.new_records import MOST, NewRow, settle, take_rows, waiting
from servicekit.base.transactions import LAST
from servicekit.messages.events import stored
from servicekit.messages.outbox import OutboxRow, write_waiting
from servicekit.nouns import history, idempotency
from servicekit.nouns.journal import JournalRow

_JOURNAL, _OUTBOX, _KEYS = table_of(JournalRow), table_of(OutboxRow), idempotency.TABLE
_JOURNAL_COLUMNS = tuple(column.key for column in _JOURNAL.c if column.key != "position")


class _Shape(NamedTuple):
    """So many rows of a table with values in these columns."""

    table: Table
    columns: tuple[str, ...]
    many: int


def conclude(session: Session, entry: dict[str, Any], key: idempotency.Key | None, answer: str) -> None:
    """Store what goes with a change, and commit: nothing may be asked of the session afterwards.

    Args:
        entry: the journal row.
        key: the client's, where it gave one.
        answer: what is kept for it, as JSON.
    """
    settle(session)
    history.notice(session)
    rows = take_rows(session) if waiting(session) else []
    changes, events = history.take_changes(session), stored(session)
    if len(changes) > MOST:
        session.execute(insert(history.TABLE), changes)
        changes = []
    if len(events) > MOST:
        write_waiting(session)
    rows += [NewRow(_OUTBOX, event) for event in events]
    rows += [NewRow(history.TABLE, change) for change in changes]
    events.clear()
    shapes, values = _shapes(rows)
    values |= {f"journal_{name}": value for name, value in entry.items()}
    if key is not None:
        values |= {f"key_{name}": value for name, value in {**key.values, "answer": answer}.items()}
    statement = _conclusion(shapes, None if key is None else key.claimed)
    session.execute(statement, values, execution_options={LAST: True})


def _shapes(rows: Sequence[NewRow]) -> tuple[tuple[_Shape, ...], dict[str, Any]]:
    """Return what the rows are like, and their values by the names they have in the statement."""
    shapes: list[_Shape] = []
    values: dict[str, Any] = {}
    for (table, columns), alike in groupby(rows, lambda row: (row.table, tuple(row.values))):
        of_table = [row.values for row in alike]
        for n, row in enumerate(of_table):
            prefix = _prefix(len(shapes), n)
            values |= {prefix + name: value for name, value in row.items()}
        shapes.append(_Shape(table, columns, len(of_table)))
    return tuple(shapes), values


@cache
def _conclusion(shapes: tuple[_Shape, ...], claimed: bool | None) -> Insert:
    """Return the statement for rows of these shapes.

    Args:
        claimed: whether the client's key stands in the table already; None if it gave none.
    """
    statement = _inserted(
        _JOURNAL, tuple(c.key for c in _JOURNAL.c if c.key != "position"), "journal_"
    ).inline()
    for place, shape in enumerate(shapes):
        statement = statement.add_cte(_insert_of(place, shape).cte(f"rows{place}"))
    if claimed:
        mine = (_KEYS.c.account_id == bindparam("key_account_id"), _KEYS.c.key == bindparam("key_key"))
        kept = update(_KEYS).where(*mine).values(answer=bindparam("key_answer"))
        statement = statement.add_cte(kept.cte("kept"))
    elif claimed is not None:
        statement = statement.add_cte(_inserted(_KEYS, _KEYS.c.keys(), "key_").cte("kept"))
    return statement


def _insert_of(place: int, shape: _Shape) -> Insert:
    """Return the insertion of rows in their order: SQLAlchemy keeps no statement that has several under ``VALUES``."""
    table, columns, many = shape
    if many == 1:
        return _inserted(table, columns, _prefix(place, 0))
    rows = [
        select(*(cast(value, value.type) for value in _binds(table, columns, _prefix(place, n)).values()))
        for n in range(many)
    ]
    return insert(table).from_select(list(columns), union_all(*rows), include_defaults=False)


def _inserted(table: Table, columns: Iterable[str], prefix: str) -> Insert:
    return insert(table).values(_binds(table, columns, prefix))


def _binds(table: Table, columns: Iterable[str], prefix: str) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(prefix + name, type_=table.c[name].type) for name in columns}


def _prefix(place: int, n: int) -> str:
    return f"row{place}_{n}_"
