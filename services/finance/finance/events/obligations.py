"""What finance tells about receivables and payables."""

from typing import Any, ClassVar

from finance.obligations.model import PAYABLE, RECEIVABLE
from finance.obligations.schemas import PayableSchema, ReceivableSchema
from servicekit import RecordEvent

OBLIGATION: dict[str, Any] = {
    "contract_id": "01936f3a-7c00-7000-8000-000000000001",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "settled_amount": "0.00",
    "outstanding_amount": "12000.00",
    "status": "unsettled",
}
RECEIVABLE_EXAMPLE = {"receivable_id": "01936f3a-7c00-7000-8000-000000000008", **OBLIGATION}
PAYABLE_EXAMPLE = {"payable_id": "01936f3a-7c00-7000-8000-000000000009", **OBLIGATION}
PARTIAL = {"settled_amount": "2000.00", "outstanding_amount": "10000.00", "status": "partial"}


class ObligationEvent(RecordEvent):
    """What every event about a receivable or payable says."""

    leaves_out: ClassVar[dict[str, str]] = {
        "customer_name": "customer.updated tells it, and nothing here when it changes"
    }


class ReceivableEvent(ObligationEvent):
    """What every event about a receivable says."""

    shows = ReceivableSchema


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

    shows = PayableSchema


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
