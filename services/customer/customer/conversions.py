"""Leads become customers: sales has chosen the ids, this service opens the customer or finds it there already."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from customer.aliases import Alias, kept_id
from customer.contacts.book import add_contact
from customer.contacts.model import Contact
from customer.contacts.queries import contacts_of
from customer.customers.model import COMPANY, PERSON, Customer
from customer.customers.operations import open_customer
from customer.customers.queries import lock_customer, lock_name, namesake
from customer.events import CustomerMerged
from customer.fields import e164
from servicekit import Event, listens, publish


class LeadConverted(Event):
    """A lead was converted: to a new customer, or into one that sales knows (SA-19)."""

    source: ClassVar[str] = "sales"
    type: ClassVar[str] = "lead.converted"

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

    @property
    def customer_name(self) -> str:
        """The company's name, or the person's where there is no company."""
        return self.company_name or self.contact_name or self.mobile or self.email or "?"


class ConversionHandlers:
    """What the customer service does when sales converts a lead."""

    @listens(LeadConverted)
    def follow_conversion(self, session: Session, lead: LeadConverted) -> None:
        """Open the customer under the id that sales chose, or merge into the one of that name; add the contact (SA-19).

        Two conversions for one name wait for each other. An id that sales took for a known customer but that is not
        known here yet is opened like a new one: the event that would have opened it finds it there.
        """
        lock_name(session, lead.customer_name)
        customer = session.get(Customer, kept_id(session, Customer, lead.customer_id))
        customer = customer or _merge(session, lead) or _open(session, lead)
        if lead.contact_id is not None and lead.contact_name:
            _introduce(session, customer, lead, lead.contact_id, lead.contact_name)


def _merge(session: Session, lead: LeadConverted) -> Customer | None:
    """Let the id that sales chose stand for the customer of that name, if there is one."""
    customer = namesake(session, lead.customer_name)
    if customer is not None:
        session.add(Alias(id=lead.customer_id, kept_id=customer.id))
        merged = CustomerMerged(customer_id=lead.customer_id, kept_customer_id=customer.id)
        publish(session, customer, merged)
    return customer


def _open(session: Session, lead: LeadConverted) -> Customer:
    return open_customer(
        session,
        id=lead.customer_id,
        name=lead.customer_name,
        kind=COMPANY if lead.company_name else PERSON,
        owner_id=lead.owner_id,
        source=lead.lead_source,
    )


def _introduce(
    session: Session, customer: Customer, lead: LeadConverted, contact_id: UUID, name: str
) -> None:
    """Add the lead's person to the contacts, unless it is one of them already; its id then stands for that one."""
    lock_customer(session, customer)
    if session.get(Contact, kept_id(session, Contact, contact_id)) is not None:
        return
    mobile, email = _dialled(lead.mobile), lead.email.lower() if lead.email else None
    known = contacts_of(session, customer.id)
    same = next((contact for contact in known if contact.is_same_person(name, mobile, email)), None)
    if same is not None:
        session.add(Alias(id=contact_id, kept_id=same.id))
        return
    add_contact(
        session,
        customer,
        id=contact_id,
        name=name,
        title=lead.title,
        mobile=mobile,
        office_phone=_dialled(lead.phone),
        email=email,
    )


def _dialled(number: str | None) -> str | None:
    """Return a lead's number in E.164; what is no number is kept as the lead had it, nothing is lost."""
    return (e164(number) or number) if number else None
