"""What comes in about contracts, and what goes out."""

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, validates_schema

from contract.contracts.codes import KINDS, NATURES, PAYMENT_MODES, STATUSES
from servicekit import Fault
from servicekit.base.fields import (
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
from servicekit.base.money import CURRENCY

MOST_LINES, MOST_TERMS = 500, 200


class ContractLineSchema(Schema):
    """A line: a product of the catalogue or a text."""

    id = Id(dump_only=True)
    product_id = Id(label=("产品", "Product"), load_default=None, allow_none=True)
    name = Text(
        200,
        label=("产品名称", "Name"),
        load_default=None,
        allow_none=True,
        metadata={"example": "CRM 专业版 年度订阅"},
    )
    quantity = Number(label=("数量", "Quantity"), required=True, above=0, metadata={"example": "1"})
    price = Number(
        label=("单价", "Unit price"),
        required=True,
        minimum=0,
        metadata={"example": "12000", "x-money": CURRENCY},
    )
    discount_percent = Number(
        label=("折扣（%）", "Percent paid"),
        load_default=Decimal(100),
        minimum=0,
        maximum=100,
        metadata={
            "example": "100",
            "description": "Percent of the price that is paid: 100 is the full price, 90 is 九折.",
        },
    )
    total = Money(label=("小计", "Total"), dump_only=True, rounds=True)
    delivery_due_on = Date(label=("约定交付日期", "Delivery due"), load_default=None, allow_none=True)
    delivered_on = Date(label=("实际交付日期", "Delivered on"), dump_only=True, allow_none=True)
    delivered_quantity = Number(label=("已交付数量", "Delivered quantity"), dump_only=True, allow_none=True)

    @validates_schema
    def says_what_is_delivered(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse a line of nothing."""
        if data.get("product_id") is None and data.get("name") is None:
            text = "Name a product of the catalogue, or say in words what it is."
            raise ValidationError(Fault("product-or-words", text), "name")


class PaymentTermSchema(Schema):
    """What is to be paid when."""

    id = Id(dump_only=True)
    due_on = Date(label=("应收付日期", "Due on"), required=True)
    amount = Money(label=("应收付金额", "Amount"), required=True, above=0)
    remark = Text(500, label=("备注", "Remark"), load_default=None, allow_none=True)


class ContractSummarySchema(Schema):
    """A contract as lists show it: without its lines and payment terms."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    number = Text(label=("合同编号", "Number"), dump_only=True, metadata={"example": "HT20261122-0001"})
    status = Code(STATUSES, label=("合同状态", "Status"), dump_only=True)
    name = Text(
        200, label=("合同名称", "Name"), required=True, metadata={"example": "上海云图科技 2027 年度合同"}
    )
    customer_id = Id(label=("客户", "Customer"))
    opportunity_id = Id(label=("商机", "Opportunity"), load_default=None, allow_none=True)
    owner_id = AccountId()
    kind = Code(KINDS, label=("合同类型", "Kind"), load_default="sales")
    nature = Code(NATURES, label=("收支性质", "Nature"), required=True)
    payment_mode = Code(PAYMENT_MODES, label=("付款方式", "Payment mode"), required=True)
    currency = Currency(load_default="CNY")
    amount = Money(label=("合同金额", "Amount"), minimum=0, load_default=None, allow_none=True)
    starts_on = Date(
        label=("开始日期", "Starts on"),
        load_default=None,
        allow_none=True,
        metadata={"example": "2026-12-01"},
    )
    ends_on = Date(
        label=("结束日期", "Ends on"), load_default=None, allow_none=True, metadata={"example": "2027-11-30"}
    )
    signer_id = AccountId(label=("我方签约人", "Our signer"))
    customer_signer = Text(100, label=("客户签约人", "Customer signer"), load_default=None, allow_none=True)
    remark = Text(2000, label=("备注", "Remark"), load_default=None, allow_none=True, multiline=True)
    rejection = Text(label=("驳回意见", "Rejection"), dump_only=True, allow_none=True)
    signed_on = Date(label=("签订日期", "Signed on"), dump_only=True, allow_none=True)
    completed_on = Date(label=("完成日期", "Completed on"), dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class ContractSchema(ContractSummarySchema):
    """A contract."""

    lines = List(
        Nested(ContractLineSchema), label=("合同明细", "Lines"), maximum=MOST_LINES, load_default=list
    )
    payment_terms = List(
        Nested(PaymentTermSchema),
        label=("收付款计划", "Payment terms"),
        maximum=MOST_TERMS,
        load_default=list,
        metadata={"example": []},
    )


class SignSchema(Schema):
    """The day both sides signed, and who did; what is left out stays as the contract has it."""

    signed_on = PastDate(label=("签订日期", "Signed on"), required=True)
    signer_id = AccountId(label=("我方签约人", "Our signer"))
    customer_signer = Text(100, label=("客户签约人", "Customer signer"), metadata={"example": "李总"})


class CompleteSchema(Schema):
    """The day the last of it was done."""

    completed_on = PastDate(label=("完成日期", "Completed on"), required=True)
