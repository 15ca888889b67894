"""For whom a case is, and who spoke for them: judged by this service's copies (SD-01)."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service_desk.cases.model import Case
from service_desk.customers.model import ContactCopy, CustomerCopy
from servicekit import Caller, Invalid, check_named, standing

PARTIES_REFUSED = (
    "contact-invalid", "contact-of-another-customer", "customer-invalid", "unknown-contact", "unknown-customer",
)  # fmt: skip
"""With what a case is refused for what it names."""


def judge_parties(session: Session, caller: Caller, data: dict[str, Any], case: Case | None = None) -> None:
    """Put in the customer and the contact that stand today for those a request names, the contact one of theirs.

    What a case named before is not judged again.

    Args:
        data: what the request says; changed in place.
        case: the case that is to be corrected; None for a new one.

    Raises:
        Invalid: ``unknown-customer``, ``unknown-contact``, ``contact-of-another-customer``.
        Conflict: ``customer-invalid``; ``contact-invalid`` for one that was deleted.
    """
    customer_before, contact_before = (case.customer_id, case.contact_id) if case else (None, None)
    customer_id: Any = data.get("customer_id", customer_before)
    contact_id: UUID | None = data.get("contact_id", contact_before)
    if customer_id != customer_before:
        customer_id = data["customer_id"] = check_named(
            session, caller, CustomerCopy, customer_id, field="customer_id", reading="customer.read"
        )
        data["customer_owner_id"] = session.get_one(CustomerCopy, customer_id).held_by
    elif contact_id == contact_before:
        return
    if contact_id is None:
        return
    if contact_id != contact_before:
        contact_id = data["contact_id"] = check_named(
            session, caller, ContactCopy, contact_id, field="contact_id", reading="contact.read"
        )
    _ensure_at(session, contact_id, customer_id)


def _ensure_at(session: Session, contact_id: UUID, customer_id: UUID) -> None:
    contact = session.get(ContactCopy, contact_id)
    if contact is None or contact.customer_id is None:
        return  # Nobody has told of it yet.
    if (
        standing(session, CustomerCopy, contact.customer_id).id
        != standing(session, CustomerCopy, customer_id).id
    ):
        message = "The contact is somebody at another customer."
        raise Invalid.field("contact_id", message, "contact-of-another-customer")
