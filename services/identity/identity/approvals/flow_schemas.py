"""What comes in about approval flows, and what goes out."""

from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from identity.approvals.step_schemas import ApprovalStepSchema
from identity.approvals.subjects import SUBJECT_TYPES
from servicekit import Fault
from servicekit.base.fields import (
    Code,
    Currency,
    Flag,
    Id,
    Integer,
    List,
    Money,
    Nested,
    Schema,
    Text,
    Timestamp,
)
from servicekit.base.money import round_amount, too_fine, written
from servicekit.nouns.conditions.field import Where

MOST_STEPS = 20
FURTHER = {"example": {"any": [{"field": "amount", "operator": "gte", "value": "100000.00"}]}}
NATURES = {
    "income": ("收入", "Income"),
    "expense": ("支出", "Expense"),
    "descriptive": ("无收支", "Descriptive"),
}


class ApprovalConditionSchema(Schema):
    """Which subjects a flow is for; what is not given matches all.

    From an amount in a currency: of that amount or more, and everything in other currencies.
    """

    always = ()

    nature = Code(NATURES, label=("收支性质", "Nature"), allow_none=True)
    amount_from = Money(
        label=("起始金额", "Amount from"), minimum=0, allow_none=True, metadata={"example": "10000.00"}
    )
    currency = Currency(allow_none=True)

    @validates_schema
    def says_of_what_the_amount_is(self, condition: dict[str, Any], **_: Any) -> None:
        """Refuse an amount without its currency: contracts in other currencies go to such a flow too (M-13)."""
        amount, currency = condition.get("amount_from"), condition.get("currency")
        if amount is None:
            return
        if currency is None:
            raise ValidationError(Fault("amount-needs-currency", "An amount needs its currency."), "currency")
        if amount != round_amount(amount, currency):
            raise ValidationError(too_fine(currency), "amount_from")

    @post_load
    def as_stored(self, condition: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the condition as JSON, without what matches all."""
        given = {name: value for name, value in condition.items() if value is not None}
        currency = given.get("currency")
        return {
            name: written(value, currency) if name == "amount_from" else value
            for name, value in given.items()
        }


class ApprovalFlowSchema(Schema):
    """An approval flow."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(100, label=("流程名称", "Name"), required=True, metadata={"example": "大额收入合同"})
    subject_type = Code(SUBJECT_TYPES, label=("适用对象", "Subject type"), required=True)
    subject_step = Text(50, label=("适用操作", "Step"), metadata={"example": "submit"})
    """What of the subjects it is for; left out it is the first that needs consent."""
    condition = Nested(ApprovalConditionSchema, label=("适用条件", "Condition"), load_default=dict)
    where = Where(
        label=("更多条件", "Further conditions"), load_default=None, allow_none=True, metadata=FURTHER
    )
    priority = Integer(
        label=("优先级", "Priority"), minimum=-1000, maximum=1000, load_default=0, metadata={"example": 0}
    )
    steps = List(
        Nested(ApprovalStepSchema), label=("审批步骤", "Steps"), minimum=1, maximum=MOST_STEPS, required=True
    )
    allow_own = Flag(
        label=("允许审批本人申请", "Own requests allowed"), load_default=False, metadata={"example": False}
    )
    active = Flag(label=("启用", "Active"), load_default=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class FlowVersionSchema(Schema):
    """A flow as it was."""

    version = Integer(label=("版本", "Version"), dump_only=True)
    name = Text(label=("流程名称", "Name"), dump_only=True, metadata={"example": "大额收入合同"})
    subject_type = Code(SUBJECT_TYPES, label=("适用对象", "Subject type"), dump_only=True)
    subject_step = Text(label=("适用操作", "Step"), dump_only=True, metadata={"example": "submit"})
    condition = Nested(ApprovalConditionSchema, label=("适用条件", "Condition"), dump_only=True)
    where = Where(label=("更多条件", "Further conditions"), dump_only=True, allow_none=True, metadata=FURTHER)
    priority = Integer(label=("优先级", "Priority"), dump_only=True, metadata={"example": 0})
    steps = List(Nested(ApprovalStepSchema), label=("审批步骤", "Steps"), dump_only=True)
    allow_own = Flag(label=("允许审批本人申请", "Own requests allowed"), dump_only=True)
    active = Flag(label=("启用", "Active"), dump_only=True)
    changed_at = Timestamp(label=("修改时间", "Changed"), dump_only=True)
    changed_by_id = Id(label=("修改人", "Changed by"), reference="account", dump_only=True, allow_none=True)
    changed_by_name = Text(
        label=("修改人姓名", "Changed by (name)"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "王芳"},
    )


class FlowVersionsSchema(Schema):
    """The versions of a flow, newest first."""

    items = List(Nested(FlowVersionSchema), dump_only=True)
    next = Text(dump_only=True, allow_none=True, metadata={"example": None})
