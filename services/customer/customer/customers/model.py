"""The customer; it refuses illegal states itself."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy.orm import Mapped, mapped_column

from customer.base import Base
from customer.spelling import spellings
from servicekit import Custom, MayBePublic, Owned, Pooled, Record, in_states, utcnow
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
IN_USE = tuple(status for status in STATUSES if status != INVALID)
COMPANY, PERSON = "company", "person"
KINDS = {COMPANY: ("企业", "Company"), PERSON: ("个人", "Person")}


class Customer(Record, Owned, MayBePublic, Pooled, Custom, Base):
    """A company or a person we do business with, or hope to (CU-05).

    A customer is never deleted. An invalid one can be looked at, and nothing else (CU-08).
    """

    __tablename__ = "customer"
    granted_as: ClassVar[tuple[str, str] | None] = ("customer", "id")
    moves: ClassVar[dict[str, str]] = {
        "last_activity_at": "an activity, which is told by itself",
        "quiet_since": "an activity, which is told by itself",
    }

    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default=COMPANY)
    status: Mapped[str] = mapped_column(default=BASIC)
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
