"""The chain that proves a history whole: each row's digest holds the digest of the row before.

Writers know nothing of it and never wait for each other. One process at a time goes after them, in the order of their
positions, as the relay does with events (docs/decisions/0040). A position that nobody can see yet is waited for until
every transaction has ended that may still write it.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, LargeBinary, Table, and_, bindparam, func, insert, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base.database import Database, KitBase, table_of
from servicekit.nouns.history import COLUMNS
from servicekit.nouns.history import TABLE as CHANGES

LOCK = 7_226_040
"""Advisory lock of whoever adds to the chain."""
BATCH = 2_000
BEGINNING = bytes(32)
"""What stands for the digest of the row before the first."""


class ChangeLink(KitBase):
    """A row of the history in the chain."""

    __tablename__ = "change_link"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary)


LINKS: Table = table_of(ChangeLink)


class Head(NamedTuple):
    """How far the chain goes, and the digest of its last row."""

    position: int
    digest: bytes


def digest_of(before: bytes, row: Any) -> bytes:
    """Return the digest of a row behind another one's."""
    written = [row.position, *(_plain(getattr(row, name)) for name in COLUMNS)]
    return hashlib.sha256(before + orjson.dumps(written, option=orjson.OPT_SORT_KEYS)).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, UUID):
        return str(value)
    return [str(each) for each in value] if isinstance(value, list) else value


class Chain:
    """Adds what has been committed of a service's history to its chain."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._awaited: tuple[int, int] | None = None
        """A position that was not there, and the transaction that had not begun when we looked."""

    def add(self) -> Head | None:
        """Add all that can be added; return how far the chain goes, or None if another process is at it."""
        while (found := self.database.transact(self._add_some)) is not None:
            head, count = found
            if count < BATCH:
                return head
        return None

    def _add_some(self, session: Session) -> tuple[Head, int] | None:
        if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
            return None
        head = head_of(session)
        rows = session.connection().execute(COMMITTED, {"after": head.position}).all()
        links = []
        for row in self._without_holes(rows, head.position):
            head = Head(row.position, digest_of(head.digest, row))
            links.append(head._asdict())
        if links:
            session.execute(insert(LINKS), links)
        return head, len(links)

    def _without_holes(self, rows: Any, last: int) -> Iterator[Any]:
        """Yield the rows up to the first position that may still be written."""
        for row in rows:
            hole = last + 1
            if row.position != hole and not self._will_stay_empty(hole, row):
                return
            yield row
            last = row.position

    def _will_stay_empty(self, hole: int, row: Any) -> bool:
        """Whether all have ended that were at work when the hole was first seen."""
        if self._awaited is None or self._awaited[0] != hole:
            self._awaited = (hole, int(row.unborn))
        return int(row.oldest) >= self._awaited[1]


_SNAPSHOT = func.pg_current_snapshot()

COMMITTED = (
    select(
        *CHANGES.c,
        # As texts, since the driver does not know transaction ids of 64 bits.
        func.concat(func.pg_snapshot_xmax(_SNAPSHOT)).label("unborn"),
        func.concat(func.pg_snapshot_xmin(_SNAPSHOT)).label("oldest"),
    )
    .where(CHANGES.c.position > bindparam("after"))
    .order_by(CHANGES.c.position)
    .limit(BATCH)
)


def head_of(session: Session) -> Head:
    """Return how far the chain goes."""
    last = select(LINKS).order_by(LINKS.c.position.desc()).limit(1)
    found = session.connection().execute(last).first()
    return Head(found.position, found.digest) if found else Head(0, BEGINNING)


def check(session: Session, after: int, limit: int = BATCH) -> dict[str, Any]:
    """Compare a page of the chain with the history.

    Args:
        after: the position to go on from.

    Returns:
        ``problems`` (each with ``position`` and what is wrong), ``checked`` (how many links) and ``next`` (the position
        to go on from, or None).
    """
    before = _digest_at(session, after)
    pairs = (
        select(LINKS.c.digest, LINKS.c.position.label("linked"), *CHANGES.c)
        .select_from(LINKS.outerjoin(CHANGES, LINKS.c.position == CHANGES.c.position))
        .where(LINKS.c.position > after)
        .order_by(LINKS.c.position)
        .limit(limit)
    )
    problems, last = [], after
    rows = session.connection().execute(pairs).all()
    for row in rows:
        if row.position is None:
            problems.append(_problem(row.linked, "the row is missing"))
        elif before is not None and digest_of(before, row) != bytes(row.digest):
            problems.append(_problem(row.linked, "the row, or the link before it, was changed"))
        before, last = bytes(row.digest), row.linked
    problems += [_problem(position, "the row is in no chain") for position in _unlinked(session, after, last)]
    done = len(rows) < limit
    return {"problems": problems, "checked": len(rows), "next": None if done else last}


def _problem(position: int, what: str) -> dict[str, Any]:
    return {"position": position, "problem": what}


def _digest_at(session: Session, position: int) -> bytes | None:
    """Return a link's digest; None where it is gone, which the row behind it cannot be judged without."""
    if position == 0:
        return BEGINNING
    found = session.scalar(select(LINKS.c.digest).where(LINKS.c.position == position))
    return bytes(found) if found is not None else None


def _unlinked(session: Session, after: int, until: int) -> list[int]:
    """Return the rows that the chain has passed by: they were put in afterwards."""
    linked = select(literal(1)).where(LINKS.c.position == CHANGES.c.position).exists()
    between = and_(CHANGES.c.position > after, CHANGES.c.position <= until)
    return list(session.scalars(select(CHANGES.c.position).where(between, ~linked).limit(100)))


def compare_with_note(session: Session, position: int, digest: str) -> list[dict[str, Any]]:
    """Return what is wrong with the chain if it had this digest there once: a tail cut off, a chain made anew."""
    if position == 0:
        return []
    head = head_of(session)
    if head.position < position:
        return [_problem(position, f"the chain went up to here once, and ends at {head.position} now")]
    found = _digest_at(session, position)
    if found is None or found.hex() != digest:
        return [_problem(position, "the chain had another digest here once: it was made anew")]
    return []
