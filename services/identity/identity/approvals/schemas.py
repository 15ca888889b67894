"""What comes in about approvals, and what goes out."""

from typing import Any, ClassVar

from marshmallow import fields as marshmallow_fields

from identity.approvals.flow import STEP_KINDS
from identity.approvals.states import ANSWERS, REASONS, STATES, TASK_STATES
from identity.approvals.step_schemas import ApprovalStepSchema
from identity.approvals.subjects import SUBJECT_TYPES
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
from servicekit.base.labels import Labelled


class Facts(Labelled, marshmallow_fields.Dict):
    """What the subject was like when consent was asked for, by the names of its fields."""

    described: ClassVar[dict[str, Any]] = {"type": "object", "additionalProperties": True}

    def __init__(self, **more: Any):
        super().__init__(**{"metadata": {"example": {"amount": "12000.00", "currency": "CNY"}}, **more})


class ApprovalTaskSchema(Schema):
    """A step: who was asked, who decided, when and how."""

    step = Integer(label=("步骤", "Step"), dump_only=True)
    kind = Code(STEP_KINDS, label=("审批人类型", "Kind"), dump_only=True)
    account_id = Id(
        label=("指定审批人", "Asked account"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    role = Text(
        label=("审批角色", "Asked role"), dump_only=True, allow_none=True, metadata={"example": "finance"}
    )
    note = Text(label=("系统说明", "Note"), dump_only=True, allow_none=True, metadata={"example": None})
    created_at = Timestamp(dump_only=True)
    state = Code(TASK_STATES, label=("审批状态", "State"), dump_only=True, metadata={"example": "approved"})
    decided_at = Timestamp(label=("审批时间", "Decided"), dump_only=True, allow_none=True)
    decided_by_id = Id(label=("审批人", "Decided by"), reference="account", dump_only=True, allow_none=True)
    decided_by_name = Text(
        label=("审批人姓名", "Decided by (name)"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "王芳"},
    )
    as_administrator = Flag(
        label=("代为审批", "As administrator"), dump_only=True, metadata={"example": False}
    )
    comment = Text(label=("审批意见", "Comment"), dump_only=True, metadata={"example": "同意"})
    escalates_at = Timestamp(label=("升级时间", "Escalates"), dump_only=True, allow_none=True)
    escalated_at = Timestamp(label=("已升级时间", "Escalated"), dump_only=True, allow_none=True)


class ApprovalAskedSchema(Schema):
    """Who is asked in a step, why, and what they answered."""

    id = Id(dump_only=True)
    step = Integer(label=("步骤", "Step"), dump_only=True)
    account_id = Id(label=("审批人", "Approver"), dump_only=True, allow_none=True)
    account_name = Text(
        label=("审批人姓名", "Approver (name)"), dump_only=True, allow_none=True, metadata={"example": "王芳"}
    )
    role = Text(
        label=("审批角色", "Approver role"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    group_id = Id(
        label=("审批用户组", "User group"), reference="user_group", dump_only=True, allow_none=True,
        metadata={"example": None},
    )  # fmt: skip
    because = Code(REASONS, label=("来源", "Because"), dump_only=True)
    required = Flag(label=("必须同意", "Required"), dump_only=True, metadata={"example": False})
    instead_of_id = Id(
        label=("替代的审批人", "Instead of"),
        reference="",
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    """The entry of who was asked first, whose answer would do as well."""
    by_id = Id(
        label=("加签或转交人", "By"),
        reference="account",
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    by_name = Text(
        label=("加签或转交人姓名", "By (name)"), dump_only=True, allow_none=True, metadata={"example": None}
    )
    note = Text(label=("说明", "Note"), dump_only=True, allow_none=True, metadata={"example": None})
    created_at = Timestamp(dump_only=True)
    state = Code(ANSWERS, label=("答复", "Answer"), dump_only=True, metadata={"example": "approved"})
    decided_at = Timestamp(label=("答复时间", "Answered"), dump_only=True, allow_none=True)
    decided_by_id = Id(label=("答复人", "Answered by"), reference="account", dump_only=True, allow_none=True)
    decided_by_name = Text(
        label=("答复人姓名", "Answered by (name)"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "王芳"},
    )
    on_behalf_of_id = Id(
        label=("代理的审批人", "On behalf of"), reference="account", dump_only=True, allow_none=True,
        metadata={"example": None},
    )  # fmt: skip
    on_behalf_of_name = Text(
        label=("代理的审批人姓名", "On behalf of (name)"), dump_only=True, allow_none=True,
        metadata={"example": None},
    )  # fmt: skip
    comment = Text(label=("审批意见", "Comment"), dump_only=True, metadata={"example": "同意"})


class ApprovalSchema(Schema):
    """An approval as it stands in a list."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    subject_type = Code(SUBJECT_TYPES, label=("审批对象", "Subject type"), dump_only=True)
    subject_step = Text(label=("审批操作", "Step asked for"), dump_only=True, metadata={"example": "submit"})
    subject_id = Id(label=("对象标识", "Subject"), reference="", dump_only=True)
    title = Text(
        label=("标题", "Title"),
        dump_only=True,
        metadata={"example": "HT20261122-0001 上海云图科技 2027 年度合同"},
    )
    amount = Money(label=("金额", "Amount"), dump_only=True, allow_none=True)
    currency = Currency(dump_only=True, allow_none=True)
    requester_id = Id(label=("申请人", "Requester"), reference="account", dump_only=True)
    requester_name = Text(
        label=("申请人姓名", "Requester name"), dump_only=True, allow_none=True, metadata={"example": "张伟"}
    )
    flow_id = Id(label=("审批流程", "Flow"), dump_only=True, allow_none=True)
    flow_version = Integer(label=("流程版本", "Version of the flow"), dump_only=True, allow_none=True)
    state = Code(STATES, label=("审批状态", "State"), dump_only=True)
    step = Integer(label=("当前步骤", "Step"), dump_only=True)
    step_count = Integer(label=("总步骤数", "Steps"), dump_only=True)
    approver_id = Id(
        label=("当前审批人", "Approver"),
        reference="account",
        dump_only=True,
        allow_none=True,
        metadata={"example": None},
    )
    approver_role = Text(
        label=("当前审批角色", "Approver role"),
        dump_only=True,
        allow_none=True,
        metadata={"example": "finance"},
    )
    decided_at = Timestamp(label=("审批时间", "Decided"), dump_only=True, allow_none=True)
    reminded_at = Timestamp(label=("催办时间", "Reminded"), dump_only=True, allow_none=True)
    reminders = Integer(label=("催办次数", "Reminders"), dump_only=True, metadata={"example": 0})
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class ApprovalStageSchema(Schema):
    """Steps that run side by side."""

    steps = List(Integer(metadata={"example": 1}), label=("步骤", "Steps"), dump_only=True)


class ApprovalWithHistorySchema(ApprovalSchema):
    """An approval with all its steps so far, and whom each is for by the flow as it was when it began."""

    steps = List(Nested(ApprovalStepSchema), label=("审批步骤", "Approval steps"), dump_only=True)
    stages = List(
        Nested(ApprovalStageSchema), attribute="shown_stages", label=("审批阶段", "Stages"), dump_only=True
    )
    """Which steps run side by side, in order."""
    history = List(
        Nested(ApprovalTaskSchema), label=("审批记录", "History"), attribute="tasks", dump_only=True
    )
    asked = List(Nested(ApprovalAskedSchema), label=("审批人记录", "Who is asked"), dump_only=True)
    facts = Facts(label=("申请内容", "Facts"), dump_only=True)
