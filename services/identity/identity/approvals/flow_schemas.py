"""What comes in about approval flows, and what goes out."""

from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from identity.approvals.flow import PERSON, ROLE, STEP_KINDS, SUBJECT_TYPES
from identity.roles.schemas import RoleNamed
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


class ApprovalStepSchema(Schema):
    """Who has to agree: a person, anybody with a role, or the requester's superior."""

    always = ("kind",)

    kind = Code(STEP_KINDS, label=("审批人类型", "Kind"), required=True, metadata={"example": "role"})
    account_id = Id(label=("审批人", "Approver"), allow_none=True, metadata={"example": None})
    role = RoleNamed(label=("审批角色", "Approver role"), allow_none=True, metadata={"example": "finance"})

    @validates_schema
    def names_whom_it_must(self, step: dict[str, Any], **_: Any) -> None:
        """Refuse a step that says too little or too much."""
        for field, kind in (("account_id", PERSON), ("role", ROLE)):
            if step.get("kind") == kind and step.get(field) is None:
                raise ValidationError(
                    Fault("step-needs-it", "A step of kind {kind} needs it.", kind=kind), field
                )
            if step.get("kind") != kind and step.get(field) is not None:
                text = "Only a step of kind {kind} takes it."
                raise ValidationError(Fault("step-takes-it-not", text, kind=kind), field)

    @post_load
    def as_stored(self, step: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the step as JSON."""
        given = {name: value for name, value in step.items() if value is not None}
        return {name: str(value) for name, value in given.items()}


class ApprovalFlowSchema(Schema):
    """An approval flow."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    name = Text(100, label=("流程名称", "Name"), required=True, metadata={"example": "大额收入合同"})
    subject_type = Code(SUBJECT_TYPES, label=("适用对象", "Subject type"), required=True)
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
