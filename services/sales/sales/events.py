"""What the sales service tells the others."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import ConfigDict, Field

from servicekit import Event, EventMoney

LEAD: dict[str, Any] = {
    "lead_id": "01936f3a-7c00-7000-8000-000000000001",
    "company_name": "上海云图科技有限公司",
    "contact_name": "张伟",
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "status": "untouched",
    "priority": "medium",
    "source": "展会",
    "customer_id": None,
    "contact_id": None,
    "opportunity_id": None,
}
OPPORTUNITY: dict[str, Any] = {
    "opportunity_id": "01936f3a-7c00-7000-8000-000000000005",
    "name": "上海云图科技 CRM 采购",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "product_id": None,
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "amount": "12000.00",
    "currency": "CNY",
    "stage": "prospecting",
    "probability": 30,
    "status": "open",
    "source": "展会",
    "started_on": "2026-11-22",
    "expected_close_on": "2027-03-31",
    "closed_on": None,
    "reason": None,
}
ACTIVITY: dict[str, Any] = {
    "activity_id": "01936f3a-7c00-7000-8000-000000000007",
    "kind": "call",
    "occurred_at": "2026-11-22T08:00:00Z",
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "author_id": "01936f3a-7c00-7000-8000-000000000003",
}
PRODUCT: dict[str, Any] = {
    "product_id": "01936f3a-7c00-7000-8000-000000000006",
    "code": "GTX-PRO",
    "name": "GTX Pro 专业版",
    "category": "GTX",
    "unit": "套",
    "price": "4821.00",
    "currency": "CNY",
    "active": True,
}


class RecordEvent(Event):
    """An event that tells a record's fields by their names."""

    model_config = ConfigDict(serialize_by_alias=True)

    noun: ClassVar[str]

    @classmethod
    def of(cls, record: Any, **more: Any) -> "RecordEvent":
        """Return the event for a record as it is now.

        Args:
            more: what the record itself does not know.
        """
        subject = f"{cls.noun}_id"
        values = {
            name: getattr(record, field.serialization_alias or name)
            for name, field in cls.model_fields.items()
            if name != subject and name not in more
        }
        return cls(**{subject: record.id}, **values, **more)


class LeadEvent(RecordEvent):
    """What every event about a lead says."""

    noun: ClassVar[str] = "lead"

    lead_id: UUID
    company_name: str
    contact_name: str
    owner_id: UUID
    status: str
    priority: str
    origin: str | None = Field(serialization_alias="source")
    """Where it came from; an event's own ``source`` is the service that publishes it."""
    customer_id: UUID | None
    contact_id: UUID | None
    opportunity_id: UUID | None


class LeadCreated(LeadEvent):
    """A lead was noted (SA-09)."""

    type: ClassVar[str] = "lead.created"
    example: ClassVar[dict[str, Any]] = LEAD


class LeadUpdated(LeadEvent):
    """A lead was changed, contacted, closed or taken up again (SA-10)."""

    type: ClassVar[str] = "lead.updated"
    example: ClassVar[dict[str, Any]] = {**LEAD, "status": "contacted"}


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
        "mobile": "+86 138 0013 8000",
        "email": "zhang.wei@example.com",
        "phone": None,
        "title": "采购经理",
        "remark": None,
    }

    merged: bool
    """Whether the customer was there already."""
    mobile: str | None
    email: str | None
    phone: str | None
    title: str | None
    remark: str | None


class OpportunityEvent(RecordEvent):
    """What every event about an opportunity says."""

    noun: ClassVar[str] = "opportunity"

    opportunity_id: UUID
    name: str
    customer_id: UUID | None
    product_id: UUID | None
    owner_id: UUID
    amount: EventMoney
    currency: str
    stage: str
    probability: int | None
    status: str
    origin: str | None = Field(serialization_alias="source")
    started_on: date
    expected_close_on: date | None
    closed_on: date | None
    reason: str | None


class OpportunityCreated(OpportunityEvent):
    """An opportunity was noted (SA-25)."""

    type: ClassVar[str] = "opportunity.created"
    example: ClassVar[dict[str, Any]] = OPPORTUNITY


class OpportunityUpdated(OpportunityEvent):
    """An opportunity was changed, or entered another stage (SA-33)."""

    type: ClassVar[str] = "opportunity.updated"
    example: ClassVar[dict[str, Any]] = {**OPPORTUNITY, "stage": "proposing"}


class OpportunityWon(OpportunityEvent):
    """An opportunity was won (SA-35)."""

    type: ClassVar[str] = "opportunity.won"
    example: ClassVar[dict[str, Any]] = {
        **OPPORTUNITY, "stage": "won", "status": "won", "probability": 100, "closed_on": "2027-03-15",
    }  # fmt: skip


class OpportunityLost(OpportunityEvent):
    """An opportunity was lost, for a reason (SA-35)."""

    type: ClassVar[str] = "opportunity.lost"
    example: ClassVar[dict[str, Any]] = {
        **OPPORTUNITY, "stage": "lost", "status": "lost", "probability": 0, "closed_on": "2027-03-15",
        "reason": "price",
    }  # fmt: skip


class OpportunityReopened(OpportunityEvent):
    """A won or lost opportunity goes on (SA-35)."""

    type: ClassVar[str] = "opportunity.reopened"
    example: ClassVar[dict[str, Any]] = {**OPPORTUNITY, "stage": "negotiating", "probability": None}


class ActivityEvent(RecordEvent):
    """What every event about something that was done says; it is an event of the lead or the opportunity."""

    noun: ClassVar[str] = "activity"

    activity_id: UUID
    kind: str
    occurred_at: datetime
    owner_id: UUID
    """Whose the lead or the opportunity is."""
    author_id: UUID


class LeadActivityRecorded(ActivityEvent):
    """Something was done with a lead and written down (CU-56)."""

    type: ClassVar[str] = "lead.activity_recorded"
    example: ClassVar[dict[str, Any]] = {**ACTIVITY, "lead_id": LEAD["lead_id"]}

    lead_id: UUID


class OpportunityActivityRecorded(ActivityEvent):
    """Something was done about an opportunity and written down (SA-29)."""

    type: ClassVar[str] = "opportunity.activity_recorded"
    example: ClassVar[dict[str, Any]] = {**ACTIVITY, "opportunity_id": OPPORTUNITY["opportunity_id"]}

    opportunity_id: UUID


class ProductEvent(RecordEvent):
    """What every event about a product says."""

    noun: ClassVar[str] = "product"

    product_id: UUID
    code: str
    name: str
    category: str | None
    unit: str | None
    price: EventMoney
    currency: str
    active: bool


class ProductCreated(ProductEvent):
    """A product was added to the catalogue (SA-50)."""

    type: ClassVar[str] = "product.created"
    example: ClassVar[dict[str, Any]] = PRODUCT


class ProductUpdated(ProductEvent):
    """A product was changed or taken out of use (SA-50)."""

    type: ClassVar[str] = "product.updated"
    example: ClassVar[dict[str, Any]] = {**PRODUCT, "active": False}
