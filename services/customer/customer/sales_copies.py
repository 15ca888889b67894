"""Leads and opportunities as far as this service knows them: what an activity on a customer may be about (CU-56)."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, Session

from customer.aliases import kept_id
from customer.base import Base
from customer.customers.model import Customer
from servicekit import Caller, Copied, Follows, From, Invalid, LiesInPool, check_named, keep_copy


class OfCustomer(Copied):
    """The copy of a record that may be a customer's."""

    customer_id: Mapped[UUID | None]


class OpportunityCopy(OfCustomer, Base):
    """An opportunity: whose it is, and which customer's."""

    __tablename__ = "opportunity_copy"
    of = From("sales", "opportunity", told="created updated won lost reopened", merges=False, shared=True)


class LeadCopy(OfCustomer, LiesInPool, Base):
    """A lead: whose it is, and which customer it has become."""

    __tablename__ = "lead_copy"
    of = From("sales", "lead", name="contact_name", merges=False, shared=True)


class OpportunityHandlers(Follows, copy=OpportunityCopy):
    """Keeps the copy of opportunities."""


class LeadHandlers(Follows, copy=LeadCopy):
    """Keeps the copy of leads; what a conversion makes of one is followed by ``conversions``."""


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
        facts=told.facts,
        pool_id=told.pool_id,
        claim_state=told.claim_state,
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
