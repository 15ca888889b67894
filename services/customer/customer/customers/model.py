"""The customer; it refuses illegal states itself."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped, mapped_column

from customer.base import Base
from customer.spelling import spellings
from servicekit import (
    Approvable,
    Conflict,
    Custom,
    Fault,
    Invalid,
    MayBePublic,
    Owned,
    Pooled,
    Record,
    in_states,
    utcnow,
)
from servicekit.base.phones import dialled, digits
from servicekit.base.texts import name_key

INVALID, BASIC, POTENTIAL, SUCCESS, PILOT, MODEL, FROZEN = (
    "invalid", "basic", "potential", "success", "pilot", "model", "frozen",
)  # fmt: skip
STATUSES = {
    BASIC: ("基础客户", "Basic"),
    POTENTIAL: ("潜在客户", "Potential"),
    SUCCESS: ("成功客户", "Success"),
    PILOT: ("试点客户", "Pilot"),
    MODEL: ("典型客户", "Model"),
    FROZEN: ("已冻结", "Frozen"),
    INVALID: ("已失效", "Invalid"),
}
NEXT: dict[str, tuple[str, ...]] = {
    INVALID: (BASIC,),
    BASIC: (POTENTIAL,),
    POTENTIAL: (SUCCESS,),
    SUCCESS: (PILOT, MODEL),
    PILOT: (MODEL,),
    MODEL: (PILOT,),
}
"""Upward one step at a time; above success one of two, which follow each other (CU-09, 8.14)."""
LOWER: dict[str, tuple[str, ...]] = {
    POTENTIAL: (BASIC,),
    SUCCESS: (POTENTIAL, BASIC),
    PILOT: (SUCCESS, POTENTIAL, BASIC),
    MODEL: (SUCCESS, POTENTIAL, BASIC),
}
"""Downward as far as one likes; the next step first. Out of use is another matter (CU-08)."""
IN_USE = tuple(status for status in STATUSES if status != INVALID)
UPGRADE, DOWNGRADE, FREEZE = "upgrade", "downgrade", "freeze"
STATUS_STEPS = {UPGRADE: ("升级", "Upgrade"), DOWNGRADE: ("降级", "Downgrade"), FREEZE: ("冻结", "Freeze")}
"""What may wait for an approval; an upgrade always does (CU-09)."""
COMPANY, PERSON = "company", "person"
KINDS = {COMPANY: ("企业", "Company"), PERSON: ("个人", "Person")}


class Customer(Approvable, Record, Owned, MayBePublic, Pooled, Custom, Base):
    """A company or a person we do business with, or hope to (CU-05).

    A customer is never deleted. An invalid one can be looked at, and nothing else (CU-08).
    """

    __tablename__ = "customer"
    granted_as: ClassVar[tuple[str, str] | None] = ("customer", "id")
    locked: ClassVar[tuple[str, ...]] = ("fill_in", "invalidate", "ensure_upgradable", "lower", "freeze")
    moves: ClassVar[dict[str, str]] = {
        "last_activity_at": "an activity, which is told by itself",
        "quiet_since": "an activity, which is told by itself",
    }

    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default=COMPANY)
    status: Mapped[str] = mapped_column(default=BASIC)
    frozen_from: Mapped[str | None]
    """What it was before it was frozen, and will be again (8.14)."""
    industry: Mapped[str | None]
    region: Mapped[str | None]
    source: Mapped[str | None]
    grade: Mapped[str | None]
    phone: Mapped[str | None]
    phone_e164: Mapped[str | None]
    website: Mapped[str | None]
    email: Mapped[str | None]
    remark: Mapped[str | None]
    last_activity_at: Mapped[datetime | None]
    quiet_since: Mapped[datetime] = mapped_column(default=utcnow)
    """The last activity, or the creation where there was none yet: what "untouched for 7 days" is measured from."""
    name_key: Mapped[str]
    pinyin: Mapped[str]
    search_text: Mapped[str]
    """Everything the customer can be found by, in one text (CU-78); of a phone number the digits."""

    _dialled = dialled("phone")

    @in_states(*IN_USE, code="customer-invalid")
    def fill_in(self, **values: Any) -> None:
        """Set what the card holds (CU-02), and what the customer is found by.

        Args:
            values: columns by name.

        Raises:
            Conflict: ``customer-invalid``.
        """
        for name, value in values.items():
            setattr(self, name, value)
        self.name_key = name_key(self.name)
        self.pinyin = spellings(self.name, person=self.kind == PERSON)
        dialled = (digits(self.phone or ""), digits(self.phone_e164 or ""))
        found_by = (self.name_key, self.pinyin, self.number, *dialled, self.email)
        self.search_text = " ".join(part for part in found_by if part)

    @in_states(*IN_USE, code="customer-invalid")
    def invalidate(self) -> None:
        """Take the customer out of use; from now on it can only be looked at (CU-08)."""
        self.status = INVALID

    @in_states(*IN_USE, code="customer-invalid")
    def note_activity(self, occurred_at: datetime) -> None:
        """Remember when something was last done; an older activity written down late changes nothing."""
        if self.last_activity_at is None or occurred_at > self.last_activity_at:
            self.move(last_activity_at=occurred_at, quiet_since=occurred_at)

    @in_states(*IN_USE, code="customer-invalid")
    def ensure_valid(self) -> None:
        """Refuse to change anything about an invalid customer (CU-08).

        Raises:
            Conflict: ``customer-invalid``.
        """

    @in_states(*NEXT, code="customer-frozen")
    def ensure_upgradable(self, to: str | None = None) -> str:
        """Return the status that an upgrade leads to; the next one, where there is only one.

        Raises:
            Conflict: ``customer-frozen``, ``approval-pending``.
            Invalid: if another step comes first, or there are two and none is named.
        """
        following = NEXT[self.status]
        wanted = to or (following[0] if len(following) == 1 else None)
        if wanted not in following:
            allowed = ", ".join(following)
            raise Invalid.field("to", Fault("not-the-next-status", "Comes next: {allowed}.", allowed=allowed))
        return wanted

    @in_states(*NEXT, code="customer-frozen")
    def rise(self, to: str) -> None:
        """Take the step upward that was agreed to (CU-09)."""
        if to not in NEXT[self.status]:
            raise Conflict("customer-moved-on", "The customer has another status by now.")
        self.status = to

    @in_states(
        *LOWER, code={BASIC: "customer-lowest", FROZEN: "customer-frozen", INVALID: "customer-invalid"}
    )
    def lower(self, to: str | None = None) -> None:
        """Take steps downward, one unless another status is named (CU-09).

        Raises:
            Conflict: ``customer-lowest``, ``customer-frozen``, ``customer-invalid``, ``approval-pending``.
            Invalid: if that status is not below.
        """
        below = LOWER[self.status]
        if to is not None and to not in below:
            allowed = ", ".join(below)
            raise Invalid.field("to", Fault("not-a-lower-status", "Is below: {allowed}.", allowed=allowed))
        self.status = to or below[0]

    @in_states(*LOWER, BASIC, code={FROZEN: "customer-frozen", INVALID: "customer-invalid"})
    def freeze(self) -> None:
        """Let it rest, until it is unfrozen (CU-09)."""
        self.frozen_from, self.status = self.status, FROZEN

    @in_states(FROZEN, code="customer-not-frozen")
    def unfreeze(self) -> None:
        """Go on where it was frozen; one of before there was a ladder is a basic one (8.14)."""
        self.status, self.frozen_from = self.frozen_from or BASIC, None
