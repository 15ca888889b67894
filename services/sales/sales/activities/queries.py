"""Lists of activities: of one lead or opportunity, and of all that one may see."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union
from sqlalchemy.orm import Session

from sales.activities.model import Activity
from sales.activities.schemas import SalesActivitySchema
from sales.customer_copy import CustomerCopy
from sales.leads.model import Lead
from sales.opportunities.model import Opportunity
from servicekit import Caller, Listing, Reach, Search
from servicekit.nouns.filtering import Among
from servicekit.nouns.paging import FEW_OWNERS

_FILTERS: dict[str, Any] = {
    "kind": Activity.kind,
    "author_id": Activity.author_id,
    "occurred_at": Activity.occurred_at,
    "next_contact_at": Activity.next_contact_at,
}


def _has_gone_on(model: Any, about: Any) -> Callable[[Session, Caller], ColumnElement[bool]]:
    def followed_up(_session: Session, _caller: Caller) -> ColumnElement[bool]:
        """Whether something was done after it, so that its next contact is no longer due."""
        return exists().where(model.id == about, model.last_activity_at > Activity.occurred_at)

    return followed_up


def _of_one(permission: str, model: Any, about: Any) -> Listing:
    return Listing(
        Activity,
        SalesActivitySchema,
        permission,
        filters={**_FILTERS, "subject": Search(Activity.subject), "content": Search(Activity.content)},
        sorts={"occurred_at": Activity.occurred_at},
        default="-occurred_at",
        asks={"followed_up": _has_gone_on(model, about)},
    )


def _of_all(permission: str, model: Any, about: Any, *become: str) -> Listing:
    """List those of all records of a model; they are found by their record, and by what it belongs to or has become."""
    records = select(Activity.id).join(model, model.id == about)
    found_by = {about.key: about, **{name: Among(getattr(model, name), records) for name in become}}
    return Listing(
        Activity,
        SalesActivitySchema,
        permission,
        # Texts are searched within one record only: among everybody's activities no index would find them.
        filters={**_FILTERS, **found_by},
        sorts={"occurred_at": Activity.occurred_at, "next_contact_at": Activity.next_contact_at},
        default="-occurred_at",
        asks={"followed_up": _has_gone_on(model, about)},
    )


OF_A_LEAD = _of_one("lead.read", Lead, Activity.lead_id)
OF_AN_OPPORTUNITY = _of_one("opportunity.read", Opportunity, Activity.opportunity_id)

OF_ALL_LEADS = _of_all("lead.read", Lead, Activity.lead_id, "customer_id", "opportunity_id")
OF_ALL_OPPORTUNITIES = _of_all("opportunity.read", Opportunity, Activity.opportunity_id, "customer_id")


def with_their_lead(session: Session, caller: Caller) -> list[ColumnElement[bool]]:
    """Return the condition that a lead's activity is seen: by whoever may see the lead or its customer."""
    reach = Reach(session, caller, "lead.read")
    owners = reach.owners
    of_a_lead = Activity.lead_id.is_not(None)
    if reach.has_all(Lead):
        return [of_a_lead]
    ways = [and_(way, *reach.limits(Lead)) for way in (reach.by_owner(Lead), *reach.ways(Lead))]
    if caller.scope("customer.read") is not None:
        ways.append(Lead.customer_id.in_(_customers(Reach(session, caller, "customer.read"))))
    if owners is None or len(owners) > FEW_OWNERS:
        return [of_a_lead, Activity.lead_id.in_(select(Lead.id).where(or_(*ways)))]
    # Each way has an index of its own, which the planner takes only where they are asked apart.
    return [of_a_lead, Activity.lead_id.in_(union(*(select(Lead.id).where(way) for way in ways)))]


def with_their_opportunity(session: Session, caller: Caller) -> list[ColumnElement[bool]]:
    """Return the condition that an opportunity's activity is seen: by whoever may see the opportunity."""
    reach = Reach(session, caller, "opportunity.read")
    of_an_opportunity = Activity.opportunity_id.is_not(None)
    if reach.has_all(Opportunity):
        return [of_an_opportunity]
    seen = select(Opportunity.id).where(reach.where(Opportunity))
    return [of_an_opportunity, Activity.opportunity_id.in_(seen)]


def _customers(reach: Reach) -> Select[Any]:
    return select(CustomerCopy.id).where(reach.where(CustomerCopy))
