"""Transactions that cost no journey to the server of their own: BEGIN goes with the first statement of one, and COMMIT
with its last where the caller says which that is (docs/decisions/0047).

psycopg2 would send each by itself. A change of one record is half as many journeys again as its statements then.
"""

from typing import Any

from psycopg2.extensions import TRANSACTION_STATUS_IDLE as IDLE
from sqlalchemy import Connection, Engine, event

LAST = "kehu_last"
"""The execution option of the statement that a transaction ends with: nothing may follow it but the commit."""
_ENDED = "kehu_ended"


def save_journeys(engine: Engine) -> None:
    """Let an engine whose connections are set to commit by themselves have transactions all the same."""
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _with_its_neighbours, retval=True)
    engine.dialect.do_commit = _commit  # type: ignore[method-assign, assignment]
    engine.dialect.do_rollback = _rollback  # type: ignore[method-assign, assignment]


def _begin(connection: Connection) -> None:
    connection.info.pop(_ENDED, None)


def _with_its_neighbours(
    connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
) -> tuple[str, Any]:
    """Return a statement with the BEGIN that it needs before it, and the COMMIT that it may have after it."""
    if connection.info.get(_ENDED):
        raise RuntimeError("a statement came after the last one of its transaction")
    if cursor.connection.get_transaction_status() == IDLE:
        if executemany or cursor.name:
            _send(cursor.connection, "BEGIN")
        else:
            statement = f"BEGIN;{statement}"
    if context is not None and context.execution_options.get(LAST):
        connection.info[_ENDED] = True
        statement = f"{statement};COMMIT"
    return statement, parameters


def _commit(connection: Any) -> None:
    """Commit, unless the last statement has done it or there was none."""
    if connection.get_transaction_status() != IDLE:
        _send(connection, "COMMIT")


def _rollback(connection: Any) -> None:
    if not connection.closed and connection.get_transaction_status() != IDLE:
        _send(connection, "ROLLBACK")


def _send(connection: Any, command: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(command)
