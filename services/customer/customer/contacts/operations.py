"""What can be asked about contacts."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from customer.aliases import record_kept
from customer.contacts.book import add_contact, change_contact, remove_contact
from customer.contacts.model import Contact
from customer.contacts.queries import ALL_CONTACTS, CONTACTS, find_contact
from customer.contacts.schemas import ContactSchema
from customer.customers.model import Customer
from customer.customers.queries import CUSTOMERS, find_customer, is_in_use, lock_customer
from servicekit import Caller, NotFound, operation, reaches


@ALL_CONTACTS.operations("copied")
class ContactOperations:
    """Contacts of a customer (CU-49), and of all customers."""

    @operation("GET /v1/contacts", lists=ALL_CONTACTS)
    def list_all_contacts(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the contacts of all customers; ``search`` finds by name, pinyin, any number and mail (CU-49, CU-50)."""
        return ALL_CONTACTS.page(session, caller, query)

    @operation("GET /v1/customers/{customer_id}/contacts", lists=CONTACTS, tag="contacts")
    def list_contacts(
        self, session: Session, caller: Caller, customer_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List a customer's contacts, oldest first (CU-49)."""
        customer = record_kept(session, CUSTOMERS, caller, customer_id)
        return CONTACTS.page(session, caller, query, Contact.customer_id == customer.id)

    @operation(
        "POST /v1/customers/{customer_id}/contacts",
        permission="contact.write",
        accepts=ContactSchema,
        returns=ContactSchema,
        creates=True,
        does=Customer.ensure_valid,
        tag="contacts",
        errors=("customer-invalid",),
    )
    def create_contact(
        self, session: Session, caller: Caller, customer_id: UUID, data: dict[str, Any]
    ) -> Contact:
        """Add a contact to a customer; the first is the primary one (CU-03, CU-49)."""
        customer = find_customer(session, caller, customer_id, "contact.write")
        lock_customer(session, customer)
        customer.ensure_valid()
        return add_contact(session, customer, **data)

    @operation("GET /v1/contacts/{contact_id}", permission="contact.read", returns=ContactSchema)
    def get_contact(self, session: Session, caller: Caller, contact_id: UUID) -> Any:
        """Return one contact (CU-49); whose lead brought a person may look at them wherever they went (SA-19)."""
        try:
            return record_kept(session, CONTACTS, caller, contact_id)
        except NotFound:
            contact = session.get(Contact, contact_id)
            if contact is None or contact.introduced_by is None:
                raise
            if not reaches(session, caller, "contact.read", contact.introduced_by):
                raise
            return contact

    @operation(
        "PATCH /v1/contacts/{contact_id}",
        permission="contact.write",
        accepts=ContactSchema,
        returns=ContactSchema,
        only_if=is_in_use,
        errors=("customer-invalid", "stale-version"),
    )
    def update_contact(
        self, session: Session, caller: Caller, contact_id: UUID, data: dict[str, Any]
    ) -> Contact:
        """Change a contact; ``is_primary: true`` makes it the primary one in place of another (CU-03, CU-49)."""
        contact = find_contact(session, caller, contact_id, "contact.write")
        _lock_book(session, contact)
        change_contact(session, contact, **data)
        return contact

    @operation(
        "DELETE /v1/contacts/{contact_id}",
        permission="contact.write",
        only_if=is_in_use,
        errors=("customer-invalid", "stale-version"),
    )
    def delete_contact(self, session: Session, caller: Caller, contact_id: UUID) -> None:
        """Delete a contact; if it was the primary one, the oldest of the others takes its place (CU-03)."""
        contact = find_contact(session, caller, contact_id, "contact.write")
        _lock_book(session, contact)
        remove_contact(session, contact)


def _lock_book(session: Session, contact: Contact) -> None:
    customer = session.get_one(Customer, contact.customer_id)
    lock_customer(session, customer)
    customer.ensure_valid()
