"""What operators can have told again by this service, and what of it must agree with others (docs/operating.md)."""

from typing import Any, ClassVar

from sqlalchemy import CompoundSelect, Select, select, union

from customer.aliases import Alias
from customer.contacts.model import Contact
from customer.customers.model import INVALID, Customer
from customer.events import (
    ContactDeleted,
    ContactUpdated,
    CustomerInvalidated,
    CustomerMerged,
    CustomerUpdated,
)
from customer.sales_copies import LeadCopy, OpportunityCopy
from servicekit import audited, restates
from servicekit.outbox import OutboxRow


def merged(alias: Alias) -> CustomerMerged:
    """Return the event with which an id came to stand for another."""
    return CustomerMerged(customer_id=alias.id, kept_customer_id=alias.kept_id)


class CustomerBus:
    """Customers, whose names others copy, what became of converted leads, and the copies of leads and opportunities."""

    copies: ClassVar[dict[str, tuple[Any, ...]]] = {"sales": (LeadCopy, OpportunityCopy)}

    @restates(CustomerUpdated)
    def restate_customers(self) -> Select[*tuple[Any, ...]]:
        """Return the customers; of invalid ones too, some want to know the name."""
        return select(Customer)

    @restates(CustomerInvalidated)
    def restate_invalid_customers(self) -> Select[*tuple[Any, ...]]:
        """Return the customers that have been taken out of use."""
        return select(Customer).where(Customer.status == INVALID)

    @restates(CustomerMerged, made_by=merged)
    def restate_mergers(self) -> Select[*tuple[Any, ...]]:
        """Return the ids that stand for another customer."""
        return select(Alias).where(Alias.kept_id.in_(select(Customer.id)))

    @restates(ContactUpdated)
    def restate_contacts(self) -> Select[Any]:
        """Return the contacts there are."""
        return select(Contact)

    @audited("contact-names", restated_by=("contact.updated",))
    def audit_contacts(self) -> Select[Any]:
        """Return the contacts' names."""
        return select(Contact.id, Contact.updated_at.label("changed_at"), Contact.name)

    @audited("customer-names", restated_by=("customer.invalidated", "customer.updated"))
    def audit_customers(self) -> Select[*tuple[Any, ...]]:
        """Return the customers' names."""
        return select(Customer.id, Customer.updated_at.label("changed_at"), Customer.name)

    @audited("converted-leads", owner="sales", holds_more=True)
    def audit_converted_leads(self) -> CompoundSelect[Any]:
        """Return the customers there are, under all their ids (SA-19)."""
        return union(select(Customer.id), select(Alias.id))

    @audited("converted-contacts", owner="sales", holds_more=True)
    def audit_converted_contacts(self) -> CompoundSelect[Any]:
        """Return the contacts there are or have been, under all their ids (SA-19)."""
        deleted = select(OutboxRow.subject).where(OutboxRow.type == ContactDeleted.type)
        return union(select(Contact.id), select(Alias.id), deleted)
