"""When somebody last dealt with a lead or an opportunity: told by the customer service's activities too."""

from typing import Any, ClassVar
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
    lead_id: UUID | None = None
    occurred_at: AwareDatetime


class ActivityHandlers:
    """Follows the activities of the customer service."""

    @listens(ActivityRecorded)
    def follow_activity(self, session: Session, activity: ActivityRecorded) -> None:
        """Note it on the lead and the opportunity it names, if they are of the customer it was written on (SA-29).

        The customer service has judged whether the author may see them, as far as it knew them.
        """
        named: list[tuple[Any, UUID | None]] = [
            (Opportunity, activity.opportunity_id),
            (Lead, activity.lead_id),
        ]
        if not any(record_id for _, record_id in named):
            return
        customers = {activity.customer_id, standing(session, CustomerCopy, activity.customer_id).id}
        for model, record_id in named:
            if record_id is not None:
                ours = model.customer_id.in_(customers)
                note_last_activity(session, model, activity.occurred_at, model.id == record_id, ours)
