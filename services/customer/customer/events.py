"""What the customer service tells the others: records as their answers show them."""

from typing import Any, ClassVar, Self
from uuid import UUID

from customer.activities.schemas import ActivitySchema
from customer.contacts.schemas import ContactSchema
from customer.customers.queries import MOVES
from customer.customers.schemas import CustomerSchema
from servicekit import Event, RecordEvent

CUSTOMER_ID = "01936f3a-7c00-7000-8000-000000000001"
OWNER_ID = "01936f3a-7c00-7000-8000-000000000003"
CUSTOMER: dict[str, Any] = {"customer_id": CUSTOMER_ID, "owner_id": OWNER_ID, "customer_source": "展会"}
CONTACT: dict[str, Any] = {
    "contact_id": "01936f3a-7c00-7000-8000-000000000002",
    "customer_id": CUSTOMER_ID,
    "owner_id": OWNER_ID,
    "is_primary": True,
}


class CustomerEvent(RecordEvent):
    """What every event about a customer says."""

    shows = CustomerSchema
    leaves_out: ClassVar[dict[str, str]] = MOVES

    customer_source: str | None
    """The same as ``source``: where we know it from."""

    @classmethod
    def of(cls, record: Any, **more: Any) -> Self:
        """Return the event for a customer."""
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


class CustomerStatusAsked(CustomerEvent):
    """A customer is to get another status, and waits for the approval of it (CU-09)."""

    type: ClassVar[str] = "customer.status_asked"
    example: ClassVar[dict[str, Any]] = {
        **CUSTOMER,
        "approval_id": "01936f3a-7c00-7000-8000-000000000004",
        "approval_step": "upgrade",
        "to": "potential",
    }

    to: str


class CustomerStatusRefused(CustomerEvent):
    """An approval was refused or taken back: a customer keeps its status (CU-09)."""

    type: ClassVar[str] = "customer.status_refused"
    example: ClassVar[dict[str, Any]] = {**CUSTOMER, "comment": "资料不全"}

    comment: str


class CustomerUpgraded(CustomerEvent):
    """A customer has risen to the next status, with the approval that needs (CU-09)."""

    type: ClassVar[str] = "customer.upgraded"
    example: ClassVar[dict[str, Any]] = {**CUSTOMER, "status": "potential"}


class CustomerDowngraded(CustomerEvent):
    """A customer has a lower status (CU-09)."""

    type: ClassVar[str] = "customer.downgraded"
    example: ClassVar[dict[str, Any]] = CUSTOMER


class CustomerFrozen(CustomerEvent):
    """A customer rests (CU-09)."""

    type: ClassVar[str] = "customer.frozen"
    example: ClassVar[dict[str, Any]] = {**CUSTOMER, "status": "frozen", "frozen_from": "success"}


class CustomerUnfrozen(CustomerEvent):
    """A customer goes on with the status it had before (8.14)."""

    type: ClassVar[str] = "customer.unfrozen"
    example: ClassVar[dict[str, Any]] = {**CUSTOMER, "status": "success"}


class CustomerMerged(Event):
    """An id that was chosen for a customer stands for another from now on (SA-19).

    ``customer_id`` is the id that goes; ``kept_customer_id`` and the event's subject the customer that lives on, whose
    version it is. Link what you keep under the first to the second, and what comes later under the first too: services
    re-link theirs and tell each record with a new version (``contract.updated``, ``receivable.updated`` …). Each id
    goes once; the one that lives on may go later.
    """

    brief: ClassVar[str] = "it links two ids; the customer that lives on has not changed"
    type: ClassVar[str] = "customer.merged"
    about: ClassVar[str] = "kept_customer_id"
    example: ClassVar[dict[str, Any]] = {
        "customer_id": "01936f3a-7c00-7000-8000-000000000009",
        "kept_customer_id": CUSTOMER_ID,
    }

    customer_id: UUID
    kept_customer_id: UUID


class ContactEvent(RecordEvent):
    """What every event about a contact says."""

    shows = ContactSchema


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
    """An id that was chosen for a contact stands for another from now on (SA-19); the version is that one's.

    ``contact_id`` is the id that goes, ``kept_contact_id`` and the event's subject the contact that lives on.
    """

    brief: ClassVar[str] = (
        "it links two ids; what the contact that lives on gained is told by contact.updated"
    )
    type: ClassVar[str] = "contact.merged"
    about: ClassVar[str] = "kept_contact_id"
    example: ClassVar[dict[str, Any]] = {
        "contact_id": "01936f3a-7c00-7000-8000-000000000008",
        "kept_contact_id": CONTACT["contact_id"],
    }

    contact_id: UUID
    kept_contact_id: UUID


class ActivityRecorded(RecordEvent):
    """Something was done with a customer and written down (CU-55)."""

    type: ClassVar[str] = "activity.recorded"
    shows = ActivitySchema
    example: ClassVar[dict[str, Any]] = {
        "activity_id": "01936f3a-7c00-7000-8000-000000000006",
        "customer_id": CUSTOMER_ID,
        "opportunity_id": None,
        "contact_id": CONTACT["contact_id"],
        "owner_id": OWNER_ID,
        "author_id": OWNER_ID,
    }

    owner_id: UUID
    """The customer's owner."""
