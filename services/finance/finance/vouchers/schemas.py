"""What comes in about receipts and payments, and what goes out."""

from finance.vouchers.model import STATUSES
from servicekit.fields import Code, Currency, Flag, Id, Integer, Money, PastDate, Schema, Text, Timestamp


class VoucherSchema(Schema):
    """What receipts and payments have in common."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    contract_id = Id(dump_only=True)
    customer_id = Id(dump_only=True)
    customer_name = Text(dump_only=True, allow_none=True, metadata={"example": "上海云图科技有限公司"})
    owner_id = Id(dump_only=True)
    currency = Currency(dump_only=True)
    amount = Money(required=True, above=0, metadata={"example": "2000.00"})
    as_advance = Flag(load_default=False, load_only=True, metadata={"example": False})
    settled_amount = Money(dump_only=True, metadata={"example": "2000.00"})
    advance_amount = Money(dump_only=True, metadata={"example": "0.00"})
    bank_account_id = Id(load_default=None, allow_none=True, metadata={"example": None})
    reference = Text(100, load_default=None, allow_none=True, metadata={"example": "招行回单 8834201"})
    remark = Text(1000, load_default=None, allow_none=True, multiline=True)
    status = Code(STATUSES, dump_only=True)
    reverses_id = Id(dump_only=True, allow_none=True, metadata={"example": None})
    reason = Text(dump_only=True, allow_none=True, metadata={"example": None})
    booked_by = Id(dump_only=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class ReceiptSchema(VoucherSchema):
    """Money that came in and settles a receivable."""

    number = Text(dump_only=True, metadata={"example": "SK20261122-0001"})
    receivable_id = Id(required=True, attribute="obligation_id")
    received_on = PastDate(required=True, attribute="moved_on")


class PaymentSchema(VoucherSchema):
    """Money that went out and settles a payable."""

    number = Text(dump_only=True, metadata={"example": "FK20261122-0001"})
    payable_id = Id(required=True, attribute="obligation_id")
    paid_on = PastDate(required=True, attribute="moved_on")


class ReversalSchema(Schema):
    """Why a receipt or payment is taken back."""

    reason = Text(500, required=True, metadata={"example": "支票被退回"})
