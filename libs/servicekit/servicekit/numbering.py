"""Numbers for people: ``HT20261122-0001``, counted a day and a prefix."""

from datetime import date

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.database import KitBase, utcnow


class NumberRow(KitBase):
    """The last number given under a prefix in a period."""

    __tablename__ = "numbering"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


def next_number(session: Session, prefix: str, on: date | None = None, digits: int = 4) -> str:
    """Return the next number of a day, e.g. ``SO20261122-0001`` (GW-57).

    The row stays locked until the transaction ends: call this late in an operation.

    Args:
        prefix: what kind of record it is, e.g. ``SO``.
        on: the day, by default today (UTC).
        digits: the least number of digits; more are used when a day needs them.
    """
    period = f"{on or utcnow().date():%Y%m%d}"
    statement = insert(NumberRow).values(prefix=prefix, period=period, last=1)
    last = session.scalar(
        statement.on_conflict_do_update(
            index_elements=["prefix", "period"], set_={"last": NumberRow.last + 1}
        ).returning(NumberRow.last)
    )
    return f"{prefix}{period}-{last:0{digits}d}"
