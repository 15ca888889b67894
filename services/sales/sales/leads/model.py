"""The lead; it refuses illegal states itself."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from sales.base import Base
from servicekit import Conflict, Custom, Fault, Invalid, Owned, Pooled, Record, in_states
from servicekit.base.phones import dialled

UNTOUCHED, CONTACTED, CLOSED, CONVERTED = "untouched", "contacted", "closed", "converted"
STATUSES = {
    UNTOUCHED: ("未跟进", "Untouched"),
    CONTACTED: ("已联系", "Contacted"),
    CLOSED: ("已关闭", "Closed"),
    CONVERTED: ("已转化", "Converted"),
}
OVER = {CLOSED: "lead-closed", CONVERTED: "lead-already-converted"}
"""Why nothing is done with a lead any more."""
PRIORITIES = {"high": ("高", "High"), "medium": ("中", "Medium"), "low": ("低", "Low")}


class Lead(Record, Owned, Pooled, Custom, Base):
    """Somebody who may become a customer.

    States: untouched → contacted → closed (SA-10), or converted into a customer (SA-19).
    """

    __tablename__ = "lead"
    granted_as: ClassVar[tuple[str, str] | None] = ("lead", "id")
    moves: ClassVar[dict[str, str]] = {"last_activity_at": "an activity, which is told by itself"}

    company_name: Mapped[str]
    """Empty for a private person (CU-05)."""
    contact_name: Mapped[str]
    title: Mapped[str | None]
    mobile: Mapped[str | None]
    mobile_e164: Mapped[str | None]
    phone: Mapped[str | None]
    phone_e164: Mapped[str | None]
    email: Mapped[str | None]
    source: Mapped[str | None]
    priority: Mapped[str] = mapped_column(default="medium")
    remark: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=UNTOUCHED)
    close_reason: Mapped[str | None]
    last_activity_at: Mapped[datetime | None]
    customer_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    opportunity_id: Mapped[UUID | None]

    _dialled = dialled("mobile", "phone")

    @in_states(UNTOUCHED, CONTACTED, code=OVER)
    def fill_in(self, status: str | None = None, **values: Any) -> None:
        """Set what is known of the lead, and move it on if a status is named (SA-09, SA-10).

        Raises:
            Conflict: ``lead-closed``, ``lead-already-converted``, ``lead-already-contacted``.
            Invalid: if the status is ``converted``, which only a conversion sets.
        """
        for name, value in values.items():
            setattr(self, name, value)
        if status == CONVERTED:
            raise Invalid.field(
                "status", Fault("converted-by-action", "A lead is converted by its convert action.")
            )
        if status == CLOSED:
            self.close(None)
        elif status == CONTACTED and self.status == UNTOUCHED:
            self.contacted()
        elif status == UNTOUCHED and self.status == CONTACTED:
            raise Conflict("lead-already-contacted", "Somebody has contacted the lead already.")

    @in_states(UNTOUCHED, code={CONTACTED: "lead-already-contacted", **OVER})
    def contacted(self) -> None:
        """Somebody has spoken with the lead (SA-10)."""
        self.status = CONTACTED

    @in_states(UNTOUCHED, CONTACTED, code=OVER)
    def close(self, reason: str | None) -> None:
        """Nothing comes of it (SA-10, SA-16)."""
        self.status = CLOSED
        self.close_reason = reason

    @in_states(CLOSED, code="lead-not-closed")
    def reopen(self) -> None:
        """It was closed too early: somebody takes it up again (SA-10)."""
        self.status = CONTACTED
        self.close_reason = None

    @in_states(UNTOUCHED, CONTACTED, code=OVER)
    def convert(self, customer_id: UUID, contact_id: UUID, opportunity_id: UUID | None) -> None:
        """It has become a customer with a contact, and perhaps an opportunity (SA-19)."""
        self.status = CONVERTED
        self.customer_id = customer_id
        self.contact_id = contact_id
        self.opportunity_id = opportunity_id

    @in_states(UNTOUCHED, CONTACTED, code=OVER)
    def ensure_valid(self) -> None:
        """Refuse to lay what is over into a pool, or to take it out of one (SA-16)."""

    @in_states(UNTOUCHED, CONTACTED, code=OVER)
    def ensure_convertible(self) -> None:
        """A lead is converted once, and not when it was closed (SA-19)."""
