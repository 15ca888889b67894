"""What operators can have told again by this service, and what of it must agree with others (docs/operating.md)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select, true

from sales.events import LeadConverted
from sales.leads.model import CONVERTED, Lead
from sales.opportunities.model import Opportunity
from servicekit import audited, restates, utcnow

KEPT = timedelta(days=30)
"""For how long a contact that was deleted on purpose can be told from one that never came."""


def converted(lead: Lead) -> Any:
    """Return the event with which a lead was converted; whether the customer was new is no longer known."""
    return LeadConverted.of(lead, merged=False)


class SalesBus:
    """Leads, what became of the converted ones, and opportunities."""

    @restates(LeadConverted, key=Lead.customer_id, made_by=converted)
    def restate_converted_leads(self) -> Select[*tuple[Any, ...]]:
        """Return the leads that have become customers."""
        return select(Lead).where(Lead.status == CONVERTED)

    @audited("opportunity-names", restated_by=("opportunity.updated",))
    def audit_opportunity_names(self) -> Select[*tuple[Any, ...]]:
        """Return the opportunities: their names, whose they are, and of which customer."""
        told = (Opportunity.name, Opportunity.owner_id, Opportunity.customer_id, true().label("active"))
        return select(Opportunity.id, Opportunity.updated_at.label("changed_at"), *told)

    @audited("opportunity-customers")
    def audit_opportunity_customers(self) -> Select[*tuple[Any, ...]]:
        """Return the customers that opportunities name (SA-25)."""
        changed_at = func.max(Opportunity.updated_at).label("changed_at")
        named = select(Opportunity.customer_id.label("id"), changed_at)
        return named.where(Opportunity.customer_id.is_not(None)).group_by(Opportunity.customer_id)

    @audited("lead-names", restated_by=("lead.updated",))
    def audit_lead_names(self) -> Select[*tuple[Any, ...]]:
        """Return the leads: their names, whose they are, and which customers they have become."""
        told = (Lead.contact_name.label("name"), Lead.owner_id, Lead.customer_id, true().label("active"))
        return select(Lead.id, Lead.updated_at.label("changed_at"), *told)

    @audited("converted-leads", restated_by=("lead.converted",))
    def audit_converted_leads(self) -> Select[*tuple[Any, ...]]:
        """Return the customers that leads were converted to (SA-19)."""
        return (
            select(Lead.customer_id.label("id"), func.max(Lead.updated_at).label("changed_at"))
            .where(Lead.status == CONVERTED, Lead.customer_id.is_not(None))
            .group_by(Lead.customer_id)
        )

    @audited("converted-contacts")
    def audit_converted_contacts(self) -> Select[*tuple[Any, ...]]:
        """Return the contacts that leads were converted to of late (SA-19)."""
        return select(Lead.contact_id.label("id"), Lead.updated_at.label("changed_at")).where(
            Lead.status == CONVERTED, Lead.contact_id.is_not(None), Lead.updated_at > utcnow() - KEPT
        )

    @audited("converted-opportunities")
    def audit_converted_opportunities(self) -> Select[*tuple[Any, ...]]:
        """Return the opportunities that leads were converted to (SA-19)."""
        return select(Lead.opportunity_id.label("id"), Lead.updated_at.label("changed_at")).where(
            Lead.status == CONVERTED, Lead.opportunity_id.is_not(None)
        )

    @audited("converted-opportunities", owner="sales", holds_more=True)
    def audit_opportunities(self) -> Select[*tuple[Any, ...]]:
        """Return the opportunities there are."""
        return select(Opportunity.id)
