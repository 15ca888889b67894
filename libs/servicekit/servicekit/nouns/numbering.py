"""Numbers for people: ``HT20261122-0001``, counted a day and a prefix."""

from datetime import date

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base.clock import today
from servicekit.base.database import AUTOCOMMIT, KitBase, table_of


class NumberRow(KitBase):
    """The last number given under a prefix in a period."""

    __tablename__ = "numbering"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


_TABLE = table_of(NumberRow)

NEXT = (
    insert(_TABLE)
    .values(prefix=bindparam("of"), period=bindparam("in_period"), last=1)
    .on_conflict_do_update(index_elements=["prefix", "period"], set_={"last": _TABLE.c.last + 1})
    .returning(_TABLE.c.last)
)


def next_number(session: Session, prefix: str, on: date | None = None, digits: int = 4) -> str:
    """Return the next number of a day, e.g. ``SO20261122-0001`` (GW-57).

    Never given twice. It is counted in a transaction of its own, so that nobody waits for anybody else's to end; should
    this one fail, its number is missing (docs/decisions/0010-numbers-may-have-gaps.md).

    Args:
        prefix: what kind of record it is, e.g. ``SO``.
        on: the day, by default today, as the house counts days.
        digits: the least number of digits; more are used when a day needs them.
    """
    period = f"{on or today():%Y%m%d}"
    with session.info[AUTOCOMMIT].connect() as connection:
        last = connection.scalar(NEXT, {"of": prefix, "in_period": period})
    return f"{prefix}{period}-{last:0{digits}d}"
