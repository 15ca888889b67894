"""Lists of contacts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from customer.aliases import kept_id
from customer.contacts.model import Contact
from customer.contacts.schemas import ContactSchema
from servicekit import Caller, Listing, Search, load

CONTACTS = Listing(
    Contact,
    ContactSchema,
    "contact.read",
    filters={
        "name": Search(Contact.name),
        "mobile": Search(Contact.mobile),
        "office_phone": Search(Contact.office_phone),
        "home_phone": Search(Contact.home_phone),
        "email": Contact.email,
        "title": Search(Contact.title),
        "remark": Search(Contact.remark),
        "intention": Contact.intention,
        "is_primary": Contact.is_primary,
        "birthday": Contact.birthday,
    },
    sorts={"created_at": Contact.created_at, "name": Contact.name},
    default="created_at",
)


def contacts_of(session: Session, customer_id: UUID) -> Sequence[Contact]:
    """Return all contacts of a customer, the oldest first."""
    return session.scalars(
        select(Contact).where(Contact.customer_id == customer_id).order_by(Contact.created_at, Contact.id)
    ).all()


def find_contact(
    session: Session, caller: Caller, contact_id: UUID, permission: str = "contact.read"
) -> Contact:
    """Load a contact that the caller may see and act on, also by an id that it was merged from.

    Raises:
        NotFound, Forbidden, Conflict: as ``servicekit.load``.
    """
    return load(session, Contact, kept_id(session, Contact, contact_id), caller, permission)
