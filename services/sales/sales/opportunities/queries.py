"""Lists of opportunities, and their sums."""

from sqlalchemy import func

from sales.opportunities.model import Opportunity
from sales.opportunities.schemas import OpportunitySchema, OpportunityTotalSchema
from servicekit import Deed, Noun, Sort, Totals

QUIET_SINCE = func.coalesce(Opportunity.last_activity_at, Opportunity.created_at)
"""Where nothing was done yet it has been quiet since it was noted. The order by it has an index."""

EXAMPLE = {
    "opportunity_id": "01936f3a-7c00-7000-8000-000000000005",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
}
MOVES = "moves with each activity without a new version: the events of activities tell the time"
CUSTOMERS_OWN = "customer.updated tells it, and nothing here when it changes"
LEFT_OUT = {"customer_name": CUSTOMERS_OWN, "last_activity_at": MOVES}
"""What events about an opportunity do not carry, each with the reason."""

OPPORTUNITIES = Noun(
    Opportunity,
    OpportunitySchema,
    "/v1/opportunities",
    label=("商机", "Opportunities"),
    row="SA-25",
    filters="name~ customer_id product_id status stage owner_id amount currency probability importance source type "
    "reason expected_close_on started_on closed_on last_activity_at",
    sorts="created_at amount started_on expected_close_on name",
    also_filters={"quiet_since": QUIET_SINCE},
    also_sorts={"last_activity_at": Sort(Opportunity.last_activity_at, otherwise=Opportunity.created_at)},
    deeds={"close": Deed(("赢单和输单", "Win and lose"))},
    tells="created updated",
    leaves_out=LEFT_OUT,
    example=EXAMPLE,
)

OPPORTUNITY_TOTALS = Totals(
    OPPORTUNITIES,
    OpportunityTotalSchema,
    by=(Opportunity.stage, Opportunity.currency),
    sums={"amount": Opportunity.amount},
)
