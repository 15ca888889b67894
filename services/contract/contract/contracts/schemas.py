"""What comes in about contracts, and what goes out."""

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, validates_schema

from contract.contracts.model import KINDS, NATURES, PAYMENT_MODES, STATUSES
from servicekit.fields import (
    AccountId,
    Code,
    Currency,
    Date,
    Id,
    Integer,
    List,
    Money,
    Nested,
    Number,
    PastDate,
    Schema,
    Text,
    Timestamp,
)

MOST_LINES, MOST_TERMS = 500, 200


class ContractLineSchema(Schema):
    """A line: a product of the catalogue or a text."""

    id = Id(dump_only=True)
    product_id = Id(load_default=None, allow_none=True)
    name = Text(200, load_default=None, allow_none=True, metadata={"example": "CRM 专业版 年度订阅"})
    quantity = Number(required=True, above=0, metadata={"example": "1"})
    price = Number(required=True, minimum=0, metadata={"example": "12000"})
    discount_percent = Number(
        load_default=Decimal(100),
        minimum=0,
        maximum=100,
        metadata={
            "example": "100",
            "description": "Percent of the price that is paid: 100 is the full price, 90 is 九折.",
        },
    )
    total = Money(dump_only=True, rounds=True)
    delivery_due_on = Date(load_default=None, allow_none=True)
    delivered_on = Date(dump_only=True, allow_none=True)
    delivered_quantity = Number(dump_only=True, allow_none=True)

    @validates_schema
    def says_what_is_delivered(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse a line of nothing."""
        if data.get("product_id") is None and data.get("name") is None:
            raise ValidationError("Name a product of the catalogue, or say in words what it is.", "name")


class PaymentTermSchema(Schema):
    """What is to be paid when."""

    id = Id(dump_only=True)
    due_on = Date(required=True)
    amount = Money(required=True, above=0)
    remark = Text(500, load_default=None, allow_none=True)


class ContractSummarySchema(Schema):
    """A contract as lists show it: without its lines and payment terms."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    number = Text(dump_only=True, metadata={"example": "HT20261122-0001"})
    status = Code(STATUSES, dump_only=True)
    name = Text(200, required=True, metadata={"example": "上海云图科技 2027 年度合同"})
    customer_id = Id()
    opportunity_id = Id(load_default=None, allow_none=True)
    owner_id = AccountId()
    kind = Code(KINDS, load_default="sales")
    nature = Code(NATURES, required=True)
    payment_mode = Code(PAYMENT_MODES, required=True)
    currency = Currency(load_default="CNY")
    amount = Money(minimum=0, load_default=None, allow_none=True)
    starts_on = Date(load_default=None, allow_none=True, metadata={"example": "2026-12-01"})
    ends_on = Date(load_default=None, allow_none=True, metadata={"example": "2027-11-30"})
    signer_id = AccountId()
    customer_signer = Text(100, load_default=None, allow_none=True)
    remark = Text(2000, load_default=None, allow_none=True, multiline=True)
    rejection = Text(dump_only=True, allow_none=True)
    signed_on = Date(dump_only=True, allow_none=True)
    completed_on = Date(dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class ContractSchema(ContractSummarySchema):
    """A contract."""

    lines = List(Nested(ContractLineSchema), maximum=MOST_LINES, load_default=list)
    payment_terms = List(
        Nested(PaymentTermSchema), maximum=MOST_TERMS, load_default=list, metadata={"example": []}
    )


class SignSchema(Schema):
    """The day both sides signed."""

    signed_on = PastDate(required=True)


class CompleteSchema(Schema):
    """The day the last of it was done."""

    completed_on = PastDate(required=True)
