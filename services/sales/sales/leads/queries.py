"""Lists of leads."""

from sales.leads.model import Lead
from sales.leads.schemas import LeadSchema
from servicekit import Listing, Search

LEADS = Listing(
    Lead,
    LeadSchema,
    "lead.read",
    filters={
        "search": Search(Lead.company_name, also=(Lead.contact_name, Lead.mobile, Lead.phone)),
        "company_name": Search(Lead.company_name),
        "contact_name": Search(Lead.contact_name),
        "mobile": Search(Lead.mobile),
        "phone": Search(Lead.phone),
        "email": Lead.email,
        "remark": Search(Lead.remark),
        "status": Lead.status,
        "source": Lead.source,
        "priority": Lead.priority,
        "owner_id": Lead.owner_id,
        "customer_id": Lead.customer_id,
        "last_activity_at": Lead.last_activity_at,
    },
    sorts={"created_at": Lead.created_at, "company_name": Lead.company_name},
)
