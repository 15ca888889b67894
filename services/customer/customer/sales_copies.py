"""Leads and opportunities as far as this service knows them: what an activity on a customer may be about (CU-56)."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from customer.aliases import kept_id
from customer.base import Base
from customer.customers.model import Customer
from servicekit import Caller, Copied, Event, Follows, Invalid, audited, check_named, keep_copy, listens
from servicekit.nouns.access_events import Granted
from servicekit.nouns.following import auditing_grants
from servicekit.nouns.grants import keep_audience


class OfCustomer(Copied):
    """The copy of a record that may be a customer's."""

    customer_id: Mapped[UUID | None]


class OpportunityCopy(OfCustomer, Base):
    """An opportunity: whose it is, and which customer's."""

    __tablename__ = "opportunity_copy"


class LeadCopy(OfCustomer, Base):
    """A lead: whose it is, and which customer it has become."""

    __tablename__ = "lead_copy"
    granted_as = ("lead", "id")


class LeadCreated(Event):
    """What this service needs to know of a lead."""

    source: ClassVar[str] = "sales"
    type: ClassVar[str] = "lead.created"

    lead_id: UUID
    contact_name: str | None = None
    owner_id: UUID
    customer_id: UUID | None = None
    version: int


class LeadUpdated(LeadCreated):
    """The same, after a change."""

    type: ClassVar[str] = "lead.updated"


class LeadAccessChanged(LeadCreated):
    """The same, with whom the lead is granted to."""

    type: ClassVar[str] = "lead.access_changed"

    grants: list[Granted]


class OpportunityHandlers(
    Follows,
    copy=OpportunityCopy,
    source="sales",
    noun="opportunity",
    shared=True,
    told=("created", "updated"),
    merges=False,
):
    """Keeps the copy of opportunities."""


class LeadHandlers:
    """Keeps the copy of leads; what a conversion makes of one is followed by ``conversions``."""

    copies: ClassVar[dict[str, tuple[Any, ...]]] = {"sales": (LeadCopy,)}

    @listens(LeadCreated)
    def follow_new_lead(self, session: Session, lead: LeadCreated) -> None:
        """Keep whose lead it is."""
        keep_lead(session, lead)

    @listens(LeadUpdated)
    def follow_lead(self, session: Session, lead: LeadUpdated) -> None:
        """Keep whose lead it is now."""
        keep_lead(session, lead)

    @listens(LeadAccessChanged)
    def follow_lead_access(self, session: Session, lead: LeadAccessChanged) -> None:
        """Keep whom the lead is granted to, who may name it then, and whose it is."""
        grants = [each.model_dump() for each in lead.grants]
        keep_audience(session, "lead", lead.lead_id, lead.version, grants)
        keep_lead(session, lead)

    audit_lead_grants = auditing_grants("sales", "lead")

    @audited("lead-owners", owner="sales", copy=LeadCopy)
    def audit_lead_owners(self) -> Any:
        """Return the leads as this service knows them."""
        return select(LeadCopy.id, LeadCopy.owner_id, LeadCopy.customer_id).where(LeadCopy.version > 0)


def keep_lead(session: Session, told: Any) -> None:
    """Keep whose lead it is, and which customer it has become."""
    keep_copy(
        session,
        LeadCopy,
        told.lead_id,
        name=told.contact_name,
        owner_id=told.owner_id,
        customer_id=told.customer_id,
        active=True,
        version=told.version,
    )


def check_about(session: Session, caller: Caller, customer: Customer, data: dict[str, Any]) -> None:
    """Make sure that a lead and an opportunity that an activity names are the customer's, and visible to the caller.

    Raises:
        Invalid: ``unknown-lead``, ``unknown-opportunity``, at the field.
    """
    copies: tuple[tuple[type[OfCustomer], str], ...] = ((OpportunityCopy, "opportunity"), (LeadCopy, "lead"))
    for model, noun in copies:
        field = f"{noun}_id"
        if data.get(field) is None:
            continue
        check_named(session, caller, model, data[field], field=field, reading=f"{noun}.read")
        found = session.get_one(model, data[field])
        of = kept_id(session, Customer, found.customer_id) if found.customer_id else None
        if found.version > 0 and of != customer.id:
            raise Invalid.field(field, f"The customer has no such {noun}.", f"unknown-{noun}")
