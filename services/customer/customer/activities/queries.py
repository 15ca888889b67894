"""Lists of activities: of one customer, and of all that one may see."""

from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from customer.activities.model import Activity
from customer.activities.schemas import ActivitySchema
from customer.customers.model import Customer
from servicekit import Caller, Listing, Reach, Search

_FILTERS: dict[str, Any] = {
    "kind": Activity.kind,
    "author_id": Activity.author_id,
    "contact_id": Activity.contact_id,
    "opportunity_id": Activity.opportunity_id,
    "lead_id": Activity.lead_id,
    "occurred_at": Activity.occurred_at,
    "next_contact_at": Activity.next_contact_at,
}


def _followed_up(_session: Session, _caller: Caller) -> ColumnElement[bool]:
    """Whether something was done with the customer after it, so that its next contact is no longer due."""
    later = aliased(Activity)
    same = later.customer_id == Activity.customer_id
    return exists().where(same, later.occurred_at > Activity.occurred_at)


ACTIVITIES = Listing(
    Activity,
    ActivitySchema,
    "customer.read",
    filters={**_FILTERS, "subject": Search(Activity.subject), "content": Search(Activity.content)},
    sorts={"occurred_at": Activity.occurred_at, "created_at": Activity.created_at},
    default="-occurred_at",
    asks={"followed_up": _followed_up},
)

ALL_ACTIVITIES = Listing(
    Activity,
    ActivitySchema,
    "customer.read",
    # Texts are searched within a customer only: among everybody's activities no index would find them.
    filters={**_FILTERS, "customer_id": Activity.customer_id},
    sorts={"occurred_at": Activity.occurred_at, "next_contact_at": Activity.next_contact_at},
    default="-occurred_at",
    asks={"followed_up": _followed_up},
)


def with_their_customer(session: Session, caller: Caller) -> list[ColumnElement[bool]]:
    """Return the condition that an activity is seen: whoever may see the customer may see it."""
    reach = Reach(session, caller, "customer.read")
    if reach.has_all(Customer):
        return []
    seen = select(Customer.id).where(reach.where(Customer))
    return [Activity.customer_id.in_(seen)]
