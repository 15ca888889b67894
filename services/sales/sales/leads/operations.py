"""What can be asked about leads."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from sales.customer_copy import CustomerCopy, named_customer
from sales.events import LeadCreated, LeadUpdated
from sales.leads.conversion import Conversion, convert_lead
from sales.leads.model import Lead
from sales.leads.queries import LEADS
from sales.leads.schemas import CloseLeadSchema, ConversionSchema, ConvertLeadSchema, LeadSchema
from servicekit import Caller, Parameter, check_known, check_new_owner, load, operation, publish

OWNERS = ("unknown-account", "account-left", "owner-out-of-reach")
MOST_CONVERSIONS_AN_HOUR = Parameter("sales.conversions_an_hour", 300)
"""More than anybody converts by hand, and too few to read out whose customers there are."""

CHANGE_ERRORS = ("lead-already-contacted", "lead-already-converted", "lead-closed", "stale-version")


class LeadOperations:
    """Leads, from untouched to converted."""

    @operation("GET /v1/leads", lists=LEADS)
    def list_leads(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the leads the caller may see (SA-09)."""
        return LEADS.page(session, caller, query)

    @operation("GET /v1/leads/{lead_id}", permission="lead.read", returns=LeadSchema)
    def get_lead(self, session: Session, caller: Caller, lead_id: UUID) -> Any:
        """Return one lead (SA-09)."""
        return LEADS.record(session, caller, lead_id)

    @operation(
        "POST /v1/leads",
        permission="lead.write",
        accepts=LeadSchema,
        returns=LeadSchema,
        creates=True,
        errors=OWNERS,
    )
    def create_lead(self, session: Session, caller: Caller, data: dict[str, Any]) -> Lead:
        """Note a lead; it is untouched and the caller's own unless said otherwise (SA-09, SA-10)."""
        owned = {"owner_id": caller.account_id, **data}
        check_new_owner(session, caller, "lead.write", owned["owner_id"])
        lead = Lead()
        lead.fill_in(**owned)
        session.add(lead)
        publish(session, lead, LeadCreated.of(lead))
        return lead

    @operation(
        "PATCH /v1/leads/{lead_id}",
        permission="lead.write",
        accepts=LeadSchema,
        returns=LeadSchema,
        does=Lead.fill_in,
        errors=(*CHANGE_ERRORS, *OWNERS),
    )
    def update_lead(self, session: Session, caller: Caller, lead_id: UUID, data: dict[str, Any]) -> Lead:
        """Change what is known of a lead, or move it on with ``status`` (SA-09, SA-10)."""
        lead = load(session, Lead, lead_id, caller, "lead.write")
        if "owner_id" in data:
            check_new_owner(session, caller, "lead.write", data["owner_id"])
        lead.fill_in(**data)
        publish(session, lead, LeadUpdated.of(lead))
        return lead

    @operation(
        "POST /v1/leads/{lead_id}/contacted",
        permission="lead.write",
        returns=LeadSchema,
        does=Lead.contacted,
        errors=CHANGE_ERRORS,
    )
    def contact_lead(self, session: Session, caller: Caller, lead_id: UUID) -> Lead:
        """Note that somebody has spoken with the lead (SA-10)."""
        lead = load(session, Lead, lead_id, caller, "lead.write")
        lead.contacted()
        publish(session, lead, LeadUpdated.of(lead))
        return lead

    @operation(
        "POST /v1/leads/{lead_id}/close",
        permission="lead.write",
        accepts=CloseLeadSchema,
        returns=LeadSchema,
        does=Lead.close,
        errors=CHANGE_ERRORS,
    )
    def close_lead(self, session: Session, caller: Caller, lead_id: UUID, data: dict[str, Any]) -> Lead:
        """Close a lead that nothing comes of (SA-10, SA-16)."""
        lead = load(session, Lead, lead_id, caller, "lead.write")
        lead.close(data["reason"])
        publish(session, lead, LeadUpdated.of(lead))
        return lead

    @operation(
        "POST /v1/leads/{lead_id}/reopen",
        permission="lead.write",
        returns=LeadSchema,
        does=Lead.reopen,
        errors=("lead-not-closed",),
    )
    def reopen_lead(self, session: Session, caller: Caller, lead_id: UUID) -> Lead:
        """Take a closed lead up again (SA-10)."""
        lead = load(session, Lead, lead_id, caller, "lead.write")
        lead.reopen()
        publish(session, lead, LeadUpdated.of(lead))
        return lead

    @operation(
        "POST /v1/leads/{lead_id}/convert",
        permission="lead.convert",
        accepts=ConvertLeadSchema,
        returns=ConversionSchema,
        does=Lead.convert,
        most_an_hour=MOST_CONVERSIONS_AN_HOUR,
        errors=(
            "lead-already-converted",
            "lead-closed",
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
        lead = load(session, Lead, lead_id, caller, "lead.convert")
        chosen = data["customer_id"] and named_customer(session, caller, data["customer_id"])
        if chosen:
            check_known(session, CustomerCopy, chosen, field="customer_id", noun="customer")
        return convert_lead(session, lead, data["opportunity"], chosen)
