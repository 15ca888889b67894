"""The subscription: where messages go, which events they tell of, and the secrets that sign them."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from identity.base import Base
from identity.webhooks.matching import holds, is_for, means
from identity.webhooks.signing import new_secret
from servicekit import Record, utcnow
from servicekit.base.sealing import Sealed

BY_ADMINISTRATOR, FAILING, GONE = "administrator", "failing", "gone"
"""Why a subscription is not active: switched off; nothing taken for days; the receiver answered 410."""

CLOCKS_DIFFER = timedelta(seconds=2)
"""By how much a service's clock may be behind ours: rather is one event too many told of than one too few."""

GAP_FOUND = "webhook.gap_found"
"""The event that tells a subscription what it has missed."""

OVERLAP = timedelta(hours=24)
"""How long a secret goes on signing after it was replaced."""


class Webhook(Record, Base):
    """A subscription."""

    __tablename__ = "webhook"
    moves: ClassVar[dict[str, str]] = {
        "failing_since": "an attempt failed or succeeded; webhook.paused tells the end",
        "from_offset": "nobody is shown it",
    }

    url: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    event_types: Mapped[list[Any]]
    conditions: Mapped[list[Any]]
    where: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """A tree of conditions on what an event tells, which has to hold too (decision 41)."""
    active: Mapped[bool] = mapped_column(default=True)
    stopped_because: Mapped[str | None]
    recording_since: Mapped[datetime] = mapped_column(default=utcnow)
    """When it was made, or switched on again after nothing had been kept for it, or since when it wanted to be told at
    first: it is told of what comes after."""
    from_offset: Mapped[int | None] = mapped_column(BigInteger)
    """Where in the stream it goes on while the stream is read again for another one, that is to be told of the past."""
    missed_before: Mapped[datetime | None]
    """Events from before this time were lost to it: the stream had forgotten them, or was made anew."""
    failing_since: Mapped[datetime | None]
    """When the first attempt failed after which none has succeeded."""
    secret: Mapped[str] = mapped_column(Sealed, default=new_secret)
    previous_secret: Mapped[str | None] = mapped_column(Sealed)
    previous_secret_until: Mapped[datetime | None]

    def fill_in(self, active: bool | None = None, **values: Any) -> None:
        """Change what an administrator decides; None leaves things as they are."""
        for name, value in values.items():
            setattr(self, name, value)
        if active is not None and active != self.active:
            if active and not self.records:
                self.recording_since, self.from_offset = utcnow(), None
            self.active, self.failing_since = active, None
            self.stopped_because = None if active else BY_ADMINISTRATOR

    def begin_at(self, since: datetime) -> None:
        """Be told of what has happened since a time in the past, as far as the stream has it."""
        self.recording_since = since

    def miss(self, before: datetime) -> None:
        """Know that events from before a time were lost."""
        self.missed_before = before

    def stop(self, because: str) -> None:
        """Make no more attempts until an administrator switches the subscription on again."""
        self.active, self.stopped_because = False, because

    def rotate_secret(self) -> None:
        """Sign with a new secret, and with the one before a while longer."""
        self.previous_secret, self.previous_secret_until = self.secret, utcnow() + OVERLAP
        self.secret = new_secret()

    def live_secrets(self) -> list[str]:
        """Return the secrets that sign now."""
        overlaps = self.previous_secret_until is not None and self.previous_secret_until > utcnow()
        return [self.secret, *([self.previous_secret] if overlaps and self.previous_secret else [])]

    @property
    def records(self) -> bool:
        """Whether events are kept for it: also while it is paused, so that nothing is missing afterwards."""
        return self.active or self.stopped_because == FAILING

    def wants(self, event: dict[str, Any]) -> bool:
        """Tell whether an event is to be delivered; that events were lost is told whatever was asked for."""
        data = event.get("data")
        return (
            self.records
            and datetime.fromisoformat(event["time"]) >= self.recording_since - CLOCKS_DIFFER
            and (
                (event["type"] == GAP_FOUND and event["subject"] == str(self.id))
                or (
                    is_for(self.event_types, event["type"])
                    and (not self.conditions or (isinstance(data, dict) and holds(self.conditions, data)))
                    and (
                        not self.where
                        or (isinstance(data, dict) and means(self.event_types, self.where, data))
                    )
                )
            )
        )
