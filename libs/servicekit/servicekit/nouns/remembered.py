"""What a process knows of what is configured: for a moment, so that not every request asks for it.

Whoever changes a definition here has everybody in this process ask anew from then on; other replicas notice when the
moment is over, which is soon enough for what is known to every service within a second (docs/decisions/0052).
"""

from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from servicekit.base.database import AUTOCOMMIT

TABLE = "definition"
MOMENT = 0.5
"""Seconds."""

_KNOWN, _CHANGING = "kehu_remembered", "kehu_changes_definitions"

Known = dict[str, dict[Any, Any]]


class _Process:
    """What is known of one database's definitions, and since when."""

    def __init__(self) -> None:
        self.known: Known = {}
        self.until = 0.0
        self.changing = 0
        """Transactions that change a definition and have not ended."""

    def now(self) -> Known:
        """Return what is known now; while somebody changes it, nothing is but to whoever asks."""
        if self.changing:
            return {}
        if monotonic() > self.until:
            self.known, self.until = {}, monotonic() + MOMENT
        return self.known


_PROCESSES: WeakKeyDictionary[Engine, _Process] = WeakKeyDictionary()


def remembered(session: Session, what: str) -> dict[Any, Any]:
    """Return what a session's transaction knows, which it adds to; it is the same for all of the transaction."""
    known: Known | None = session.info.get(_KNOWN)
    if known is None:
        process = _process(session)
        known = session.info[_KNOWN] = {} if process is None else process.now()
    return known.setdefault(what, {})


def forget(session: Session) -> None:
    """Let everybody ask anew, from now until this transaction has ended and after it."""
    session.info.pop(_KNOWN, None)
    if (process := _process(session)) is not None and not session.info.get(_CHANGING):
        session.info[_CHANGING] = True
        process.changing += 1
        process.until = 0.0


def _forget_if_changed(session: Session, *_: Any) -> None:
    """Forget when an entity of the definitions is stored, whoever does it: identity's, for the most part."""
    changed = (*session.new, *session.dirty, *session.deleted)
    if any(getattr(each, "__tablename__", "") == TABLE for each in changed):
        forget(session)


def forget_all() -> None:
    """Forget what every database's definitions are: they may have been emptied."""
    _PROCESSES.clear()


def _ended(session: Session, transaction: SessionTransaction) -> None:
    """However a transaction ends, committed, rolled back or left: let others share again. A savepoint ends nothing."""
    if transaction.parent is not None:
        return
    session.info.pop(_KNOWN, None)
    if session.info.pop(_CHANGING, False) and (process := _process(session)) is not None:
        process.changing -= 1


def _process(session: Session) -> _Process | None:
    engine = session.info.get(AUTOCOMMIT)
    return None if engine is None else _PROCESSES.setdefault(engine, _Process())


event.listen(Session, "before_flush", _forget_if_changed)
event.listen(Session, "after_transaction_end", _ended)
