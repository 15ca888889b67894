"""What sales does when the customer service tells of customers: the copy is kept, merged ones are re-linked."""

from typing import Any

from sales.customer_copy import CustomerCopy
from sales.leads.model import Lead
from sales.leads.queries import LEADS
from sales.opportunities.model import Opportunity
from sales.opportunities.queries import OPPORTUNITIES
from servicekit import Follows, Relink
from servicekit.base.texts import name_key


def comparing_name(customer: Any) -> str | None:
    """Return what a conversion finds a company by; two persons may share a name (SA-19)."""
    return None if customer.kind == "person" else name_key(customer.name)


class CustomerHandlers(
    Follows,
    copy=CustomerCopy,
    source="customer",
    noun="customer",
    shared=True,
    told=("created", "updated", "invalidated"),
    ended=("invalid",),
    relinks=(
        Relink(Opportunity.customer_id, OPPORTUNITIES.updated.of),
        Relink(Lead.customer_id, LEADS.updated.of),
    ),
    derived={"normalised_name": comparing_name},
    needs={"kind": "company"},
):
    """Keeps the copy of customers, and every opportunity and lead with the customer that lives on (SA-19)."""
