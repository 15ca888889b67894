"""The activity: a call, a visit, a mail; what was done with a customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from customer.base import Base
from servicekit import Record, Within

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
    """A record of what was done with a customer, about a contact, a lead or an opportunity perhaps (CU-55, CU-56).

    It has no owner of its own: whoever may see the customer may see it.
    """

    __tablename__ = "activity"
    belongs_to: ClassVar[Mapping[str, str]] = {"customer": "customer_id"}
    moves: ClassVar[dict[str, str]] = {"contact_id": "the contact was deleted: contact.deleted tells it"}

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customer.id"))
    author_id: Mapped[UUID]
    kind: Mapped[str]
    subject: Mapped[str | None]
    content: Mapped[str]
    occurred_at: Mapped[datetime]
    contact_id: Mapped[UUID | None]
    opportunity_id: Mapped[UUID | None]
    lead_id: Mapped[UUID | None]
    next_contact_at: Mapped[datetime | None]
