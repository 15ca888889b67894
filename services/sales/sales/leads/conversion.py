"""Turning a lead into a customer, a contact and perhaps an opportunity (SA-19).

Sales chooses the ids and goes on at once; the customer service makes its records when it hears of them.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sales.customer_copy import customer_named
from sales.events import LeadConverted, OpportunityCreated
from sales.leads.model import Lead
from sales.opportunities.model import Opportunity
from servicekit import new_id, publish


@dataclass(frozen=True)
class Conversion:
    """What a lead has become."""

    lead_id: UUID
    customer_id: UUID
    contact_id: UUID
    opportunity_id: UUID | None
    merged: bool
    """Whether the customer was there already."""


def convert_lead(session: Session, lead: Lead, wanted: dict[str, Any] | None) -> Conversion:
    """Convert a lead; a customer of the same name is taken instead of a second one (SA-19).

    Args:
        wanted: what the opportunity is to hold; None for no opportunity.

    Raises:
        Conflict: ``lead-already-converted``, ``lead-closed``.
    """
    lead.ensure_convertible()
    customer_id, merged = customer_named(session, lead.company_name, lead.owner_id)
    opportunity = None
    if wanted is not None:
        opportunity = Opportunity(owner_id=lead.owner_id, customer_id=customer_id, source=lead.source)
        opportunity.fill_in(**wanted)
        session.add(opportunity)
        publish(session, opportunity, OpportunityCreated.of(opportunity))
    lead.convert(customer_id, new_id(), opportunity.id if opportunity else None)
    publish(session, lead, LeadConverted.of(lead, merged=merged))
    return Conversion(lead.id, customer_id, lead.contact_id, lead.opportunity_id, merged)  # type: ignore[arg-type]
