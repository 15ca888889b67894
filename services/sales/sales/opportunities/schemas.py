"""What comes in about opportunities, and what goes out."""

from decimal import Decimal

from sales.opportunities.model import IMPORTANCES, LOSS_REASONS, PROSPECTING, STAGES, STATUSES
from servicekit.fields import (
    AccountId,
    Code,
    Currency,
    Date,
    Id,
    Integer,
    Money,
    PastDate,
    Schema,
    Text,
    Timestamp,
)


class OpportunitySchema(Schema):
    """An opportunity."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    status = Code(STATUSES, dump_only=True)
    name = Text(200, required=True, metadata={"example": "上海云图科技 CRM 采购"})
    customer_id = Id(load_default=None)
    customer_name = Text(dump_only=True, allow_none=True, metadata={"example": "上海云图科技有限公司"})
    product_id = Id(load_default=None, metadata={"example": None})
    amount = Money(minimum=0, load_default=Decimal(0))
    currency = Currency(load_default="CNY")
    stage = Code(STAGES, load_default=PROSPECTING)
    probability = Integer(minimum=0, maximum=100, load_default=None, metadata={"example": 30})
    expected_close_on = Date(load_default=None, metadata={"example": "2027-03-31"})
    started_on = PastDate()
    source = Text(100, load_default=None, metadata={"example": "展会"})
    type = Text(100, load_default=None, metadata={"example": "新客户"})
    importance = Code(IMPORTANCES, load_default="medium")
    remark = Text(2000, load_default=None, multiline=True)
    owner_id = AccountId()
    closed_on = Date(dump_only=True, allow_none=True, metadata={"example": None})
    reason = Code(LOSS_REASONS, dump_only=True, allow_none=True, metadata={"example": None})
    close_remark = Text(2000, dump_only=True, allow_none=True, metadata={"example": None})
    last_activity_at = Timestamp(dump_only=True, allow_none=True, metadata={"example": None})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class AdvanceOpportunitySchema(Schema):
    """The stage to enter."""

    stage = Code(STAGES, required=True, metadata={"example": "proposing"})


class WinOpportunitySchema(Schema):
    """When it was won, and for how much if not as expected."""

    closed_on = PastDate(required=True)
    amount = Money(minimum=0, load_default=None)
    remark = Text(2000, load_default=None, multiline=True)


class LoseOpportunitySchema(Schema):
    """When it was lost, and why (SA-35)."""

    closed_on = PastDate(required=True)
    reason = Code(LOSS_REASONS, required=True)
    remark = Text(2000, load_default=None, multiline=True)
