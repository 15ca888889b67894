"""What comes in about leads, and what goes out."""

from decimal import Decimal

from sales.leads.model import PRIORITIES, STATUSES, UNTOUCHED
from servicekit import CustomValues, Term
from servicekit.base.fields import (
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
from servicekit.nouns.pool_schemas import (
    claim_state_shown,
    claim_state_taken,
    claimed_at_shown,
    pool_shown,
    pool_taken,
)


class LeadSchema(Schema):
    """A lead."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    status = Code(STATUSES, label=("线索状态", "Status"), load_default=UNTOUCHED)
    company_name = Text(
        200,
        label=("公司名称", "Company"),
        blank=True,
        load_default="",
        metadata={"example": "上海云图科技有限公司"},
    )
    """Empty for a private person (CU-05)."""
    contact_name = Text(
        100, label=("联系人姓名", "Contact name"), required=True, metadata={"example": "张伟"}
    )
    title = Text(100, label=("职务", "Job title"), load_default=None, metadata={"example": "采购经理"})
    mobile = Phone(label=("手机", "Mobile"), load_default=None, metadata={"example": "+86 138 0013 8000"})
    mobile_e164 = E164(label=("手机（国际格式）", "Mobile (international)"))
    phone = Phone(label=("电话", "Phone"), load_default=None, metadata={"example": "021-5555 1234 转 801"})
    phone_e164 = E164(
        label=("电话（国际格式）", "Phone (international)"), metadata={"example": "+862155551234"}
    )
    email = Email(label=("邮箱", "Email"), load_default=None)
    source = Term("source", label=("线索来源", "Source"), load_default=None, metadata={"example": "展会"})
    priority = Code(PRIORITIES, label=("优先级", "Priority"), load_default="medium")
    remark = Text(2000, label=("备注", "Remark"), load_default=None, multiline=True)
    custom = CustomValues("lead")
    owner_id = AccountId()
    pool_id = pool_shown()
    claim_state = claim_state_shown()
    claimed_at = claimed_at_shown()
    glimpse = Flag(
        label=("仅概要", "Glimpse only"),
        dump_only=True,
        metadata={
            "example": False,
            "description": "It lies in a pool that shows phone, mail and notes to whoever has claimed it (SA-13).",
        },
    )
    close_reason = Text(
        500,
        label=("关闭原因", "Reason for closing"),
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    last_activity_at = Timestamp(
        label=("最近跟进时间", "Last activity"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    customer_id = Id(label=("客户", "Customer"), dump_only=True, allow_none=True, metadata={"example": None})
    contact_id = Id(label=("联系人", "Contact"), dump_only=True, allow_none=True, metadata={"example": None})
    opportunity_id = Id(
        label=("商机", "Opportunity"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class NewLeadSchema(LeadSchema):
    """A lead to be, somebody's own or nobody's yet in a pool (SA-103)."""

    pool_id = pool_taken()
    claim_state = claim_state_taken()


class CloseLeadSchema(Schema):
    """Why nothing comes of it."""

    reason = Text(
        500, label=("关闭原因", "Reason for closing"), load_default=None, metadata={"example": "没有预算"}
    )


class WantedOpportunitySchema(Schema):
    """The opportunity to begin with the customer."""

    name = Text(200, label=("商机名称", "Name"), required=True, metadata={"example": "上海云图科技 CRM 采购"})
    amount = Money(label=("预计金额", "Amount"), minimum=0, load_default=Decimal(0))
    currency = Currency(load_default="CNY")
    expected_close_on = Date(
        label=("预计成交日期", "Expected close"), load_default=None, metadata={"example": "2027-03-31"}
    )


class ConvertLeadSchema(Schema):
    """What to make of the lead besides the contact."""

    customer_id = Id(label=("并入客户", "Existing customer"), load_default=None, allow_none=True)
    """The customer that the lead is; without it, the one of the company's name, or a new one."""
    opportunity = Nested(WantedOpportunitySchema, label=("商机", "Opportunity"), load_default=None)


class ConversionSchema(Schema):
    """What a lead has become."""

    lead_id = Id(label=("线索", "Lead"))
    customer_id = Id(label=("客户", "Customer"))
    contact_id = Id(label=("联系人", "Contact"))
    opportunity_id = Id(label=("商机", "Opportunity"), allow_none=True)
    merged = Flag(label=("并入已有客户", "Merged into a customer"), metadata={"example": False})
    customer_name = Text(
        label=("客户名称", "Customer name"), allow_none=True, metadata={"example": "上海云图科技有限公司"}
    )
    customer_owner_id = Id(label=("客户负责人", "Customer owner"), reference="account", allow_none=True)
    customer_owner_name = Text(
        label=("客户负责人姓名", "Customer owner name"), allow_none=True, metadata={"example": "王芳"}
    )
