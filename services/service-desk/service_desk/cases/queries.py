"""The list of cases."""

from service_desk.cases.model import PRIORITIES, Case
from service_desk.cases.schemas import CaseSchema
from servicekit import Listing, Search, Sort

CASES = Listing(
    Case,
    CaseSchema,
    "case.read",
    filters={
        "search": Search(Case.subject, also=(Case.number, Case.phone)),
        "number": Case.number,
        "subject": Search(Case.subject),
        "status": Case.status,
        "customer_id": Case.customer_id,
        "customer_owner_id": Case.customer_owner_id,
        "contact_id": Case.contact_id,
        "owner_id": Case.owner_id,
        "handler_id": Case.handler_id,
        "opened_by": Case.opened_by,
        "priority": Case.priority,
        "channel": Case.channel,
        "source": Case.source,
        "kind": Case.kind,
        "serial_number": Case.serial_number,
        "phone": Search(Case.phone),
        "rating": Case.rating,
        "closed_at": Case.closed_at,
    },
    sorts={
        "created_at": Case.created_at,
        "updated_at": Case.updated_at,
        "number": Case.number,
        "priority": Sort(Case.priority, ranks=tuple(PRIORITIES)),
    },
)
