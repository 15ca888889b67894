"""What comes in about advances, and what goes out."""

from finance.advances.model import STATUSES
from finance.customers.schemas import CustomerName
from finance.obligations.model import DIRECTIONS
from servicekit.base.fields import Code, Currency, Id, Integer, List, Money, Nested, Schema, Timestamp


class AdvanceApplicationSchema(Schema):
    """A part of an advance that settled a receivable or payable; negative where that was taken back."""

    id = Id(dump_only=True)
    obligation_id = Id(label=("应收或应付", "Receivable or payable"), reference="", dump_only=True)
    amount = Money(label=("核销金额", "Amount"), dump_only=True)
    applied_by = Id(label=("核销人", "Applied by"), reference="account", dump_only=True)
    applied_at = Timestamp(label=("核销时间", "Applied"), dump_only=True)


class AdvanceSchema(Schema):
    """Money paid before it was owed."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    voucher_id = Id(label=("收款或付款单", "Receipt or payment"), reference="", dump_only=True)
    direction = Code(DIRECTIONS, label=("收付方向", "Direction"), dump_only=True)
    customer_id = Id(label=("客户", "Customer"), dump_only=True)
    customer_name = CustomerName()
    owner_id = Id(reference="account", dump_only=True)
    currency = Currency(dump_only=True)
    amount = Money(label=("预收付金额", "Amount"), dump_only=True)
    open_amount = Money(label=("剩余金额", "Open amount"), dump_only=True)
    status = Code(STATUSES, label=("预收付状态", "Status"), dump_only=True)
    applications = List(Nested(AdvanceApplicationSchema), label=("核销记录", "Applications"), dump_only=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class AdvanceUseSchema(Schema):
    """Which receivable (or payable, for what we paid early) and how much."""

    receivable_id = Id(label=("应收", "Receivable"), load_default=None, allow_none=True)
    payable_id = Id(label=("应付", "Payable"), load_default=None, allow_none=True, metadata={"example": None})
    amount = Money(label=("核销金额", "Amount"), required=True, above=0, metadata={"example": "500.00"})
