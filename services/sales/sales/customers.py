"""What sales does when the customer service tells of customers: the copy is kept, merged ones are re-linked."""

from sales.customer_copy import CustomerCopy
from sales.leads.model import Lead
from sales.leads.queries import LEADS
from sales.opportunities.model import Opportunity
from sales.opportunities.queries import OPPORTUNITIES
from servicekit import Follows, Relink


class CustomerHandlers(
    Follows,
    copy=CustomerCopy,
    relinks=(
        Relink(Opportunity.customer_id, OPPORTUNITIES.updated.of),
        Relink(Lead.customer_id, LEADS.updated.of),
    ),
):
    """Keeps the copy of customers, and every opportunity and lead with the customer that lives on (SA-19)."""
