"""What can be asked about activities."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from customer.activities.model import Activity
from customer.activities.queries import ACTIVITIES, ALL_ACTIVITIES, with_their_customer
from customer.activities.schemas import ActivitySchema
from customer.aliases import kept_id, record_kept
from customer.contacts.model import Contact
from customer.customers.model import Customer
from customer.customers.queries import CUSTOMERS, find_customer, lock_customer
from customer.events import ActivityRecorded
from customer.sales_copies import check_about
from servicekit import Caller, Fault, Invalid, load_part, operation, publish


class ActivityOperations:
    """What was done with a customer (CU-55, CU-56)."""

    @operation("GET /v1/activities", lists=ALL_ACTIVITIES)
    def list_all_activities(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List what was done with all customers, newest first (CU-55).

        My follow-ups that are due: ``filter[author_id]``, ``filter[next_contact_at][lt]`` and
        ``filter[followed_up]=false``, in the order of ``next_contact_at``. What has no next contact comes last there.
        """
        return ALL_ACTIVITIES.page(session, caller, query, *with_their_customer(session, caller))

    @operation("GET /v1/customers/{customer_id}/activities", lists=ACTIVITIES, tag="activities")
    def list_activities(
        self, session: Session, caller: Caller, customer_id: UUID, query: dict[str, str]
    ) -> dict[str, Any]:
        """List what was done with a customer, newest first (CU-55, CU-56)."""
        customer = record_kept(session, CUSTOMERS, caller, customer_id)
        return ACTIVITIES.page(session, caller, query, Activity.customer_id == customer.id)

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

    @operation(
        "GET /v1/customers/{customer_id}/activities/{activity_id}",
        permission="customer.read",
        returns=ActivitySchema,
        tag="activities",
        errors=("customer-not-found", "activity-not-found"),
    )
    def get_activity(
        self, session: Session, caller: Caller, customer_id: UUID, activity_id: UUID
    ) -> Activity:
        """Return one of the things that were done with a customer (CU-55)."""
        customer = record_kept(session, CUSTOMERS, caller, customer_id)
        return load_part(session, Activity, activity_id, "activity", customer_id=customer.id)


def _contact_id(session: Session, customer: Customer, contact_id: UUID) -> UUID:
    """Return the id of one of the customer's contacts.

    Raises:
        Invalid: if it is none of them.
    """
    contact = session.get(Contact, kept_id(session, Contact, contact_id))
    if contact is None or contact.customer_id != customer.id:
        raise Invalid.field("contact_id", Fault("unknown-contact", "The customer has no such contact."))
    return contact.id
