"""What can be asked about activities: whoever may see a lead or an opportunity may read and write them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sales.activities.model import Activity, note_last_activity
from sales.activities.queries import LEAD_ACTIVITIES, OPPORTUNITY_ACTIVITIES
from sales.activities.schemas import SalesActivitySchema
from sales.events import LeadActivityRecorded, OpportunityActivityRecorded
from sales.leads.model import Lead
from sales.opportunities.model import Opportunity
from servicekit import Caller, load, operation, publish


@LEAD_ACTIVITIES.operations("list get")
@OPPORTUNITY_ACTIVITIES.operations("list get")
class ActivityOperations:
    """What was done with a lead or an opportunity (SA-29, CU-56)."""

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
