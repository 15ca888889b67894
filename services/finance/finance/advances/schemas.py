"""What comes in about advances, and what goes out."""

from finance.advances.model import STATUSES
from finance.obligations.model import DIRECTIONS
from servicekit.fields import Code, Currency, Id, Integer, List, Money, Nested, Schema, Text, Timestamp


class AdvanceApplicationSchema(Schema):
    """A part of an advance that settled a receivable or payable; negative where that was taken back."""

    id = Id(dump_only=True)
    obligation_id = Id(dump_only=True)
    amount = Money(dump_only=True)
    applied_by = Id(dump_only=True)
    applied_at = Timestamp(dump_only=True)


class AdvanceSchema(Schema):
    """Money paid before it was owed."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    voucher_id = Id(dump_only=True)
    direction = Code(DIRECTIONS, dump_only=True)
    customer_id = Id(dump_only=True)
    customer_name = Text(dump_only=True, allow_none=True, metadata={"example": "上海云图科技有限公司"})
    owner_id = Id(dump_only=True)
    currency = Currency(dump_only=True)
    amount = Money(dump_only=True)
    open_amount = Money(dump_only=True)
    status = Code(STATUSES, dump_only=True)
    applications = List(Nested(AdvanceApplicationSchema), dump_only=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class AdvanceUseSchema(Schema):
    """Which receivable (or payable, for what we paid early) and how much."""

    receivable_id = Id(load_default=None, allow_none=True)
    payable_id = Id(load_default=None, allow_none=True, metadata={"example": None})
    amount = Money(required=True, above=0, metadata={"example": "500.00"})
