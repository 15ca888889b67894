"""What can be asked about opportunities."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sales.customer_copy import named_customer
from sales.events import (
    OpportunityCreated,
    OpportunityLost,
    OpportunityReopened,
    OpportunityUpdated,
    OpportunityWon,
)
from sales.opportunities.model import Opportunity
from sales.opportunities.queries import OPPORTUNITIES, OPPORTUNITY_TOTALS
from sales.opportunities.schemas import (
    AdvanceOpportunitySchema,
    LoseOpportunitySchema,
    OpportunitySchema,
    WinOpportunitySchema,
)
from sales.products import check_product
from servicekit import Caller, check_new_owner, load, operation, publish

CLOSED = "opportunity-already-closed"
REFERENCES = ("unknown-account", "account-left", "owner-out-of-reach", "unknown-customer", "customer-invalid")


@OPPORTUNITIES.operations("shares team access")
class OpportunityOperations:
    """Opportunities, from prospecting to won or lost."""

    @operation("GET /v1/opportunities", lists=OPPORTUNITIES)
    def list_opportunities(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the opportunities the caller may see (SA-27, SA-32)."""
        return OPPORTUNITIES.page(session, caller, query)

    @operation("GET /v1/opportunities/totals", lists=OPPORTUNITY_TOTALS)
    def total_opportunities(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """Count and sum up the opportunities the caller may see, by stage and currency (SA-32, SA-33).

        What a board says above its columns, over all of them and not a page.
        """
        return OPPORTUNITY_TOTALS.page(session, caller, query)

    @operation(
        "GET /v1/opportunities/{opportunity_id}", permission="opportunity.read", returns=OpportunitySchema
    )
    def get_opportunity(self, session: Session, caller: Caller, opportunity_id: UUID) -> Any:
        """Return one opportunity (SA-25)."""
        return OPPORTUNITIES.record(session, caller, opportunity_id)

    @operation(
        "POST /v1/opportunities",
        permission="opportunity.write",
        accepts=OpportunitySchema,
        returns=OpportunitySchema,
        creates=True,
        errors=REFERENCES,
    )
    def create_opportunity(self, session: Session, caller: Caller, data: dict[str, Any]) -> Opportunity:
        """Note an opportunity, with or without a customer; it is the caller's own unless said otherwise (SA-25)."""
        opportunity = Opportunity()
        opportunity.fill_in(**_with_references(session, caller, {"owner_id": caller.account_id, **data}))
        session.add(opportunity)
        publish(session, opportunity, OpportunityCreated.of(opportunity))
        return opportunity

    @operation(
        "PATCH /v1/opportunities/{opportunity_id}",
        permission="opportunity.write",
        accepts=OpportunitySchema,
        returns=OpportunitySchema,
        errors=(CLOSED, "stale-version", *REFERENCES),
    )
    def update_opportunity(
        self, session: Session, caller: Caller, opportunity_id: UUID, data: dict[str, Any]
    ) -> Opportunity:
        """Change what is known of an opportunity; figures and stage only while it is open (SA-25, SA-33)."""
        opportunity = load(session, Opportunity, opportunity_id, caller, "opportunity.write")
        opportunity.fill_in(**_with_references(session, caller, data, opportunity))
        publish(session, opportunity, OpportunityUpdated.of(opportunity))
        return opportunity

    @operation(
        "POST /v1/opportunities/{opportunity_id}/advance",
        permission="opportunity.write",
        accepts=AdvanceOpportunitySchema,
        returns=OpportunitySchema,
        does=Opportunity.advance,
        errors=(CLOSED,),
    )
    def advance_opportunity(
        self, session: Session, caller: Caller, opportunity_id: UUID, data: dict[str, Any]
    ) -> Opportunity:
        """Enter another stage; stages may be skipped (SA-33)."""
        opportunity = load(session, Opportunity, opportunity_id, caller, "opportunity.write")
        opportunity.advance(data["stage"])
        publish(session, opportunity, OpportunityUpdated.of(opportunity))
        return opportunity

    @operation(
        "POST /v1/opportunities/{opportunity_id}/win",
        permission="opportunity.close",
        accepts=WinOpportunitySchema,
        returns=OpportunitySchema,
        does=Opportunity.win,
        errors=(CLOSED,),
    )
    def win_opportunity(
        self, session: Session, caller: Caller, opportunity_id: UUID, data: dict[str, Any]
    ) -> Opportunity:
        """Close an opportunity as won, for the amount expected or the one named (SA-35)."""
        opportunity = load(session, Opportunity, opportunity_id, caller, "opportunity.close")
        opportunity.win(**data)
        publish(session, opportunity, OpportunityWon.of(opportunity))
        return opportunity

    @operation(
        "POST /v1/opportunities/{opportunity_id}/lose",
        permission="opportunity.close",
        accepts=LoseOpportunitySchema,
        returns=OpportunitySchema,
        does=Opportunity.lose,
        errors=(CLOSED,),
    )
    def lose_opportunity(
        self, session: Session, caller: Caller, opportunity_id: UUID, data: dict[str, Any]
    ) -> Opportunity:
        """Close an opportunity as lost, with a reason from the list (SA-35)."""
        opportunity = load(session, Opportunity, opportunity_id, caller, "opportunity.close")
        opportunity.lose(**data)
        publish(session, opportunity, OpportunityLost.of(opportunity))
        return opportunity

    @operation(
        "POST /v1/opportunities/{opportunity_id}/reopen",
        permission="opportunity.close",
        returns=OpportunitySchema,
        does=Opportunity.reopen,
        errors=("opportunity-not-closed",),
    )
    def reopen_opportunity(self, session: Session, caller: Caller, opportunity_id: UUID) -> Opportunity:
        """Go on with an opportunity that was closed too early, in the stage it was in (SA-35)."""
        opportunity = load(session, Opportunity, opportunity_id, caller, "opportunity.close")
        opportunity.reopen()
        publish(session, opportunity, OpportunityReopened.of(opportunity))
        return opportunity


def _with_references(
    session: Session, caller: Caller, data: dict[str, Any], present: Opportunity | None = None
) -> dict[str, Any]:
    """Return what a request says, with the customer that stands today for the one it names, if all may be named.

    Args:
        present: the opportunity that is changed. What stays as it is names nobody anew; a form may come back whole
            when its customer is gone.
    """
    if "owner_id" in data:
        check_new_owner(session, caller, "opportunity.write", data["owner_id"], present)
    check_product(session, data.get("product_id"))
    customer_id = data.get("customer_id")
    if customer_id is None or (present is not None and customer_id == present.customer_id):
        return data
    return {**data, "customer_id": named_customer(session, caller, customer_id)}
