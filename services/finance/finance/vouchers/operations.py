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


@PAYMENTS.operations("list get")
@RECEIPTS.operations("list get")
class VoucherOperations:
    """Receipts and payments: the money that settles what is owed."""

    @operation(
        "POST /v1/receipts",
        permission=RECEIPTS.writing,
        accepts=ReceiptSchema,
        returns=ReceiptSchema,
        creates=True,
        errors=("receivable-settled", *REFUSALS),
    )
    def create_receipt(self, session: Session, caller: Caller, data: dict[str, Any]) -> Receipt:
        """Book money that settles a receivable in part or whole, the rest as an advance if meant (FI-03, FI-12)."""
        return book(session, caller, Receipt, RECEIPTS.writing, "receivable_id", data)

    @operation(
        "POST /v1/receipts/{receipt_id}/reverse",
        permission=RECEIPTS.writing,
        accepts=ReversalSchema,
        returns=ReceiptSchema,
        does=Receipt.reverse,
        errors=("receipt-not-booked", "advance-in-use"),
    )
    def reverse_receipt(
        self, session: Session, caller: Caller, receipt_id: UUID, data: dict[str, Any]
    ) -> Receipt:
        """Take a receipt back with a counter-entry, which is the answer; the receivable is open again (FI-03)."""
        return reverse(session, caller, Receipt, RECEIPTS.writing, receipt_id, data["reason"])

    @operation(
        "POST /v1/payments",
        permission=PAYMENTS.writing,
        accepts=PaymentSchema,
        returns=PaymentSchema,
        creates=True,
        errors=("payable-settled", *REFUSALS),
    )
    def create_payment(self, session: Session, caller: Caller, data: dict[str, Any]) -> Payment:
        """Book money that settles a payable in part or whole, the rest as an advance if meant (FI-03, FI-12)."""
        return book(session, caller, Payment, PAYMENTS.writing, "payable_id", data)

    @operation(
        "POST /v1/payments/{payment_id}/reverse",
        permission=PAYMENTS.writing,
        accepts=ReversalSchema,
        returns=PaymentSchema,
        does=Payment.reverse,
        errors=("payment-not-booked", "advance-in-use"),
    )
    def reverse_payment(
        self, session: Session, caller: Caller, payment_id: UUID, data: dict[str, Any]
    ) -> Payment:
        """Take a payment back with a counter-entry, which is the answer; the payable is open again (FI-03)."""
        return reverse(session, caller, Payment, PAYMENTS.writing, payment_id, data["reason"])
