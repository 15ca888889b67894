"""What the customer service tells the others."""

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from servicekit import Event

CUSTOMER_ID = "01936f3a-7c00-7000-8000-000000000001"
OWNER_ID = "01936f3a-7c00-7000-8000-000000000003"
CUSTOMER: dict[str, Any] = {
    "customer_id": CUSTOMER_ID,
    "number": "KH20261122-0001",
    "name": "上海云图科技有限公司",
    "kind": "company",
    "status": "basic",
    "owner_id": OWNER_ID,
    "industry": "软件",
    "region": "华东",
    "customer_source": "展会",
    "grade": "A",
    "phone": "021-6277 0334",
    "phone_e164": "+862162770334",
    "email": "info@example.com",
}
CONTACT: dict[str, Any] = {
    "contact_id": "01936f3a-7c00-7000-8000-000000000002",
    "customer_id": CUSTOMER_ID,
    "owner_id": OWNER_ID,
    "name": "王芳",
    "title": "采购经理",
    "mobile": "138 0013 8000",
    "mobile_e164": "+8613800138000",
    "email": "wang.fang@example.com",
    "is_primary": True,
}
ADDRESS: dict[str, Any] = {
    "address_id": "01936f3a-7c00-7000-8000-000000000005",
    "customer_id": CUSTOMER_ID,
    "owner_id": OWNER_ID,
    "kind": "office",
    "country": "中国",
    "province": "上海市",
    "city": "上海市",
    "district": "浦东新区",
    "street": "张江路 88 号 3 楼",
    "postal_code": "201203",
}


class _RecordEvent(Event):
    """An event that tells a record's fields as they are now; its id under ``<noun>_id``."""

    @classmethod
    def of(cls, record: Any, **more: Any) -> Self:
        """Return the event for a record."""
        own_id = f"{record.__tablename__}_id"
        values = {own_id: record.id, **more}
        told = {name: getattr(record, name) for name in cls.model_fields if name not in values}
        return cls(**told, **values)


class CustomerEvent(_RecordEvent):
    """What every event about a customer says. ``customer_source`` is where we know it from."""

    customer_id: UUID
    number: str
    name: str
    kind: str
    status: str
    owner_id: UUID
    industry: str | None
    region: str | None
    customer_source: str | None
    grade: str | None
    phone: str | None
    """As it was typed; in E.164 beside it where it is valid."""
    phone_e164: str | None
    email: str | None

    @classmethod
    def of(cls, record: Any, **more: Any) -> Self:
        """Return the event for a customer as it is now."""
        return super().of(record, customer_source=record.source, **more)


class CustomerCreated(CustomerEvent):
    """A customer was created, by hand or because a lead was converted."""

    type: ClassVar[str] = "customer.created"
    example: ClassVar[dict[str, Any]] = CUSTOMER


class CustomerUpdated(CustomerEvent):
    """A customer's card was changed, or it got another owner."""

    type: ClassVar[str] = "customer.updated"
    example: ClassVar[dict[str, Any]] = CUSTOMER


class CustomerInvalidated(CustomerEvent):
    """A customer was taken out of use (CU-08)."""

    type: ClassVar[str] = "customer.invalidated"
    example: ClassVar[dict[str, Any]] = {**CUSTOMER, "status": "invalid"}


class CustomerMerged(Event):
    """An id that was chosen for a customer stands for another from now on (SA-19); the version is that one's."""

    type: ClassVar[str] = "customer.merged"
    example: ClassVar[dict[str, Any]] = {
        "customer_id": "01936f3a-7c00-7000-8000-000000000009",
        "kept_customer_id": CUSTOMER_ID,
    }

    customer_id: UUID
    kept_customer_id: UUID


class ContactEvent(_RecordEvent):
    """What every event about a contact says."""

    contact_id: UUID
    customer_id: UUID
    owner_id: UUID
    name: str
    title: str | None
    mobile: str | None
    """As it was typed; in E.164 beside it where it is valid."""
    mobile_e164: str | None
    email: str | None
    is_primary: bool


class ContactCreated(ContactEvent):
    """A customer got another contact."""

    type: ClassVar[str] = "contact.created"
    example: ClassVar[dict[str, Any]] = CONTACT


class ContactUpdated(ContactEvent):
    """A contact was changed, or the customer got another owner."""

    type: ClassVar[str] = "contact.updated"
    example: ClassVar[dict[str, Any]] = CONTACT


class ContactDeleted(ContactEvent):
    """A contact was deleted."""

    type: ClassVar[str] = "contact.deleted"
    example: ClassVar[dict[str, Any]] = CONTACT


class ContactMerged(Event):
    """An id that was chosen for a contact stands for another from now on (SA-19); the version is that one's."""

    type: ClassVar[str] = "contact.merged"
    example: ClassVar[dict[str, Any]] = {
        "contact_id": "01936f3a-7c00-7000-8000-000000000008",
        "kept_contact_id": CONTACT["contact_id"],
    }

    contact_id: UUID
    kept_contact_id: UUID


class AddressEvent(_RecordEvent):
    """What every event about an address says."""

    address_id: UUID
    customer_id: UUID
    owner_id: UUID
    kind: str
    country: str | None
    province: str | None
    city: str | None
    district: str | None
    street: str
    postal_code: str | None


class AddressCreated(AddressEvent):
    """A customer got another address."""

    type: ClassVar[str] = "address.created"
    example: ClassVar[dict[str, Any]] = ADDRESS


class AddressUpdated(AddressEvent):
    """An address was changed, or the customer got another owner."""

    type: ClassVar[str] = "address.updated"
    example: ClassVar[dict[str, Any]] = ADDRESS


class AddressDeleted(AddressEvent):
    """An address was deleted."""

    type: ClassVar[str] = "address.deleted"
    example: ClassVar[dict[str, Any]] = ADDRESS


class ActivityRecorded(_RecordEvent):
    """Something was done with a customer and written down (CU-55)."""

    type: ClassVar[str] = "activity.recorded"
    example: ClassVar[dict[str, Any]] = {
        "activity_id": "01936f3a-7c00-7000-8000-000000000006",
        "customer_id": CUSTOMER_ID,
        "opportunity_id": None,
        "lead_id": None,
        "contact_id": CONTACT["contact_id"],
        "kind": "call",
        "occurred_at": "2026-11-22T08:00:00Z",
        "next_contact_at": None,
        "owner_id": OWNER_ID,
        "author_id": OWNER_ID,
    }

    activity_id: UUID
    customer_id: UUID
    opportunity_id: UUID | None
    lead_id: UUID | None
    contact_id: UUID | None
    kind: str
    occurred_at: datetime
    next_contact_at: datetime | None
    owner_id: UUID
    """The customer's owner."""
    author_id: UUID
