"""What can be asked about activities."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from customer.activities.model import Activity
from customer.activities.queries import ACTIVITIES
from customer.activities.schemas import ActivitySchema
from customer.aliases import kept_id
from customer.contacts.model import Contact
from customer.customers.model import Customer
from customer.customers.queries import find_customer, lock_customer
from customer.events import ActivityRecorded
from customer.sales_copies import check_about
from servicekit import Caller, Fault, Invalid, operation, publish


@ACTIVITIES.operations("list get")
class ActivityOperations:
    """What was done with a customer (CU-55, CU-56)."""

    @operation(
        "POST /v1/customers/{customer_id}/activities",
        permission="customer.read",
        accepts=ActivitySchema,
        returns=ActivitySchema,
        creates=True,
        does=Customer.note_activity,
        tag="activities",
        errors=("customer-invalid", "unknown-lead", "unknown-opportunity"),
    )
    def create_activity(
        self, session: Session, caller: Caller, customer_id: UUID, data: dict[str, Any]
    ) -> Activity:
        """Write down what was done; whoever may view the customer may (CU-55).

        A lead or an opportunity that is named must be the customer's, and visible to the caller (CU-56).
        """
        customer = find_customer(session, caller, customer_id)
        lock_customer(session, customer)
        customer.note_activity(data["occurred_at"])
        check_about(session, caller, customer, data)
        contact_id = _contact_id(session, customer, data["contact_id"]) if data["contact_id"] else None
        values = {**data, "contact_id": contact_id}
        activity = Activity(customer_id=customer.id, author_id=caller.account_id, **values)
        session.add(activity)
        publish(session, activity, ActivityRecorded.of(activity, owner_id=customer.owner_id))
        return activity


def _contact_id(session: Session, customer: Customer, contact_id: UUID) -> UUID:
    """Return the id of one of the customer's contacts.

    Raises:
        Invalid: if it is none of them.
    """
    contact = session.get(Contact, kept_id(session, Contact, contact_id))
    if contact is None or contact.customer_id != customer.id:
        raise Invalid.field("contact_id", Fault("unknown-contact", "The customer has no such contact."))
    return contact.id
