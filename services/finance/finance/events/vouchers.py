"""What finance tells about receipts and payments."""

from typing import Any, ClassVar
from uuid import UUID

from finance.vouchers.model import PAYMENT, RECEIPT
from finance.vouchers.schemas import PaymentSchema, ReceiptSchema
from servicekit import RecordEvent

VOUCHER: dict[str, Any] = {
    "contract_id": "01936f3a-7c00-7000-8000-000000000001",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "booked_by": "01936f3a-7c00-7000-8000-000000000003",
    "bank_account_id": None,
    "status": "booked",
}
RECEIPT_EXAMPLE = {
    "receipt_id": "01936f3a-7c00-7000-8000-00000000000a",
    "receivable_id": "01936f3a-7c00-7000-8000-000000000008",
    **VOUCHER,
}
PAYMENT_EXAMPLE = {
    "payment_id": "01936f3a-7c00-7000-8000-00000000000b",
    "payable_id": "01936f3a-7c00-7000-8000-000000000009",
    **VOUCHER,
}
REVERSAL = {
    "status": "reversed",
    "reversal_id": "01936f3a-7c00-7000-8000-00000000000c",
    "reason": "支票被退回",
}
COUNTER_ENTRY = {
    "status": "reversal",
    "reverses_id": "01936f3a-7c00-7000-8000-00000000000c",
    "reason": "支票被退回",
    "amount": "-2000.00",
    "settled_amount": "-2000.00",
    "advance_amount": "0.00",
}


class VoucherEvent(RecordEvent):
    """What every event about a receipt or payment says."""

    leaves_out: ClassVar[dict[str, str]] = {
        "customer_name": "customer.updated tells it, and nothing here when it changes"
    }


class ReceiptEvent(VoucherEvent):
    """What every event about a receipt says."""

    shows = ReceiptSchema


class ReceiptBooked(ReceiptEvent):
    """Money came in (FI-03)."""

    type: ClassVar[str] = "receipt.booked"
    example: ClassVar[dict[str, Any]] = RECEIPT_EXAMPLE


class ReceiptReversed(ReceiptEvent):
    """A receipt was taken back by a counter-entry."""

    type: ClassVar[str] = "receipt.reversed"
    example: ClassVar[dict[str, Any]] = {**RECEIPT_EXAMPLE, **REVERSAL}

    reversal_id: UUID
    reason: str
    """Why: that of the counter-entry, for it has none itself."""


class ReceiptReversalBooked(ReceiptEvent):
    """The counter-entry of a receipt was booked, with amounts below zero; ``receipt.reversed`` tells of the receipt."""

    type: ClassVar[str] = "receipt.reversal_booked"
    example: ClassVar[dict[str, Any]] = {**RECEIPT_EXAMPLE, **COUNTER_ENTRY}


class ReceiptUpdated(ReceiptEvent):
    """A receipt changed but for its amounts: its customer was merged into another (SA-19)."""

    type: ClassVar[str] = "receipt.updated"
    example: ClassVar[dict[str, Any]] = RECEIPT_EXAMPLE


class PaymentEvent(VoucherEvent):
    """What every event about a payment says."""

    shows = PaymentSchema


class PaymentBooked(PaymentEvent):
    """Money went out (FI-03)."""

    type: ClassVar[str] = "payment.booked"
    example: ClassVar[dict[str, Any]] = PAYMENT_EXAMPLE


class PaymentReversed(PaymentEvent):
    """A payment was taken back by a counter-entry."""

    type: ClassVar[str] = "payment.reversed"
    example: ClassVar[dict[str, Any]] = {**PAYMENT_EXAMPLE, **REVERSAL}

    reversal_id: UUID
    reason: str
    """Why: that of the counter-entry, for it has none itself."""


class PaymentReversalBooked(PaymentEvent):
    """The counter-entry of a payment was booked, with amounts below zero; ``payment.reversed`` tells of the payment."""

    type: ClassVar[str] = "payment.reversal_booked"
    example: ClassVar[dict[str, Any]] = {**PAYMENT_EXAMPLE, **COUNTER_ENTRY}


class PaymentUpdated(PaymentEvent):
    """A payment changed but for its amounts: its customer was merged into another (SA-19)."""

    type: ClassVar[str] = "payment.updated"
    example: ClassVar[dict[str, Any]] = PAYMENT_EXAMPLE


BOOKED: dict[str, type[VoucherEvent]] = {RECEIPT: ReceiptBooked, PAYMENT: PaymentBooked}
REVERSED: dict[str, type[VoucherEvent]] = {RECEIPT: ReceiptReversed, PAYMENT: PaymentReversed}
COUNTERED: dict[str, type[VoucherEvent]] = {RECEIPT: ReceiptReversalBooked, PAYMENT: PaymentReversalBooked}
UPDATED: dict[str, type[VoucherEvent]] = {RECEIPT: ReceiptUpdated, PAYMENT: PaymentUpdated}
