"""Leads as a noun: how they are listed, named and shared."""

from sales.leads.model import Lead
from sales.leads.schemas import LeadSchema
from sales.opportunities.queries import MOVES
from servicekit import Deed, Noun, Search

LEADS = Noun(
    Lead,
    LeadSchema,
    "/v1/leads",
    label=("线索", "Leads"),
    row="SA-09",
    filters="company_name~ contact_name~ mobile~ phone~ email remark~ status source priority owner_id customer_id "
    "last_activity_at pool_id claim_state claimed_at",
    sorts="created_at company_name",
    also_filters={"search": Search(Lead.company_name, also=(Lead.contact_name, Lead.mobile, Lead.phone))},
    deeds={"convert": Deed(("转为客户", "Convert"))},
    tells="created updated",
    leaves_out={"last_activity_at": MOVES, "glimpse": "how much is shown depends on who looks"},
    change_errors=("lead-closed", "lead-already-converted"),
    glimpse="company_name contact_name status source priority owner_id pool_id claim_state claimed_at "
    "last_activity_at",
    example={
        "lead_id": "01936f3a-7c00-7000-8000-000000000001",
        "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    },
)
