"""What comes in about opportunities, and what goes out."""

from decimal import Decimal

from sales.customer_copy import CustomerCopy
from sales.opportunities.model import IMPORTANCES, LOSS_REASONS, PROSPECTING, STAGES, STATUSES
from servicekit import CustomValues, Term
from servicekit.base.fields import (
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
from servicekit.nouns.foreign_names import ForeignName


class OpportunitySchema(Schema):
    """An opportunity."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    status = Code(STATUSES, label=("商机状态", "Status"), dump_only=True)
    name = Text(200, label=("商机名称", "Name"), required=True, metadata={"example": "上海云图科技 CRM 采购"})
    customer_id = Id(label=("客户", "Customer"), load_default=None)
    customer_name = ForeignName(CustomerCopy, "上海云图科技有限公司", label=("客户名称", "Customer name"))
    product_id = Id(label=("意向产品", "Product"), load_default=None, metadata={"example": None})
    amount = Money(label=("预计金额", "Amount"), minimum=0, load_default=Decimal(0))
    currency = Currency(load_default="CNY")
    stage = Code(STAGES, label=("销售阶段", "Stage"), load_default=PROSPECTING)
    probability = Integer(
        label=("赢单概率（%）", "Probability (%)"),
        minimum=0,
        maximum=100,
        load_default=None,
        metadata={"example": 30},
    )
    expected_close_on = Date(
        label=("预计成交日期", "Expected close"), load_default=None, metadata={"example": "2027-03-31"}
    )
    started_on = PastDate(label=("开始日期", "Started on"))
    source = Term("source", label=("商机来源", "Source"), load_default=None, metadata={"example": "展会"})
    type = Term(
        "opportunity_type",
        label=("商机类型", "Type"),
        load_default=None,
        metadata={"example": "新客户"},
    )
    importance = Code(IMPORTANCES, label=("重要程度", "Importance"), load_default="medium")
    remark = Text(2000, label=("备注", "Remark"), load_default=None, multiline=True)
    custom = CustomValues("opportunity")
    owner_id = AccountId()
    closed_on = Date(
        label=("结束日期", "Closed on"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    reason = Code(
        LOSS_REASONS,
        label=("输单原因", "Reason for losing"),
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    close_remark = Text(
        2000,
        label=("结束说明", "Closing remark"),
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    last_activity_at = Timestamp(
        label=("最近跟进时间", "Last activity"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class AdvanceOpportunitySchema(Schema):
    """The stage to enter."""

    stage = Code(STAGES, label=("销售阶段", "Stage"), required=True, metadata={"example": "proposing"})


class WinOpportunitySchema(Schema):
    """When it was won, and for how much if not as expected."""

    closed_on = PastDate(label=("成交日期", "Won on"), required=True)
    amount = Money(label=("成交金额", "Amount won"), minimum=0, load_default=None)
    remark = Text(2000, label=("赢单说明", "Remark"), load_default=None, multiline=True)


class LoseOpportunitySchema(Schema):
    """When it was lost, and why (SA-35)."""

    closed_on = PastDate(label=("输单日期", "Lost on"), required=True)
    reason = Code(LOSS_REASONS, label=("输单原因", "Reason for losing"), required=True)
    remark = Text(2000, label=("输单说明", "Remark"), load_default=None, multiline=True)


class OpportunityTotalSchema(Schema):
    """How many opportunities are in a stage, and their sum in one currency."""

    stage = Code(STAGES, label=("销售阶段", "Stage"), dump_only=True)
    currency = Currency(dump_only=True)
    amount = Money(label=("预计金额", "Amount"), dump_only=True)
    count = Integer(label=("商机数", "Count"), dump_only=True)
