"""Numbers for people, ``HT20261122-0001``, by rules that an administrator may change (GW-57).

    CONTRACT_NUMBERS = Numbers("contract", "HT{date:%Y%m%d}-{n:04}")
    contract.number = CONTRACT_NUMBERS.next(session)

A number is counted in a transaction of its own, so that nobody waits for anybody else's to end; should the record fail,
its number is missing. Whoever needs many in a row takes them in blocks (docs/decisions/0010, 0042).
"""

import time
from collections import deque
from collections.abc import Mapping
from datetime import date
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base.clock import today
from servicekit.base.database import AUTOCOMMIT, KitBase, table_of
from servicekit.nouns.definitions import NUMBERING, definitions
from servicekit.nouns.patterns import DAY, Pattern

LARGEST_BLOCK = 64
SOON = 1.0
"""Seconds: a block that was used up sooner is followed by one twice as large, any other by a single number."""


class NumberRow(KitBase):
    """The last number given of a series in a period."""

    __tablename__ = "numbering"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


_TABLE = table_of(NumberRow)

TAKE = (
    insert(_TABLE)
    .values(prefix=bindparam("of"), period=bindparam("in_period"), last=bindparam("many"))
    .on_conflict_do_update(
        index_elements=["prefix", "period"], set_={"last": _TABLE.c.last + bindparam("many")}
    )
    .returning(_TABLE.c.last)
)


class _Block:
    """The numbers that this process has taken of one counter and not given yet."""

    def __init__(self) -> None:
        self.left: deque[int] = deque()
        self.taking = Lock()
        self.size = 1
        self.taken_at = 0.0

    def next(self, engine: Engine, counter: tuple[str, str]) -> int:
        """Return the next number; whoever finds none left takes more, and the others wait for that."""
        with self.taking:
            if not self.left:
                self._take(engine, counter)
            return self.left.popleft()

    def _take(self, engine: Engine, counter: tuple[str, str]) -> None:
        now = time.monotonic()
        self.size = min(self.size * 2, LARGEST_BLOCK) if now - self.taken_at < SOON else 1
        self.taken_at = now
        with engine.connect() as connection:
            asked = {"of": counter[0], "in_period": counter[1], "many": self.size}
            last: int = connection.scalar(TAKE, asked)
        self.left.extend(range(last - self.size + 1, last + 1))


_BLOCKS: WeakKeyDictionary[Engine, dict[str, tuple[Any, dict[tuple[str, str], _Block]]]] = WeakKeyDictionary()
"""By database and series: the rule and the period that the blocks are of, and they by their counters."""


def drop_blocks() -> None:
    """Forget what has been taken: the counters may have been emptied."""
    _BLOCKS.clear()


class Numbers:
    """A series of numbers; two series never share a counter unless their numbers would look the same.

    Args:
        series: what it is called in the rule that an administrator changes.
        pattern: how its numbers look until somebody has changed the rule.
        counts: when counting begins anew: each day, month, year, or ever.
    """

    def __init__(self, series: str, pattern: str, counts: str = DAY) -> None:
        self.series = series
        self.pattern = pattern
        self.preset = Pattern.read(pattern, counts)

    def rule(self, session: Session) -> Pattern:
        """Return how its numbers look now."""
        rule = definitions(session, NUMBERING, self.series).get(self.series, {})
        return Pattern.read(rule["pattern"], rule["counts"]) if rule.get("pattern") else self.preset

    def next(self, session: Session, on: date | None = None, fields: Mapping[str, str] | None = None) -> str:
        """Return the next number, which is never given twice.

        Args:
            on: the day, by default today, as the house counts days.
            fields: what of the record may stand in its number.
        """
        pattern, day, said = self.rule(session), on or today(), fields or {}
        counter = pattern.counter(day, said)
        engine = session.info[AUTOCOMMIT]
        taken, now = _BLOCKS.setdefault(engine, {}), (pattern, pattern.first(day))
        if self.series not in taken or taken[self.series][0] != now:
            taken[self.series] = (now, {})  # What is left of the period or the rule before is dropped.
        block = taken[self.series][1].setdefault(counter, _Block())
        return pattern.written(day, block.next(engine, counter), said)
