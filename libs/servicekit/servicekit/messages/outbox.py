"""The outbox: events wait in the database that their cause was written to, until the broker has confirmed them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Uuid, insert, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, Session, mapped_column

from servicekit.base.database import KitBase, table_of
from servicekit.messages.events import stored


class OutboxRow(KitBase):
    """An event and what has become of it."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unnumbered", "position", postgresql_where=text("sequence IS NULL")),
        Index("ix_outbox_subject", "subject", "position"),
        Index("ix_outbox_unpublished", "sequence", postgresql_where=text("published_at IS NULL")),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    type: Mapped[str]
    subject: Mapped[UUID]
    data: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime]
    correlation_id: Mapped[UUID] = mapped_column(index=True)
    causation_id: Mapped[UUID | None]
    actor_id: Mapped[UUID | None]
    traceparent: Mapped[str | None]
    watcher_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid()))
    """In whose reach the record was seen then, beside the owner's whom the payload names; not told to anybody."""
    sequence: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    published_at: Mapped[datetime | None] = mapped_column(index=True)


class OutboxCounter(KitBase):
    """The last sequence number given; one row."""

    __tablename__ = "outbox_counter"

    id: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


def write_waiting(session: Session) -> None:
    """Insert the events that wait in the session into the outbox, in the order they were published."""
    session.flush()
    waiting = stored(session)
    if waiting:
        # Positions are given in the order of the rows. A trigger notifies the relay at commit.
        session.execute(insert(table_of(OutboxRow)), waiting)
        waiting.clear()
