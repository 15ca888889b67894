"""What finance tells about receipts and payments."""

from datetime import date
from typing import Any, ClassVar, Self
from uuid import UUID

from finance.vouchers.model import PAYMENT, RECEIPT, Voucher
from servicekit import Event, EventMoney

VOUCHER: dict[str, Any] = {
    "contract_id": "01936f3a-7c00-7000-8000-000000000001",
    "customer_id": "01936f3a-7c00-7000-8000-000000000002",
    "owner_id": "01936f3a-7c00-7000-8000-000000000003",
    "currency": "CNY",
    "amount": "2000.00",
    "settled_amount": "2000.00",
    "advance_amount": "0.00",
    "bank_account_id": None,
    "status": "booked",
}
RECEIPT_EXAMPLE = {
    "receipt_id": "01936f3a-7c00-7000-8000-00000000000a",
    "number": "SK20261122-0001",
    "receivable_id": "01936f3a-7c00-7000-8000-000000000008",
    "received_on": "2026-11-22",
    **VOUCHER,
}
PAYMENT_EXAMPLE = {
    "payment_id": "01936f3a-7c00-7000-8000-00000000000b",
    "number": "FK20261122-0001",
    "payable_id": "01936f3a-7c00-7000-8000-000000000009",
    "paid_on": "2026-11-22",
    **VOUCHER,
}
REVERSAL = {
    "status": "reversed",
    "reversal_id": "01936f3a-7c00-7000-8000-00000000000c",
    "reason": "支票被退回",
}


class VoucherEvent(Event):
    """What every event about a receipt or payment says."""

    number: str
    contract_id: UUID
    customer_id: UUID
    owner_id: UUID
    currency: str
    amount: EventMoney
    settled_amount: EventMoney
    advance_amount: EventMoney
    bank_account_id: UUID | None
    status: str

    @classmethod
    def of(cls, voucher: Voucher, **more: Any) -> Self:
        """Return the event for a receipt or payment as it is now."""
        values = {name: getattr(voucher, name) for name in VoucherEvent.model_fields}
        return cls(**values, **more)


class ReceiptEvent(VoucherEvent):
    """What every event about a receipt says."""

    receipt_id: UUID
    receivable_id: UUID
    received_on: date

    @classmethod
    def of(cls, voucher: Voucher, **more: Any) -> Self:
        """Return the event for a receipt as it is now."""
        names = {
            "receipt_id": voucher.id,
            "receivable_id": voucher.obligation_id,
            "received_on": voucher.moved_on,
        }
        return super().of(voucher, **names, **more)


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


class ReceiptUpdated(ReceiptEvent):
    """A receipt changed but for its amounts: its customer was merged into another (SA-19)."""

    type: ClassVar[str] = "receipt.updated"
    example: ClassVar[dict[str, Any]] = RECEIPT_EXAMPLE


class PaymentEvent(VoucherEvent):
    """What every event about a payment says."""

    payment_id: UUID
    payable_id: UUID
    paid_on: date

    @classmethod
    def of(cls, voucher: Voucher, **more: Any) -> Self:
        """Return the event for a payment as it is now."""
        names = {"payment_id": voucher.id, "payable_id": voucher.obligation_id, "paid_on": voucher.moved_on}
        return super().of(voucher, **names, **more)


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


class PaymentUpdated(PaymentEvent):
    """A payment changed but for its amounts: its customer was merged into another (SA-19)."""

    type: ClassVar[str] = "payment.updated"
    example: ClassVar[dict[str, Any]] = PAYMENT_EXAMPLE


BOOKED: dict[str, type[VoucherEvent]] = {RECEIPT: ReceiptBooked, PAYMENT: PaymentBooked}
REVERSED: dict[str, type[VoucherEvent]] = {RECEIPT: ReceiptReversed, PAYMENT: PaymentReversed}
UPDATED: dict[str, type[VoucherEvent]] = {RECEIPT: ReceiptUpdated, PAYMENT: PaymentUpdated}
