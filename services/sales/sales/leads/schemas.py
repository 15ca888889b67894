"""What comes in about leads, and what goes out."""

from decimal import Decimal

from sales.leads.model import PRIORITIES, STATUSES, UNTOUCHED
from servicekit.fields import (
    E164,
    AccountId,
    Code,
    Currency,
    Date,
    Email,
    Flag,
    Id,
    Integer,
    Money,
    Nested,
    Phone,
    Schema,
    Text,
    Timestamp,
)


class LeadSchema(Schema):
    """A lead."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    status = Code(STATUSES, load_default=UNTOUCHED)
    company_name = Text(200, blank=True, load_default="", metadata={"example": "上海云图科技有限公司"})
    """Empty for a private person (CU-05)."""
    contact_name = Text(100, required=True, metadata={"example": "张伟"})
    title = Text(100, load_default=None, metadata={"example": "采购经理"})
    mobile = Phone(load_default=None, metadata={"example": "+86 138 0013 8000"})
    mobile_e164 = E164()
    phone = Phone(load_default=None, metadata={"example": "021-5555 1234 转 801"})
    phone_e164 = E164(metadata={"example": "+862155551234"})
    email = Email(load_default=None)
    source = Text(100, load_default=None, metadata={"example": "展会"})
    priority = Code(PRIORITIES, load_default="medium")
    remark = Text(2000, load_default=None, multiline=True)
    owner_id = AccountId()
    close_reason = Text(500, dump_only=True, allow_none=True, metadata={"example": None})
    last_activity_at = Timestamp(dump_only=True, allow_none=True, metadata={"example": None})
    customer_id = Id(dump_only=True, allow_none=True, metadata={"example": None})
    contact_id = Id(dump_only=True, allow_none=True, metadata={"example": None})
    opportunity_id = Id(dump_only=True, allow_none=True, metadata={"example": None})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class CloseLeadSchema(Schema):
    """Why nothing comes of it."""

    reason = Text(500, load_default=None, metadata={"example": "没有预算"})


class WantedOpportunitySchema(Schema):
    """The opportunity to begin with the customer."""

    name = Text(200, required=True, metadata={"example": "上海云图科技 CRM 采购"})
    amount = Money(minimum=0, load_default=Decimal(0))
    currency = Currency(load_default="CNY")
    expected_close_on = Date(load_default=None, metadata={"example": "2027-03-31"})


class ConvertLeadSchema(Schema):
    """What to make of the lead besides customer and contact."""

    opportunity = Nested(WantedOpportunitySchema, load_default=None)


class ConversionSchema(Schema):
    """What a lead has become."""

    lead_id = Id()
    customer_id = Id()
    contact_id = Id()
    opportunity_id = Id(allow_none=True)
    merged = Flag(metadata={"example": False})
    customer_name = Text(allow_none=True, metadata={"example": "上海云图科技有限公司"})
    customer_owner_id = Id(allow_none=True)
    customer_owner_name = Text(allow_none=True, metadata={"example": "王芳"})
