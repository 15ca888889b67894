"""A customer's contacts taken together: exactly one of them is the primary one (CU-03)."""

from typing import Any

from sqlalchemy import inspect, update
from sqlalchemy.orm import Session

from customer.activities.model import Activity
from customer.contacts.model import Contact
from customer.contacts.queries import contacts_of
from customer.customers.model import Customer
from customer.events import ContactCreated, ContactDeleted, ContactUpdated
from servicekit import publish, publish_deletion


def add_contact(session: Session, customer: Customer, *, is_primary: bool = False, **values: Any) -> Contact:
    """Add a contact to a customer whose row this transaction has locked; the first one is the primary one."""
    others = () if inspect(customer).pending else contacts_of(session, customer.id)
    contact = Contact(customer_id=customer.id, owner_id=customer.owner_id)
    contact.fill_in(**values)
    if is_primary or not others:
        _step_down(session, others)
        contact.is_primary = True
    session.add(contact)
    publish(session, contact, ContactCreated.of(contact))
    return contact


def change_contact(session: Session, contact: Contact, **values: Any) -> None:
    """Change a contact; if it becomes the primary one, the former steps down."""
    if values.get("is_primary") and not contact.is_primary:
        _step_down(session, contacts_of(session, contact.customer_id))
    contact.fill_in(**values)
    publish(session, contact, ContactUpdated.of(contact))


def remove_contact(session: Session, contact: Contact) -> None:
    """Delete a contact; if it was the primary one, the oldest of the others takes its place.

    What was done with the customer stays as it was written, but names the contact no more.
    """
    session.execute(
        update(Activity)
        .where(Activity.customer_id == contact.customer_id, Activity.contact_id == contact.id)
        .values(contact_id=None, updated_at=Activity.updated_at)
        .execution_options(synchronize_session=False)
    )
    heirs = [other for other in contacts_of(session, contact.customer_id) if other is not contact]
    publish_deletion(session, contact, ContactDeleted.of(contact))
    if contact.is_primary and heirs:
        session.flush()
        change_contact(session, heirs[0], is_primary=True)


def _step_down(session: Session, contacts: Any) -> None:
    for contact in contacts:
        if contact.is_primary:
            contact.is_primary = False
            publish(session, contact, ContactUpdated.of(contact))
