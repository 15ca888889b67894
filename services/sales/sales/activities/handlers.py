"""When somebody last dealt with a lead or an opportunity: told by the customer service's activities too."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from sales.activities.model import note_last_activity
from sales.customer_copy import CustomerCopy
from sales.leads.model import Lead
from sales.opportunities.model import Opportunity
from servicekit import Event, listens, standing


class ActivityRecorded(Event):
    """A visit, a call or the like was noted on a customer."""

    source: ClassVar[str] = "customer"
    type: ClassVar[str] = "activity.recorded"

    customer_id: UUID
    opportunity_id: UUID | None = None
    occurred_at: AwareDatetime


class ActivityHandlers:
    """Follows the activities of the customer service."""

    @listens(ActivityRecorded)
    def follow_activity(self, session: Session, activity: ActivityRecorded) -> None:
        """Note it on the leads that have become the customer, and on the opportunity that it names (SA-29).

        The opportunity is the customer's, or it is none of this activity's business; the customer service has judged
        whether the author may see it, as far as it knew it.
        """
        customers = {activity.customer_id, standing(session, CustomerCopy, activity.customer_id).id}
        note_last_activity(session, Lead, activity.occurred_at, Lead.customer_id.in_(customers))
        if activity.opportunity_id is not None:
            named = (Opportunity.id == activity.opportunity_id, Opportunity.customer_id.in_(customers))
            note_last_activity(session, Opportunity, activity.occurred_at, *named)
