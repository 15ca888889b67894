"""What sales does when the customer service tells of customers: the copy is kept, merged ones are re-linked."""

from typing import ClassVar
from uuid import UUID

from sqlalchemy.orm import Session

from sales.customer_copy import CustomerCopy
from sales.events import LeadUpdated, OpportunityUpdated
from sales.leads.model import Lead
from sales.opportunities.model import Opportunity
from servicekit import Event, Relink, keep_copy, keep_merger, listens
from servicekit.following import relink
from servicekit.texts import name_key


class CustomerToldOf(Event):
    """What sales needs to know of a customer."""

    source: ClassVar[str] = "customer"

    customer_id: UUID
    name: str
    owner_id: UUID | None = None
    kind: str = "company"
    status: str = ""
    version: int


class CustomerCreated(CustomerToldOf):
    """A customer was created."""

    type: ClassVar[str] = "customer.created"


class CustomerUpdated(CustomerToldOf):
    """A customer was changed."""

    type: ClassVar[str] = "customer.updated"


class CustomerInvalidated(CustomerToldOf):
    """A customer is out of use; nothing new is to be linked to it."""

    type: ClassVar[str] = "customer.invalidated"


class CustomerMerged(Event):
    """A customer went into another (CU-03)."""

    source: ClassVar[str] = "customer"
    type: ClassVar[str] = "customer.merged"

    customer_id: UUID
    """The one that goes."""
    kept_customer_id: UUID


OF_CUSTOMERS = (
    Relink(Opportunity.customer_id, OpportunityUpdated.of),
    Relink(Lead.customer_id, LeadUpdated.of),
)
"""What is linked anew when two customers become one."""


class CustomerHandlers:
    """Follows the customer service."""

    @listens(CustomerCreated)
    def follow_new_customer(self, session: Session, customer: CustomerCreated) -> None:
        """Keep the customer's name for lists and for conversions (SA-19)."""
        _keep(session, customer)

    @listens(CustomerUpdated)
    def follow_changed_customer(self, session: Session, customer: CustomerUpdated) -> None:
        """Keep the customer's name as it is now."""
        _keep(session, customer)

    @listens(CustomerInvalidated)
    def follow_invalid_customer(self, session: Session, customer: CustomerInvalidated) -> None:
        """No conversion finds the customer any more, and no new opportunity names it (SA-19, SA-25)."""
        _keep(session, customer)

    @listens(CustomerMerged)
    def follow_merge(self, session: Session, merge: CustomerMerged) -> None:
        """Link the opportunities and leads of the customer that goes to the one that stays (SA-19)."""
        if merge.customer_id == merge.kept_customer_id:
            return
        kept_id = keep_merger(session, CustomerCopy, merge.customer_id, merge.kept_customer_id)
        for what in OF_CUSTOMERS:
            relink(session, what, merge.customer_id, kept_id)


def _keep(session: Session, customer: CustomerToldOf) -> None:
    # A restated customer.updated may be about one that is out of use, so the status decides and not the event's name.
    in_use = customer.status != "invalid" and customer.type != CustomerInvalidated.type
    keep_copy(
        session,
        CustomerCopy,
        customer.customer_id,
        name=customer.name,
        normalised_name=None if customer.kind == "person" else name_key(customer.name),
        owner_id=customer.owner_id,
        active=in_use,
        version=customer.version,
    )
