"""Lists of opportunities, and their sums."""

from sqlalchemy import func

from sales.opportunities.model import Opportunity
from sales.opportunities.schemas import OpportunitySchema, OpportunityTotalSchema
from servicekit import Listing, Search, Sort, Totals

QUIET_SINCE = func.coalesce(Opportunity.last_activity_at, Opportunity.created_at)
"""Where nothing was done yet it has been quiet since it was noted. The order by it has an index."""

OPPORTUNITIES = Listing(
    Opportunity,
    OpportunitySchema,
    "opportunity.read",
    filters={
        "name": Search(Opportunity.name),
        "customer_id": Opportunity.customer_id,
        "product_id": Opportunity.product_id,
        "status": Opportunity.status,
        "stage": Opportunity.stage,
        "owner_id": Opportunity.owner_id,
        "amount": Opportunity.amount,
        "currency": Opportunity.currency,
        "probability": Opportunity.probability,
        "importance": Opportunity.importance,
        "source": Opportunity.source,
        "type": Opportunity.type,
        "reason": Opportunity.reason,
        "expected_close_on": Opportunity.expected_close_on,
        "started_on": Opportunity.started_on,
        "closed_on": Opportunity.closed_on,
        "last_activity_at": Opportunity.last_activity_at,
        "quiet_since": QUIET_SINCE,
    },
    sorts={
        "created_at": Opportunity.created_at,
        "amount": Opportunity.amount,
        "started_on": Opportunity.started_on,
        "expected_close_on": Opportunity.expected_close_on,
        "name": Opportunity.name,
        "last_activity_at": Sort(Opportunity.last_activity_at, otherwise=Opportunity.created_at),
    },
)

OPPORTUNITY_TOTALS = Totals(
    OPPORTUNITIES,
    OpportunityTotalSchema,
    by=(Opportunity.stage, Opportunity.currency),
    sums={"amount": Opportunity.amount},
)
