"""Receipts and payments: what is kept of them, and how they are found."""

from finance.vouchers.model import Payment, Receipt, Voucher
from finance.vouchers.schemas import PaymentSchema, ReceiptSchema, VoucherSchema
from servicekit import SEE, Deed, Noun
from servicekit.base.labels import Label

DEEDS = {"read": SEE, "write": Deed(("登记和冲销", "Book and reverse"))}


def _booked(
    model: type[Voucher], schema: type[VoucherSchema], name: str, label: Label, settles: str, day: str
) -> Noun[Voucher]:
    """Declare vouchers of a kind; reversed ones and their counter-entries are among them.

    Args:
        settles: what the id of the obligation is called.
        day: what the day on which the money moved is called.
    """
    return Noun(
        model,
        schema,
        f"/v1/{name}s",
        name=name,
        label=label,
        row="FI-05",
        filters="number contract_id customer_id owner_id bank_account_id reverses_id status currency amount "
        f"{settles}=obligation_id {day}=moved_on",
        sorts=f"created_at amount number {day}=moved_on",
        deeds=DEEDS,
        tells="",
    )


RECEIPTS = _booked(Receipt, ReceiptSchema, "receipt", ("回款", "Receipts"), "receivable_id", "received_on")
PAYMENTS = _booked(Payment, PaymentSchema, "payment", ("付款", "Payments"), "payable_id", "paid_on")
