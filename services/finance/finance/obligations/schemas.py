"""How receivables and payables are shown."""

from finance.customers.schemas import CustomerName
from finance.obligations.model import STATUSES
from servicekit.base.fields import Code, Currency, Date, Id, Integer, Money, Schema, Text, Timestamp


class ReceivableSchema(Schema):
    """What a customer owes us."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    contract_id = Id(label=("合同", "Contract"), dump_only=True)
    contract_number = Text(
        label=("合同编号", "Contract number"), dump_only=True, metadata={"example": "HT20261122-0001"}
    )
    customer_id = Id(label=("客户", "Customer"), dump_only=True)
    customer_name = CustomerName()
    owner_id = Id(reference="account", dump_only=True)
    position = Integer(label=("期次", "Instalment"), dump_only=True)
    summary = Text(
        label=("摘要", "Summary"), dump_only=True, metadata={"example": "上海云图科技 2027 年度合同"}
    )
    incurred_on = Date(label=("发生日期", "Incurred on"), dump_only=True)
    due_on = Date(label=("到期日期", "Due on"), dump_only=True)
    currency = Currency(dump_only=True)
    amount = Money(label=("应收付金额", "Amount"), dump_only=True)
    settled_amount = Money(
        label=("已核销金额", "Settled amount"), dump_only=True, metadata={"example": "2000.00"}
    )
    outstanding_amount = Money(
        label=("未核销金额", "Outstanding amount"), dump_only=True, metadata={"example": "10000.00"}
    )
    bad_debt_amount = Money(label=("坏账金额", "Bad debt"), dump_only=True, metadata={"example": "0.00"})
    status = Code(STATUSES, label=("核销状态", "Status"), dump_only=True, metadata={"example": "partial"})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class PayableSchema(ReceivableSchema):
    """What we owe a supplier."""


class ObligationTotalSchema(Schema):
    """The three sums of a list in one currency: incurred, settled and still open (FI-14)."""

    currency = Currency(dump_only=True)
    amount = Money(label=("应收付金额", "Amount"), dump_only=True)
    settled_amount = Money(
        label=("已核销金额", "Settled amount"), dump_only=True, metadata={"example": "2000.00"}
    )
    outstanding_amount = Money(
        label=("未核销金额", "Outstanding amount"), dump_only=True, metadata={"example": "10000.00"}
    )
    bad_debt_amount = Money(label=("坏账金额", "Bad debt"), dump_only=True, metadata={"example": "0.00"})
    count = Integer(label=("笔数", "Count"), dump_only=True)
