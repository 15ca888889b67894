"""Receipts and payments: what is kept of them, and how they are found."""

from finance.vouchers.model import Payment, Receipt
from finance.vouchers.schemas import PaymentSchema, ReceiptSchema
from servicekit import SEE, Deed, Noun

FILTERS = "number contract_id customer_id owner_id bank_account_id reverses_id status currency amount"
SORTS = "created_at amount number"
DEEDS = {"read": SEE, "write": Deed(("登记和冲销", "Book and reverse"))}

RECEIPTS = Noun(
    Receipt,
    ReceiptSchema,
    "/v1/receipts",
    name="receipt",
    label=("回款", "Receipts"),
    row="FI-05",
    filters=f"{FILTERS} receivable_id=obligation_id received_on=moved_on",
    sorts=f"{SORTS} received_on=moved_on",
    deeds=DEEDS,
    tells="",
)
PAYMENTS = Noun(
    Payment,
    PaymentSchema,
    "/v1/payments",
    name="payment",
    label=("付款", "Payments"),
    row="FI-05",
    filters=f"{FILTERS} payable_id=obligation_id paid_on=moved_on",
    sorts=f"{SORTS} paid_on=moved_on",
    deeds=DEEDS,
    tells="",
)
"""Reversed ones and their counter-entries are among them."""
