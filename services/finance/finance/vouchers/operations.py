"""What can be asked about receipts and payments."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance.vouchers.booking import book, reverse
from finance.vouchers.model import Payment, Receipt
from finance.vouchers.queries import PAYMENTS, RECEIPTS
from finance.vouchers.schemas import PaymentSchema, ReceiptSchema, ReversalSchema
from servicekit import Caller, operation

REFUSALS = ("amount-exceeds-outstanding", "bank-account-closed", "currency-differs", "unknown-reference")


class VoucherOperations:
    """Receipts and payments: the money that settles what is owed."""

    @operation("GET /v1/receipts", lists=RECEIPTS)
    def list_receipts(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the receipts the caller may see, reversed ones and their counter-entries too (FI-05)."""
        return RECEIPTS.page(session, caller, query)

    @operation("GET /v1/receipts/{receipt_id}", permission="receipt.read", returns=ReceiptSchema)
    def get_receipt(self, session: Session, caller: Caller, receipt_id: UUID) -> Any:
        """Return one receipt (FI-05)."""
        return RECEIPTS.record(session, caller, receipt_id)

    @operation(
        "POST /v1/receipts",
        permission="receipt.write",
        accepts=ReceiptSchema,
        returns=ReceiptSchema,
        creates=True,
        errors=("receivable-settled", *REFUSALS),
    )
    def create_receipt(self, session: Session, caller: Caller, data: dict[str, Any]) -> Receipt:
        """Book money that settles a receivable in part or whole, the rest as an advance if meant (FI-03, FI-12)."""
        return book(session, caller, Receipt, "receipt.write", "receivable_id", data)

    @operation(
        "POST /v1/receipts/{receipt_id}/reverse",
        permission="receipt.write",
        accepts=ReversalSchema,
        returns=ReceiptSchema,
        does=Receipt.reverse,
        errors=("receipt-not-booked", "advance-in-use"),
    )
    def reverse_receipt(
        self, session: Session, caller: Caller, receipt_id: UUID, data: dict[str, Any]
    ) -> Receipt:
        """Take a receipt back with a counter-entry, which is the answer; the receivable is open again (FI-03)."""
        return reverse(session, caller, Receipt, "receipt.write", receipt_id, data["reason"])

    @operation("GET /v1/payments", lists=PAYMENTS)
    def list_payments(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List the payments the caller may see, reversed ones and their counter-entries too (FI-05)."""
        return PAYMENTS.page(session, caller, query)

    @operation("GET /v1/payments/{payment_id}", permission="payment.read", returns=PaymentSchema)
    def get_payment(self, session: Session, caller: Caller, payment_id: UUID) -> Any:
        """Return one payment (FI-05)."""
        return PAYMENTS.record(session, caller, payment_id)

    @operation(
        "POST /v1/payments",
        permission="payment.write",
        accepts=PaymentSchema,
        returns=PaymentSchema,
        creates=True,
        errors=("payable-settled", *REFUSALS),
    )
    def create_payment(self, session: Session, caller: Caller, data: dict[str, Any]) -> Payment:
        """Book money that settles a payable in part or whole, the rest as an advance if meant (FI-03, FI-12)."""
        return book(session, caller, Payment, "payment.write", "payable_id", data)

    @operation(
        "POST /v1/payments/{payment_id}/reverse",
        permission="payment.write",
        accepts=ReversalSchema,
        returns=PaymentSchema,
        does=Payment.reverse,
        errors=("payment-not-booked", "advance-in-use"),
    )
    def reverse_payment(
        self, session: Session, caller: Caller, payment_id: UUID, data: dict[str, Any]
    ) -> Payment:
        """Take a payment back with a counter-entry, which is the answer; the payable is open again (FI-03)."""
        return reverse(session, caller, Payment, "payment.write", payment_id, data["reason"])
