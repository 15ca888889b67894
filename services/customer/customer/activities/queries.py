"""Activities as a noun: of one customer, and of all that one may see."""

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Session, aliased

from customer.activities.model import Activity
from customer.activities.schemas import ActivitySchema
from customer.customers.queries import CUSTOMERS
from servicekit import Below, Caller, Noun


def _followed_up(_session: Session, _caller: Caller) -> ColumnElement[bool]:
    """Whether something was done with the customer after it, so that its next contact is no longer due.

    My follow-ups that are due: ``filter[author_id]``, ``filter[next_contact_at][lt]`` and
    ``filter[followed_up]=false``, in the order of ``next_contact_at``. What has no next contact comes last there.
    """
    later = aliased(Activity)
    same = later.customer_id == Activity.customer_id
    return exists().where(same, later.occurred_at > Activity.occurred_at)


ACTIVITIES = Noun(
    Activity,
    ActivitySchema,
    "/v1/activities",
    label=("客户跟进", "Customer activities"),
    row="CU-55",
    # Texts are searched within a customer only: among everybody's activities no index would find them.
    below=Below(CUSTOMERS, "activities", part="activity", filters="subject~ content~", sorts="created_at"),
    filters="kind author_id contact_id opportunity_id lead_id occurred_at next_contact_at customer_id",
    sorts="occurred_at next_contact_at",
    default="-occurred_at",
    asks={"followed_up": _followed_up},
    tells="",
)
