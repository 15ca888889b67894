"""When somebody last dealt with a lead or an opportunity: a copy from the customer service's activities."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime
from sqlalchemy import func, update
from sqlalchemy.orm import Session

from sales.leads.model import Lead
from sales.opportunities.model import Opportunity
from servicekit import Event, listens


class ActivityRecorded(Event):
    """A visit, a call or the like was noted."""

    source: ClassVar[str] = "customer"
    type: ClassVar[str] = "activity.recorded"

    opportunity_id: UUID | None = None
    lead_id: UUID | None = None
    occurred_at: AwareDatetime


class ActivityHandlers:
    """Follows the activities of the customer service."""

    @listens(ActivityRecorded)
    def follow_activity(self, session: Session, activity: ActivityRecorded) -> None:
        """Move the time of the last activity forward, never back, on the records the activity names (SA-27, SA-29)."""
        for model, record_id in ((Opportunity, activity.opportunity_id), (Lead, activity.lead_id)):
            # A copy is no change of the record: its version stays, and nobody's edit becomes stale by a phone call.
            session.execute(
                update(model)
                .where(model.id == record_id)
                .values(
                    last_activity_at=func.greatest(model.last_activity_at, activity.occurred_at),
                    updated_at=model.updated_at,
                )
                .execution_options(synchronize_session=False)
            )
