"""What comes in about receipts and payments, and what goes out."""

from finance.customers.schemas import CustomerName
from finance.vouchers.model import STATUSES
from servicekit.base.fields import Code, Currency, Flag, Id, Integer, Money, PastDate, Schema, Text, Timestamp


class VoucherSchema(Schema):
    """What receipts and payments have in common."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    contract_id = Id(label=("合同", "Contract"), dump_only=True)
    customer_id = Id(label=("客户", "Customer"), dump_only=True)
    customer_name = CustomerName()
    owner_id = Id(reference="account", dump_only=True)
    currency = Currency(dump_only=True)
    amount = Money(label=("金额", "Amount"), required=True, above=0, metadata={"example": "2000.00"})
    as_advance = Flag(
        label=("余款转预收付", "Keep the rest as an advance"),
        load_default=False,
        load_only=True,
        metadata={"example": False},
    )
    settled_amount = Money(
        label=("核销金额", "Settled amount"), dump_only=True, metadata={"example": "2000.00"}
    )
    advance_amount = Money(
        label=("转预收付金额", "Advance amount"), dump_only=True, metadata={"example": "0.00"}
    )
    bank_account_id = Id(
        label=("银行账户", "Bank account"), load_default=None, allow_none=True, metadata={"example": None}
    )
    reference = Text(
        100,
        label=("凭证号", "Reference"),
        load_default=None,
        allow_none=True,
        metadata={"example": "招行回单 8834201"},
    )
    remark = Text(1000, label=("备注", "Remark"), load_default=None, allow_none=True, multiline=True)
    status = Code(STATUSES, label=("单据状态", "Status"), dump_only=True)
    reverses_id = Id(
        label=("被冲销的单据", "Reverses"),
        reference="",
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    reason = Text(
        label=("冲销原因", "Reason for reversal"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    booked_by = Id(label=("经办人", "Booked by"), reference="account", dump_only=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class ReceiptSchema(VoucherSchema):
    """Money that came in and settles a receivable."""

    number = Text(label=("收款单号", "Number"), dump_only=True, metadata={"example": "SK20261122-0001"})
    receivable_id = Id(label=("应收", "Receivable"), required=True, attribute="obligation_id")
    received_on = PastDate(label=("收款日期", "Received on"), required=True, attribute="moved_on")


class PaymentSchema(VoucherSchema):
    """Money that went out and settles a payable."""

    number = Text(label=("付款单号", "Number"), dump_only=True, metadata={"example": "FK20261122-0001"})
    payable_id = Id(label=("应付", "Payable"), required=True, attribute="obligation_id")
    paid_on = PastDate(label=("付款日期", "Paid on"), required=True, attribute="moved_on")


class ReversalSchema(Schema):
    """Why a receipt or payment is taken back."""

    reason = Text(
        500, label=("冲销原因", "Reason for reversal"), required=True, metadata={"example": "支票被退回"}
    )
