"""Lists of receipts and payments."""

from typing import Any

from finance.vouchers.model import Payment, Receipt, Voucher
from finance.vouchers.schemas import PaymentSchema, ReceiptSchema
from servicekit import Listing

FILTERS: dict[str, Any] = {
    "number": Voucher.number,
    "contract_id": Voucher.contract_id,
    "customer_id": Voucher.customer_id,
    "owner_id": Voucher.owner_id,
    "bank_account_id": Voucher.bank_account_id,
    "reverses_id": Voucher.reverses_id,
    "status": Voucher.status,
    "currency": Voucher.currency,
    "amount": Voucher.amount,
}
SORTS: dict[str, Any] = {"created_at": Voucher.created_at, "amount": Voucher.amount, "number": Voucher.number}

RECEIPTS = Listing(
    Receipt,
    ReceiptSchema,
    "receipt.read",
    filters={**FILTERS, "receivable_id": Voucher.obligation_id, "received_on": Voucher.moved_on},
    sorts={**SORTS, "received_on": Voucher.moved_on},
)
PAYMENTS = Listing(
    Payment,
    PaymentSchema,
    "payment.read",
    filters={**FILTERS, "payable_id": Voucher.obligation_id, "paid_on": Voucher.moved_on},
    sorts={**SORTS, "paid_on": Voucher.moved_on},
)
