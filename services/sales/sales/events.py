"""What the sales service tells the others: records as their answers show them."""

from typing import Any, ClassVar
from uuid import UUID

from sales.activities.schemas import SalesActivitySchema
from sales.leads.queries import LEADS
from sales.leads.schemas import LeadSchema
from sales.opportunities.queries import EXAMPLE, LEFT_OUT
from sales.opportunities.schemas import OpportunitySchema
from servicekit import RecordEvent

ACCOUNT_ID = "01936f3a-7c00-7000-8000-000000000003"
LEAD: dict[str, Any] = LEADS.example
ACTIVITY: dict[str, Any] = {
    "activity_id": "01936f3a-7c00-7000-8000-000000000007",
    "lead_id": None,
    "opportunity_id": None,
    "owner_id": ACCOUNT_ID,
    "author_id": ACCOUNT_ID,
}


class LeadEvent(RecordEvent):
    """What every event about a lead says."""

    shows = LeadSchema
    leaves_out: ClassVar[dict[str, str]] = LEADS.leaves_out


class LeadConverted(LeadEvent):
    """A lead has become a customer with a contact, and perhaps an opportunity (SA-19).

    The ids are chosen here; whoever owns customers and contacts makes them under these ids.
    """

    type: ClassVar[str] = "lead.converted"
    example: ClassVar[dict[str, Any]] = {
        **LEAD,
        "status": "converted",
        "customer_id": "01936f3a-7c00-7000-8000-000000000002",
        "contact_id": "01936f3a-7c00-7000-8000-000000000004",
        "opportunity_id": "01936f3a-7c00-7000-8000-000000000005",
        "merged": False,
    }

    merged: bool
    """Whether the customer was there already."""


class OpportunityEvent(RecordEvent):
    """What every event about an opportunity says."""

    shows = OpportunitySchema
    leaves_out: ClassVar[dict[str, str]] = LEFT_OUT


class OpportunityWon(OpportunityEvent):
    """An opportunity was won (SA-35)."""

    type: ClassVar[str] = "opportunity.won"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE, "stage": "won", "status": "won", "probability": 100, "closed_on": "2027-03-15",
    }  # fmt: skip


class OpportunityLost(OpportunityEvent):
    """An opportunity was lost, for a reason (SA-35)."""

    type: ClassVar[str] = "opportunity.lost"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE, "stage": "lost", "status": "lost", "probability": 0, "closed_on": "2027-03-15",
        "reason": "price",
    }  # fmt: skip


class OpportunityReopened(OpportunityEvent):
    """A won or lost opportunity goes on (SA-35)."""

    type: ClassVar[str] = "opportunity.reopened"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "stage": "negotiating", "probability": None}


class ActivityEvent(RecordEvent):
    """What every event about something that was done says; it is an event of the lead or the opportunity."""

    shows = SalesActivitySchema
    own_id: ClassVar[str] = "activity_id"
    brief: ClassVar[str] = (
        "it carries the activity, whose id is `activity_id`; subject and version are those of the record it is about"
    )

    owner_id: UUID
    """Whose the lead or the opportunity is."""


class LeadActivityRecorded(ActivityEvent):
    """Something was done with a lead and written down (CU-56)."""

    type: ClassVar[str] = "lead.activity_recorded"
    example: ClassVar[dict[str, Any]] = {**ACTIVITY, "lead_id": LEAD["lead_id"]}
    never_null: ClassVar[tuple[str, ...]] = ("lead_id",)


class OpportunityActivityRecorded(ActivityEvent):
    """Something was done about an opportunity and written down (SA-29)."""

    type: ClassVar[str] = "opportunity.activity_recorded"
    example: ClassVar[dict[str, Any]] = {**ACTIVITY, "opportunity_id": EXAMPLE["opportunity_id"]}
    never_null: ClassVar[tuple[str, ...]] = ("opportunity_id",)
