"""Turning a lead into a customer, a contact and perhaps an opportunity (SA-19).

Sales chooses the ids and goes on at once; the customer service makes its records when it hears of them.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sales.customer_copy import CustomerCopy, company_named, new_customer
from sales.events import LeadConverted
from sales.leads.model import Lead
from sales.opportunities.model import Opportunity
from sales.opportunities.queries import OPPORTUNITIES
from servicekit import DirectoryAccount, Invalid, new_id, publish


@dataclass(frozen=True)
class Conversion:
    """What a lead has become, and whose the customer is: whoever converted it may not be able to look."""

    lead_id: UUID
    customer_id: UUID
    contact_id: UUID
    opportunity_id: UUID | None
    merged: bool
    """Whether the customer was there already."""
    customer_name: str | None
    customer_owner_id: UUID | None
    customer_owner_name: str | None


def convert_lead(
    session: Session, lead: Lead, wanted: dict[str, Any] | None, chosen: UUID | None = None
) -> Conversion:
    """Convert a lead; a customer of the same company name is taken instead of a second one (SA-19).

    A private person becomes a customer of their own, unless one is chosen: two people may share a name.

    Args:
        wanted: what the opportunity is to hold; None for no opportunity.
        chosen: the customer that the lead is, as somebody who sees it says.

    Raises:
        Conflict: ``lead-already-converted``, ``lead-closed``.
        Invalid: for a field of ``opportunity``.
    """
    lead.ensure_convertible()
    customer, merged = _customer_of(session, lead, chosen)
    opportunity = None
    if wanted is not None:
        opportunity = Opportunity(owner_id=lead.owner_id, customer_id=customer.id, source=lead.source)
        with Invalid.within("opportunity"):
            opportunity.fill_in(**wanted)
        session.add(opportunity)
        publish(session, opportunity, OPPORTUNITIES.created.of(opportunity))
    contact_id, opportunity_id = new_id(), opportunity.id if opportunity else None
    lead.convert(customer.id, contact_id, opportunity_id)
    publish(session, lead, LeadConverted.of(lead, merged=merged))
    owner = session.get(DirectoryAccount, customer.owner_id) if customer.owner_id else None
    return Conversion(
        lead_id=lead.id,
        customer_id=customer.id,
        contact_id=contact_id,
        opportunity_id=opportunity_id,
        merged=merged,
        customer_name=customer.name,
        customer_owner_id=customer.owner_id,
        customer_owner_name=owner.display_name if owner else None,
    )


def _customer_of(session: Session, lead: Lead, chosen: UUID | None) -> tuple[CustomerCopy, bool]:
    """Return the customer that a lead becomes, and whether it was there already."""
    if chosen is not None:
        return session.get_one(CustomerCopy, chosen), True
    if not lead.company_name:
        return new_customer(session, lead.contact_name, lead.owner_id, company=False), False
    known = company_named(session, lead.company_name)
    if known is not None:
        return known, True
    return new_customer(session, lead.company_name, lead.owner_id, company=True), False
