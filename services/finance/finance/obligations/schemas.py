"""How receivables and payables are shown."""

from finance.obligations.model import STATUSES
from servicekit.fields import Code, Currency, Date, Id, Integer, Money, Schema, Text, Timestamp


class ReceivableSchema(Schema):
    """What a customer owes us."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    contract_id = Id(dump_only=True)
    contract_number = Text(dump_only=True, metadata={"example": "HT20261122-0001"})
    customer_id = Id(dump_only=True)
    customer_name = Text(dump_only=True, allow_none=True, metadata={"example": "上海云图科技有限公司"})
    owner_id = Id(dump_only=True)
    position = Integer(dump_only=True)
    summary = Text(dump_only=True, metadata={"example": "上海云图科技 2027 年度合同"})
    incurred_on = Date(dump_only=True)
    due_on = Date(dump_only=True)
    currency = Currency(dump_only=True)
    amount = Money(dump_only=True)
    settled_amount = Money(dump_only=True, metadata={"example": "2000.00"})
    outstanding_amount = Money(dump_only=True, metadata={"example": "10000.00"})
    bad_debt_amount = Money(dump_only=True, metadata={"example": "0.00"})
    status = Code(STATUSES, dump_only=True, metadata={"example": "partial"})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class PayableSchema(ReceivableSchema):
    """What we owe a supplier."""


class ObligationTotalSchema(Schema):
    """The three sums of a list in one currency: incurred, settled and still open (FI-14)."""

    currency = Currency(dump_only=True)
    amount = Money(dump_only=True)
    settled_amount = Money(dump_only=True, metadata={"example": "2000.00"})
    outstanding_amount = Money(dump_only=True, metadata={"example": "10000.00"})
    bad_debt_amount = Money(dump_only=True, metadata={"example": "0.00"})
    count = Integer(dump_only=True)
