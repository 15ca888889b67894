"""What finance tells about receivables and payables."""

from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from finance.obligations.model import PAYABLE, RECEIVABLE, Obligation
from servicekit import Event, EventMoney

OBLIGATION: dict[str, Any] = {
    "contract_id": "01936f3a-7c00-7000-8000-000000000001",
    "contract_number": "HT20261122-0001",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "currency": "CNY",
    "amount": "12000.00",
    "settled_amount": "0.00",
    "outstanding_amount": "12000.00",
    "due_on": "2026-12-31",
    "status": "unsettled",
}
RECEIVABLE_EXAMPLE = {"receivable_id": "01936f3a-7c00-7000-8000-000000000008", **OBLIGATION}
PAYABLE_EXAMPLE = {"payable_id": "01936f3a-7c00-7000-8000-000000000009", **OBLIGATION}
PARTIAL = {"settled_amount": "2000.00", "outstanding_amount": "10000.00", "status": "partial"}


class ObligationEvent(Event):
    """What every event about a receivable or payable says."""

    contract_id: UUID
    contract_number: str
    customer_id: UUID
    owner_id: UUID
    currency: str
    amount: EventMoney
    settled_amount: EventMoney
    outstanding_amount: EventMoney
    due_on: date
    status: str

    @classmethod
    def of(cls, obligation: Obligation) -> Self:
        """Return the event for a receivable or payable as it is now."""
        values = {name: getattr(obligation, name) for name in ObligationEvent.model_fields}
        return cls(**{f"{obligation.direction}_id": obligation.id, **values})


class ReceivableEvent(ObligationEvent):
    """What every event about a receivable says."""

    receivable_id: UUID


class ReceivableRaised(ReceivableEvent):
    """A customer owes us something (FI-01)."""

    type: ClassVar[str] = "receivable.raised"
    example: ClassVar[dict[str, Any]] = RECEIVABLE_EXAMPLE


class ReceivableSettled(ReceivableEvent):
    """A receivable was settled in part or whole (FI-03)."""

    type: ClassVar[str] = "receivable.settled"
    example: ClassVar[dict[str, Any]] = {**RECEIVABLE_EXAMPLE, **PARTIAL}


class ReceivableReopened(ReceivableEvent):
    """A settlement was taken back: more is open again."""

    type: ClassVar[str] = "receivable.reopened"
    example: ClassVar[dict[str, Any]] = RECEIVABLE_EXAMPLE


class ReceivableUpdated(ReceivableEvent):
    """A receivable changed but for what is open of it: its customer was merged into another (SA-19)."""

    type: ClassVar[str] = "receivable.updated"
    example: ClassVar[dict[str, Any]] = RECEIVABLE_EXAMPLE


class PayableEvent(ObligationEvent):
    """What every event about a payable says."""

    payable_id: UUID


class PayableRaised(PayableEvent):
    """We owe a supplier something (FI-01)."""

    type: ClassVar[str] = "payable.raised"
    example: ClassVar[dict[str, Any]] = PAYABLE_EXAMPLE


class PayableSettled(PayableEvent):
    """A payable was settled in part or whole (FI-03)."""

    type: ClassVar[str] = "payable.settled"
    example: ClassVar[dict[str, Any]] = {**PAYABLE_EXAMPLE, **PARTIAL}


class PayableReopened(PayableEvent):
    """A settlement was taken back: more is open again."""

    type: ClassVar[str] = "payable.reopened"
    example: ClassVar[dict[str, Any]] = PAYABLE_EXAMPLE


class PayableUpdated(PayableEvent):
    """A payable changed but for what is open of it: its customer was merged into another (SA-19)."""

    type: ClassVar[str] = "payable.updated"
    example: ClassVar[dict[str, Any]] = PAYABLE_EXAMPLE


RAISED: dict[str, type[ObligationEvent]] = {RECEIVABLE: ReceivableRaised, PAYABLE: PayableRaised}
SETTLED: dict[str, type[ObligationEvent]] = {RECEIVABLE: ReceivableSettled, PAYABLE: PayableSettled}
REOPENED: dict[str, type[ObligationEvent]] = {RECEIVABLE: ReceivableReopened, PAYABLE: PayableReopened}
UPDATED: dict[str, type[ObligationEvent]] = {RECEIVABLE: ReceivableUpdated, PAYABLE: PayableUpdated}
