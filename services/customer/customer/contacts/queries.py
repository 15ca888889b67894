"""Lists of contacts: of one customer, and of all."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from customer.aliases import kept_id
from customer.contacts.model import Contact
from customer.contacts.schemas import ContactSchema
from servicekit import Caller, Listing, Noun, Search

CONTACTS = Listing(
    Contact,
    ContactSchema,
    "contact.read",
    filters={
        "name": Search(Contact.name),
        "search": Search(Contact.search_text, anything=True),
        "mobile": Search(Contact.mobile),
        "email": Contact.email,
        "title": Search(Contact.title),
        "intention": Contact.intention,
        "is_primary": Contact.is_primary,
        "birthday": Contact.birthday,
        "office_phone": Search(Contact.office_phone),
        "home_phone": Search(Contact.home_phone),
        "remark": Search(Contact.remark),
    },
    sorts={"created_at": Contact.created_at, "name": Contact.name},
    default="created_at",
)

ALL_CONTACTS = Noun(
    Contact,
    ContactSchema,
    "/v1/contacts",
    label=("联系人", "Contacts"),
    # Among everybody's contacts only what has an index is searched in; ``search`` knows all their numbers.
    filters="name~ mobile~ email title~ intention is_primary birthday customer_id owner_id",
    sorts="created_at name=pinyin",
    found_by=Contact.search_text,
    tells="",
    resolves=lambda session, contact_id: kept_id(session, Contact, contact_id),
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
    return ALL_CONTACTS.load(session, caller, contact_id, permission)
