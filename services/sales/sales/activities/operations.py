"""What can be asked about activities: whoever may see a lead or an opportunity may read and write them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sales.activities.model import Activity, note_last_activity
from sales.activities.queries import (
    OF_A_LEAD,
    OF_ALL_LEADS,
    OF_ALL_OPPORTUNITIES,
    OF_AN_OPPORTUNITY,
    with_their_lead,
    with_their_opportunity,
)
from sales.activities.schemas import SalesActivitySchema
from sales.events import LeadActivityRecorded, OpportunityActivityRecorded
from sales.leads.model import Lead
from sales.leads.queries import LEADS
from sales.opportunities.model import Opportunity
from sales.opportunities.queries import OPPORTUNITIES
from servicekit import Caller, load, load_part, operation, publish


class ActivityOperations:
    """What was done with a lead or an opportunity (SA-29, CU-56)."""

    @operation("GET /v1/lead-activities", lists=OF_ALL_LEADS, tag="leads")
    def list_all_lead_activities(
        self, session: Session, caller: Caller, query: dict[str, str]
    ) -> dict[str, Any]:
        """List what was done with all leads, newest first (CU-56).

        What was said to a customer before it was one is found by ``filter[customer_id]``, by whoever may see the lead
        or the customer; ``filter[opportunity_id]`` asks for the opportunity that a lead has become. My follow-ups that
        are due: as of ``GET /v1/activities``.
        """
        return OF_ALL_LEADS.page(session, caller, query, *with_their_lead(session, caller))

    @operation("GET /v1/opportunity-activities", lists=OF_ALL_OPPORTUNITIES, tag="opportunities")
    def list_all_opportunity_activities(
        self, session: Session, caller: Caller, query: dict[str, str]
    ) -> dict[str, Any]:
        """List what was done about all opportunities, newest first (SA-29).

        My follow-ups that are due: as of ``GET /v1/activities``.
        """
        return OF_ALL_OPPORTUNITIES.page(session, caller, query, *with_their_opportunity(session, caller))

    @operation("GET /v1/leads/{lead_id}/activities", lists=OF_A_LEAD, tag="leads")
    def list_lead_activities(
        self, session: Session, caller: Caller, lead_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List what was done with a lead, newest first; it may not be a customer yet (CU-56)."""
        lead = LEADS.record(session, caller, lead_id)
        return OF_A_LEAD.page(session, caller, query, Activity.lead_id == lead.id)

    @operation(
        "POST /v1/leads/{lead_id}/activities",
        permission="lead.read",
        accepts=SalesActivitySchema,
        returns=SalesActivitySchema,
        creates=True,
        tag="leads",
    )
    def create_lead_activity(
        self, session: Session, caller: Caller, lead_id: UUID, data: dict[str, Any]
    ) -> Activity:
        """Write down what was done with a lead; whoever may see it may (CU-56)."""
        lead = load(session, Lead, lead_id, caller, "lead.read")
        activity = Activity(lead_id=lead.id, author_id=caller.account_id, **data)
        session.add(activity)
        note_last_activity(session, Lead, activity.occurred_at, Lead.id == lead.id)
        publish(session, lead, LeadActivityRecorded.of(activity, owner_id=lead.owner_id))
        return activity

    @operation(
        "GET /v1/leads/{lead_id}/activities/{activity_id}",
        permission="lead.read",
        returns=SalesActivitySchema,
        tag="leads",
        errors=("lead-not-found", "activity-not-found"),
    )
    def get_lead_activity(
        self, session: Session, caller: Caller, lead_id: UUID, activity_id: UUID
    ) -> Activity:
        """Return one of the things that were done with a lead (CU-56)."""
        lead = LEADS.record(session, caller, lead_id)
        return load_part(session, Activity, activity_id, "activity", lead_id=lead.id)

    @operation(
        "GET /v1/opportunities/{opportunity_id}/activities", lists=OF_AN_OPPORTUNITY, tag="opportunities"
    )
    def list_opportunity_activities(
        self, session: Session, caller: Caller, opportunity_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List what was done about an opportunity, newest first (SA-29)."""
        opportunity = OPPORTUNITIES.record(session, caller, opportunity_id)
        return OF_AN_OPPORTUNITY.page(session, caller, query, Activity.opportunity_id == opportunity.id)

    @operation(
        "POST /v1/opportunities/{opportunity_id}/activities",
        permission="opportunity.read",
        accepts=SalesActivitySchema,
        returns=SalesActivitySchema,
        creates=True,
        tag="opportunities",
    )
    def create_opportunity_activity(
        self, session: Session, caller: Caller, opportunity_id: UUID, data: dict[str, Any]
    ) -> Activity:
        """Write down what was done about an opportunity; whoever may see it may (SA-29)."""
        opportunity = load(session, Opportunity, opportunity_id, caller, "opportunity.read")
        activity = Activity(opportunity_id=opportunity.id, author_id=caller.account_id, **data)
        session.add(activity)
        note_last_activity(session, Opportunity, activity.occurred_at, Opportunity.id == opportunity.id)
        told = OpportunityActivityRecorded.of(activity, owner_id=opportunity.owner_id)
        publish(session, opportunity, told)
        return activity

    @operation(
        "GET /v1/opportunities/{opportunity_id}/activities/{activity_id}",
        permission="opportunity.read",
        returns=SalesActivitySchema,
        tag="opportunities",
        errors=("opportunity-not-found", "activity-not-found"),
    )
    def get_opportunity_activity(
        self, session: Session, caller: Caller, opportunity_id: UUID, activity_id: UUID
    ) -> Activity:
        """Return one of the things that were done about an opportunity (SA-29)."""
        opportunity = OPPORTUNITIES.record(session, caller, opportunity_id)
        return load_part(session, Activity, activity_id, "activity", opportunity_id=opportunity.id)
