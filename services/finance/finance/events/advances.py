"""What finance tells about advances."""

from typing import Any, ClassVar
from uuid import UUID

from finance.advances.schemas import AdvanceSchema
from servicekit import EventMoney, RecordEvent

EXAMPLE: dict[str, Any] = {
    "advance_id": "01936f3a-7c00-7000-8000-00000000000d",
    "voucher_id": "01936f3a-7c00-7000-8000-00000000000a",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "amount": "500.00",
    "open_amount": "500.00",
    "applications": [],
}
OBLIGATION_ID = "01936f3a-7c00-7000-8000-000000000008"


class AdvanceEvent(RecordEvent):
    """What every event about an advance says."""

    shows = AdvanceSchema
    leaves_out: ClassVar[dict[str, str]] = {
        "customer_name": "customer.updated tells it, and nothing here when it changes"
    }


class AdvanceBooked(AdvanceEvent):
    """More was paid than was open: the rest is kept for later (FI-12)."""

    type: ClassVar[str] = "advance.booked"
    example: ClassVar[dict[str, Any]] = EXAMPLE


class AdvanceApplied(AdvanceEvent):
    """An advance settled a receivable or payable in part or whole."""

    type: ClassVar[str] = "advance.applied"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE,
        "open_amount": "0.00",
        "status": "used",
        "obligation_id": OBLIGATION_ID,
        "applied_amount": "500.00",
    }

    obligation_id: UUID
    applied_amount: EventMoney


class AdvanceReleased(AdvanceEvent):
    """What an advance had settled was taken back."""

    type: ClassVar[str] = "advance.released"
    example: ClassVar[dict[str, Any]] = {
        **EXAMPLE,
        "obligation_id": OBLIGATION_ID,
        "released_amount": "500.00",
    }

    obligation_id: UUID
    released_amount: EventMoney


class AdvanceCancelled(AdvanceEvent):
    """The receipt or payment that an advance came with was reversed."""

    type: ClassVar[str] = "advance.cancelled"
    example: ClassVar[dict[str, Any]] = {**EXAMPLE, "open_amount": "0.00", "status": "cancelled"}


class AdvanceUpdated(AdvanceEvent):
    """An advance changed but for its amounts: its customer was merged into another (SA-19)."""

    type: ClassVar[str] = "advance.updated"
    example: ClassVar[dict[str, Any]] = EXAMPLE
