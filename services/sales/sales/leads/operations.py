"""What can be asked about leads."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sales.customer_copy import CustomerCopy, named_customer
from sales.leads.conversion import Conversion, convert_lead
from sales.leads.model import Lead
from sales.leads.queries import LEADS
from sales.leads.schemas import (
    CloseLeadSchema,
    ConversionSchema,
    ConvertLeadSchema,
    LeadSchema,
    NewLeadSchema,
)
from servicekit import Caller, Conflict, Parameter, check_known, check_new_owner, operation, publish
from servicekit.nouns.giving import lies_in_no_pool
from servicekit.nouns.pool_rules import NEW_IN_POOL, check_new

OWNERS = ("unknown-account", "account-left", "owner-out-of-reach")
MOST_CONVERSIONS_AN_HOUR = Parameter("sales.conversions_an_hour", 300)
"""More than anybody converts by hand, and too few to read out whose customers there are."""

CHANGE_ERRORS = ("lead-already-contacted", "lead-already-converted", "lead-closed", "stale-version")


@LEADS.operations("list get restate shares team access pools copied")
class LeadOperations:
    """Leads, from untouched to converted."""

    @operation(
        "POST /v1/leads",
        permission=LEADS.writing,
        accepts=NewLeadSchema,
        returns=LeadSchema,
        creates=True,
        errors=(*OWNERS, *NEW_IN_POOL),
    )
    def create_lead(self, session: Session, caller: Caller, data: dict[str, Any]) -> Lead:
        """Note a lead; it is untouched and the caller's own unless said otherwise (SA-09, SA-10).

        In a pool, where it names one and is unclaimed: then whoever belongs to the pool claims it (SA-103).
        """
        owned = {"owner_id": caller.account_id, **data}
        check_new_owner(session, caller, LEADS.writing, owned["owner_id"])
        check_new(LEADS, session, caller, owned["pool_id"], owned["claim_state"])
        lead = Lead()
        lead.fill_in(**owned)
        session.add(lead)
        publish(session, lead, LEADS.created.of(lead))
        return lead

    @operation(
        "PATCH /v1/leads/{lead_id}",
        permission=LEADS.writing,
        accepts=LeadSchema,
        returns=LeadSchema,
        does=Lead.fill_in,
        errors=(*CHANGE_ERRORS, *OWNERS),
    )
    def update_lead(self, session: Session, caller: Caller, lead_id: UUID, data: dict[str, Any]) -> Lead:
        """Change what is known of a lead, or move it on with ``status`` (SA-09, SA-10)."""
        lead = LEADS.load(session, caller, lead_id)
        if "owner_id" in data:
            check_new_owner(session, caller, LEADS.writing, data["owner_id"], lead)
        lead.fill_in(**data)
        publish(session, lead, LEADS.updated.of(lead))
        return lead

    @LEADS.action("contacted", does=Lead.contacted, tells=LEADS.updated, errors=CHANGE_ERRORS)
    def contact_lead(self, lead: Lead) -> None:
        """Note that somebody has spoken with the lead (SA-10)."""
        lead.contacted()

    @LEADS.action(
        "close", accepts=CloseLeadSchema, does=Lead.close, tells=LEADS.updated, errors=CHANGE_ERRORS
    )
    def close_lead(self, lead: Lead, data: dict[str, Any]) -> None:
        """Close a lead that nothing comes of (SA-10, SA-16)."""
        lead.close(data["reason"])

    @LEADS.action("reopen", does=Lead.reopen, tells=LEADS.updated, errors=("lead-not-closed",))
    def reopen_lead(self, lead: Lead) -> None:
        """Take a closed lead up again (SA-10)."""
        lead.reopen()

    @operation(
        "POST /v1/leads/{lead_id}/convert",
        permission="lead.convert",
        accepts=ConvertLeadSchema,
        returns=ConversionSchema,
        does=Lead.convert,
        only_if=lies_in_no_pool,
        most_an_hour=MOST_CONVERSIONS_AN_HOUR,
        errors=(
            "lead-already-converted",
            "lead-closed",
            "lies-in-pool",
            "rate-limited",
            "unknown-customer",
            "customer-invalid",
        ),
    )
    def convert_lead(
        self, session: Session, caller: Caller, lead_id: UUID, data: dict[str, Any]
    ) -> Conversion:
        """Turn a lead into a customer with a contact and, if wanted, an opportunity (SA-19).

        The customer is the one that is named, which the caller has to see. Where none is, a company that is a customer
        already is taken, whoever owns it: the answer says whose it is. An account converts so many an hour: nobody
        reads out everybody's customers this way.
        """
        lead = LEADS.load(session, caller, lead_id, "lead.convert")
        if not lies_in_no_pool(session, caller, lead):
            raise Conflict("lies-in-pool", "It lies in a pool: whoever claims it converts it.")
        chosen = data["customer_id"] and named_customer(session, caller, data["customer_id"])
        if chosen:
            check_known(session, CustomerCopy, chosen, field="customer_id", noun="customer")
        return convert_lead(session, lead, data["opportunity"], chosen)
