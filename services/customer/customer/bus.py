"""What operators can have told again by this service, and what of it must agree with others (docs/operating.md)."""

from typing import Any

from sqlalchemy import CompoundSelect, Select, select, true, union

from customer.aliases import Alias
from customer.contacts.model import Contact
from customer.customers.model import INVALID, Customer
from customer.events import (
    ContactDeleted,
    ContactMerged,
    ContactUpdated,
    CustomerInvalidated,
    CustomerMerged,
    CustomerUpdated,
)
from servicekit import audited, restates
from servicekit.messages.outbox import OutboxRow


def merged(alias: Alias) -> CustomerMerged:
    """Return the event with which an id came to stand for another."""
    return CustomerMerged(customer_id=alias.id, kept_customer_id=alias.kept_id)


def merged_contact(alias: Alias) -> ContactMerged:
    """Return the event with which an id came to stand for another contact."""
    return ContactMerged(contact_id=alias.id, kept_contact_id=alias.kept_id)


def all_ids() -> CompoundSelect[Any]:
    """Return the ids of customers, those among them that stand for another (SA-19)."""
    return union(select(Customer.id), select(Alias.id))


class CustomerBus:
    """Customers, whose names others copy, and what became of converted leads."""

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
    def restate_contacts(self) -> Select[*tuple[Any, ...]]:
        """Return the contacts there are."""
        return select(Contact)

    @restates(ContactMerged, made_by=merged_contact)
    def restate_contact_mergers(self) -> Select[*tuple[Any, ...]]:
        """Return the ids that stand for another contact."""
        return select(Alias).where(Alias.kept_id.in_(select(Contact.id)))

    @audited("contact-names", restated_by=("contact.updated",))
    def audit_contacts(self) -> Select[*tuple[Any, ...]]:
        """Return the contacts: their names, whose they are, and of which customer."""
        told = (Contact.name, Contact.owner_id, Contact.customer_id, true().label("active"))
        return select(Contact.id, Contact.updated_at.label("changed_at"), *told)

    @audited("customer-names", restated_by=("customer.invalidated", "customer.updated"))
    def audit_customers(self) -> Select[*tuple[Any, ...]]:
        """Return the customers: their names, and what others judge by whether one may be named."""
        in_use = (Customer.status != INVALID).label("active")
        changed_at = Customer.updated_at.label("changed_at")
        return select(Customer.id, changed_at, Customer.name, Customer.owner_id, in_use)

    @audited("converted-leads", owner="sales", holds_more=True)
    def audit_converted_leads(self) -> CompoundSelect[Any]:
        """Return the customers there are, under all their ids (SA-19)."""
        return all_ids()

    @audited("opportunity-customers", owner="sales", holds_more=True)
    def audit_customers_of_opportunities(self) -> CompoundSelect[Any]:
        """Return the customers that opportunities may name: what sales took as news for an hour must have come."""
        return all_ids()

    @audited("contract-customers", owner="contract", holds_more=True)
    def audit_customers_of_contracts(self) -> CompoundSelect[Any]:
        """Return the customers that contracts may name."""
        return all_ids()

    @audited("case-customers", owner="service-desk", holds_more=True)
    def audit_customers_of_cases(self) -> CompoundSelect[Any]:
        """Return the customers that cases may name."""
        return all_ids()

    @audited("converted-contacts", owner="sales", holds_more=True)
    def audit_converted_contacts(self) -> CompoundSelect[Any]:
        """Return the contacts there are or have been, under all their ids (SA-19)."""
        deleted = select(OutboxRow.subject).where(OutboxRow.type == ContactDeleted.type)
        return union(select(Contact.id), select(Alias.id), deleted)
