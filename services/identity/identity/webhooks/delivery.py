"""The delivery: one event for one subscription, its attempts, and how far the feeding has come."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from identity.base import Base
from servicekit import Eager, new_id, utcnow
from servicekit.operating.retention import Retention

PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"
ENDED = {DELIVERED: ("已送达", "Delivered"), FAILED: ("失败", "Failed")}
STATES = {PENDING: ("待投递", "Pending"), **ENDED}

TEST = "webhook.test"
"""The type of the event that a test delivery sends; nobody else is told of it."""

JITTER = 0.2
"""By how much a delay may be longer: what failed together is not tried again together."""


class Delivery(Eager, Base):
    """An event on its way to a receiver."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (UniqueConstraint("webhook_id", "event_id", name="uq_webhook_delivery_event"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    position: Mapped[int] = mapped_column(BigInteger, Identity())
    """The order of deliveries of one subscription about one record."""
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    event_id: Mapped[UUID]
    event_type: Mapped[str]
    event_time: Mapped[datetime]
    subject: Mapped[UUID]
    body: Mapped[str]
    state: Mapped[str] = mapped_column(default=PENDING)
    tries: Mapped[int] = mapped_column(default=0)
    """Attempts since it was made, or sent again."""
    next_attempt_at: Mapped[datetime] = mapped_column(default=utcnow)
    give_up_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    """Until then a process is busy with it; if that process dies, another one takes over afterwards."""
    delivered_at: Mapped[datetime | None]

    def arrived(self, now: datetime) -> None:
        """Be done with."""
        self.state, self.delivered_at, self.leased_until = DELIVERED, now, None

    def did_not_arrive(self, now: datetime, delays: Sequence[float]) -> None:
        """Wait for the next attempt, or be given up; a test is made once."""
        self.leased_until = None
        if now >= self.give_up_at or self.event_type == TEST:
            self.give_up()
            return
        delay = delays[min(self.tries, len(delays)) - 1]
        wanted = now + timedelta(seconds=delay * (1 + JITTER * random.random()))  # noqa: S311 - no secret
        # The last attempt is made when the time is up, not a day after.
        self.next_attempt_at = min(wanted, self.give_up_at)

    def give_up(self) -> None:
        """Make no more attempts, so that what comes after it about the same record can go."""
        self.state, self.leased_until = FAILED, None


RETENTION = Retention(
    Delivery, Delivery.created_at, when=or_(Delivery.state != PENDING, Delivery.give_up_at < func.now())
)
"""Deliveries go with their attempts; also what a stopped webhook never got."""


def clock(session: Session) -> datetime:
    """Return the time by the database's clock, which all processes that share the sending go by."""
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return now


class Attempt(Eager, Base):
    """One attempt of a delivery; it is never changed."""

    __tablename__ = "webhook_attempt"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"))
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_delivery.id", ondelete="CASCADE"))
    milliseconds: Mapped[int]
    status: Mapped[int | None]
    error: Mapped[str | None]
    response: Mapped[str]
    """The beginning of what the receiver answered."""


class Feed(Base):
    """How far the stream of events has been read; one row, and none while nobody wants to be told of anything."""

    __tablename__ = "webhook_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    next_offset: Mapped[int] = mapped_column(BigInteger)
    last_event_id: Mapped[UUID | None]
    """The event before ``next_offset``: if another stands there, it is another stream."""
