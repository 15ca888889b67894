"""What can be asked about opportunities."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sales.customer_copy import named_customer
from sales.events import (
    OpportunityLost,
    OpportunityReopened,
    OpportunityWon,
)
from sales.opportunities.competitors import compete_again
from sales.opportunities.model import Opportunity
from sales.opportunities.queries import OPPORTUNITIES, OPPORTUNITY_TOTALS
from sales.opportunities.schemas import (
    AdvanceOpportunitySchema,
    LoseOpportunitySchema,
    OpportunitySchema,
    WinOpportunitySchema,
)
from sales.products import check_product
from servicekit import OWNER_REFUSED, Caller, check_new_owner, operation, publish

CLOSE = "opportunity.close"
CLOSED = "opportunity-already-closed"
REFERENCES = (*OWNER_REFUSED, "unknown-customer", "customer-invalid")


@OPPORTUNITIES.operations("list get restate shares team access copied")
class OpportunityOperations:
    """Opportunities, from prospecting to won or lost."""

    @operation("GET /v1/opportunities/totals", lists=OPPORTUNITY_TOTALS)
    def total_opportunities(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """Count and sum up the opportunities the caller may see, by stage and currency (SA-32, SA-33).

        What a board says above its columns, over all of them and not a page.
        """
        return OPPORTUNITY_TOTALS.page(session, caller, query)

    @operation(
        "POST /v1/opportunities",
        permission=OPPORTUNITIES.writing,
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
        publish(session, opportunity, OPPORTUNITIES.created.of(opportunity))
        return opportunity

    @operation(
        "PATCH /v1/opportunities/{opportunity_id}",
        permission=OPPORTUNITIES.writing,
        accepts=OpportunitySchema,
        returns=OpportunitySchema,
        errors=(CLOSED, "stale-version", *REFERENCES),
    )
    def update_opportunity(
        self, session: Session, caller: Caller, opportunity_id: UUID, data: dict[str, Any]
    ) -> Opportunity:
        """Change what is known of an opportunity; figures and stage only while it is open (SA-25, SA-33)."""
        opportunity = OPPORTUNITIES.load(session, caller, opportunity_id)
        opportunity.fill_in(**_with_references(session, caller, data, opportunity))
        publish(session, opportunity, OPPORTUNITIES.updated.of(opportunity))
        return opportunity

    @OPPORTUNITIES.action(
        "advance", accepts=AdvanceOpportunitySchema, does=Opportunity.advance, tells=OPPORTUNITIES.updated,
        errors=(CLOSED,),
    )  # fmt: skip
    def advance_opportunity(self, opportunity: Opportunity, data: dict[str, Any]) -> None:
        """Enter another stage; stages may be skipped (SA-33)."""
        opportunity.advance(data["stage"])

    @OPPORTUNITIES.action(
        "win", permission=CLOSE, accepts=WinOpportunitySchema, does=Opportunity.win, tells=OpportunityWon,
        errors=(CLOSED,),
    )  # fmt: skip
    def win_opportunity(self, opportunity: Opportunity, data: dict[str, Any]) -> None:
        """Close an opportunity as won, for the amount expected or the one named (SA-35)."""
        opportunity.win(**data)

    @OPPORTUNITIES.action(
        "lose", permission=CLOSE, accepts=LoseOpportunitySchema, does=Opportunity.lose, tells=OpportunityLost,
        errors=(CLOSED,),
    )  # fmt: skip
    def lose_opportunity(self, opportunity: Opportunity, data: dict[str, Any]) -> None:
        """Close an opportunity as lost, with a reason from the list (SA-35)."""
        opportunity.lose(**data)

    @OPPORTUNITIES.action(
        "reopen", permission=CLOSE, does=Opportunity.reopen, tells=OpportunityReopened,
        errors=("opportunity-not-closed",),
    )  # fmt: skip
    def reopen_opportunity(self, opportunity: Opportunity, session: Session) -> None:
        """Go on with an opportunity that was closed too early, in the stage it was in (SA-35)."""
        opportunity.reopen()
        compete_again(session, opportunity)


def _with_references(
    session: Session, caller: Caller, data: dict[str, Any], present: Opportunity | None = None
) -> dict[str, Any]:
    """Return what a request says, with the customer that stands today for the one it names, if all may be named.

    Args:
        present: the opportunity that is changed. What stays as it is names nobody anew; a form may come back whole
            when its customer is gone.
    """
    if "owner_id" in data:
        check_new_owner(session, caller, OPPORTUNITIES.writing, data["owner_id"], present)
    check_product(session, data.get("product_id"))
    customer_id = data.get("customer_id")
    if customer_id is None or (present is not None and customer_id == present.customer_id):
        return data
    return {**data, "customer_id": named_customer(session, caller, customer_id)}
