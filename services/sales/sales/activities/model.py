"""The activity: a call, a visit, a mail; what was done with a lead or an opportunity."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from sales.base import Base
from sales.customer_copy import CustomerCopy
from sales.leads.model import Lead
from servicekit import Reach, Record, Within

KINDS = {
    "call": ("电话", "Call"),
    "visit": ("拜访", "Visit"),
    "email": ("邮件", "Email"),
    "meeting": ("会议", "Meeting"),
    "note": ("备注", "Note"),
    "fax": ("传真", "Fax"),
    "chat": ("在线沟通", "Chat"),
}


class Activity(Record, Within, Base):
    """A record of what was done with a lead or an opportunity (SA-29, CU-56).

    It has no owner of its own: whoever may see the lead or the opportunity may see it.
    """

    __tablename__ = "activity"
    belongs_to: ClassVar[Mapping[str, str]] = {"lead": "lead_id", "opportunity": "opportunity_id"}

    lead_id: Mapped[UUID | None] = mapped_column(ForeignKey("lead.id"))
    opportunity_id: Mapped[UUID | None] = mapped_column(ForeignKey("opportunity.id"))
    author_id: Mapped[UUID]
    kind: Mapped[str]
    subject: Mapped[str | None]
    content: Mapped[str]
    occurred_at: Mapped[datetime]
    next_contact_at: Mapped[datetime | None]

    @classmethod
    def further_ways(cls, reach: Any, noun: str) -> list[Any]:
        """Return that whoever may see the customer is listed what was said before it was one (CU-12, CU-56)."""
        if noun != "lead" or reach.caller.scope("customer.read") is None:
            return []
        customers = Reach(reach.session, reach.caller, "customer.read").where(CustomerCopy)
        return [Lead.customer_id.in_(select(CustomerCopy.id).where(customers))]


def note_last_activity(session: Session, model: Any, occurred_at: datetime, *where: Any) -> None:
    """Move the time of the last activity of a lead or an opportunity forward, never back (SA-27, SA-29).

    It is no change of the record: its version stays, and nobody's edit becomes stale by a phone call.
    """
    session.execute(
        update(model)
        .where(*where)
        .values(
            last_activity_at=func.greatest(model.last_activity_at, occurred_at), updated_at=model.updated_at
        )
        .execution_options(synchronize_session=False)
    )
