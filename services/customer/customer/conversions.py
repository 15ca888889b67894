"""Leads become customers: sales has chosen the ids, this service opens the customer or finds it there already."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from customer.aliases import kept_id, let_stand
from customer.contacts.book import add_contact, change_contact
from customer.contacts.model import Contact
from customer.contacts.queries import contacts_of
from customer.customers.model import COMPANY, PERSON, Customer
from customer.customers.operations import open_customer
from customer.customers.queries import lock_customer, lock_name, namesakes
from customer.events import ContactMerged, CustomerMerged
from customer.sales_copies import keep_lead
from servicekit import listens, publish, reaches_by_place
from servicekit.nouns.besides import OWN
from servicekit.nouns.facts import TellsKind


class LeadConverted(TellsKind):
    """A lead was converted: to a new customer, or into one that sales knows (SA-19)."""

    source: ClassVar[str] = "sales"
    type: ClassVar[str] = "lead.converted"
    noun: ClassVar[str] = "lead"

    lead_id: UUID
    version: int
    customer_id: UUID
    contact_id: UUID | None = None
    owner_id: UUID
    company_name: str | None = None
    contact_name: str | None = None
    title: str | None = None
    mobile: str | None = None
    phone: str | None = None
    email: str | None = None
    lead_source: str | None = Field(default=None, alias="source")
    pool_id: UUID | None = None
    claim_state: str = OWN

    @property
    def customer_name(self) -> str:
        """The company's name, or the person's where there is no company."""
        return self.company_name or self.contact_name or self.mobile or self.email or "?"


class ConversionHandlers:
    """What the customer service does when sales converts a lead."""

    @listens(LeadConverted)
    def follow_conversion(self, session: Session, lead: LeadConverted) -> None:
        """Open the customer under the id that sales chose, or merge into the one it is; add the contact (SA-19).

        Two conversions for one name wait for each other. An id that sales took for a known customer but that is not
        known here yet is opened like a new one: the event that would have opened it finds it there.
        """
        keep_lead(session, lead)
        lock_name(session, lead.customer_name)
        customer = session.get(Customer, kept_id(session, Customer, lead.customer_id))
        customer = customer or _merge(session, lead) or _open(session, lead)
        if lead.contact_id is not None and lead.contact_name:
            _introduce(session, customer, lead, lead.contact_id)


def _merge(session: Session, lead: LeadConverted) -> Customer | None:
    """Let the id that sales chose stand for the customer that the lead is already, if there is one."""
    if lead.company_name:
        customer = next(iter(namesakes(session, lead.company_name, COMPANY)), None)
    else:
        customer = _same_private_person(session, lead)
    if customer is not None:
        let_stand(session, lead.customer_id, customer)
        merged = CustomerMerged(customer_id=lead.customer_id, kept_customer_id=customer.id)
        publish(session, customer, merged)
    return customer


def _same_private_person(session: Session, lead: LeadConverted) -> Customer | None:
    """Return the private person who has the lead's name and one of its numbers; a name alone is many people's."""
    person = _person(lead)
    for customer in namesakes(session, lead.customer_name, PERSON):
        if any(contact.agrees_in(person) > 1 for contact in contacts_of(session, customer.id)):
            return customer
    return None


def _open(session: Session, lead: LeadConverted) -> Customer:
    company = bool(lead.company_name)
    own: dict[str, Any] = (
        {} if company else {"phone": lead.mobile or lead.phone or None, "email": _mail(lead)}
    )
    return open_customer(
        session,
        id=lead.customer_id,
        name=lead.customer_name,
        kind=COMPANY if company else PERSON,
        owner_id=lead.owner_id,
        source=lead.lead_source,
        **own,
    )


def _introduce(session: Session, customer: Customer, lead: LeadConverted, contact_id: UUID) -> None:
    """Add the lead's person to the contacts, and say who brought them.

    One of the contacts is the same person if no identifying field disagrees: then what is empty there is filled,
    nothing is overwritten, and the lead's id stands for that contact. Of several it is the one that agrees in most.

    Into a contact that the lead's owner cannot see nothing is written: it is the same person only if it agrees in a
    number or the mail besides the name and holds all that the lead says. Otherwise the lead's person is a contact of
    its own, and says who brought it.
    """
    lock_customer(session, customer)
    if session.get(Contact, kept_id(session, Contact, contact_id)) is not None:
        return
    person = _person(lead)
    same = _same_contact(session, customer, lead, person)
    if same is None:
        add_contact(session, customer, id=contact_id, title=lead.title, introduced_by=lead.owner_id, **person)
        return
    let_stand(session, contact_id, same)
    publish(session, same, ContactMerged(contact_id=contact_id, kept_contact_id=same.id))
    if gaps := same.gaps({**person, "title": lead.title}):
        change_contact(session, same, **gaps)


def _same_contact(
    session: Session, customer: Customer, lead: LeadConverted, person: dict[str, Any]
) -> Contact | None:
    """Return the contact that the lead's person is already, if the lead may be taken for it (see ``_introduce``)."""
    known: Iterable[Contact] = contacts_of(session, customer.id)
    fewest = 1
    if not reaches_by_place(session, lead.owner_id, customer.owner_id):
        known = [contact for contact in known if not contact.gaps({**person, "title": lead.title})]
        fewest = 2
    same = max(known, key=lambda contact: contact.agrees_in(person), default=None)
    return same if same is not None and same.agrees_in(person) >= fewest else None


def _person(lead: LeadConverted) -> dict[str, Any]:
    """Return what identifies the lead's person."""
    return {
        "name": lead.contact_name,
        "mobile": lead.mobile or None,
        "office_phone": lead.phone or None,
        "email": _mail(lead),
    }


def _mail(lead: LeadConverted) -> str | None:
    return lead.email.lower() if lead.email else None
