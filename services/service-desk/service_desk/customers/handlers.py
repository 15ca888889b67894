"""What the service desk does when customers change or are merged."""

from service_desk.cases.model import Case
from service_desk.customers.model import CustomerCopy
from service_desk.events import CaseUpdated
from servicekit import Follows, Relink


class CustomerHandlers(
    Follows,
    copy=CustomerCopy,
    source="customer",
    noun="customer",
    told=("created", "updated", "invalidated"),
    ended=("invalid",),
    relinks=(Relink(Case.customer_id, CaseUpdated.of),),
):
    """Keeps the copy of customers, and every case with the customer that lives on (SA-19)."""
