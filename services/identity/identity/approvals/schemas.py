"""What comes in about approvals, and what goes out."""

from identity.approvals.flow import STEP_KINDS, SUBJECT_TYPES
from identity.approvals.flow_schemas import ApprovalStepSchema
from identity.approvals.model import STATES
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
    state = Code(STATES, label=("审批状态", "State"), dump_only=True, metadata={"example": "approved"})
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


class ApprovalSchema(Schema):
    """An approval as it stands in a list."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    subject_type = Code(SUBJECT_TYPES, label=("审批对象", "Subject type"), dump_only=True)
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
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class ApprovalWithHistorySchema(ApprovalSchema):
    """An approval with all its steps so far, and whom each is for by the flow as it was when it began."""

    steps = List(Nested(ApprovalStepSchema), label=("审批步骤", "Approval steps"), dump_only=True)
    history = List(
        Nested(ApprovalTaskSchema), label=("审批记录", "History"), attribute="tasks", dump_only=True
    )


class ApproveSchema(Schema):
    """Consent."""

    comment = Text(
        1000,
        label=("审批意见", "Comment"),
        load_default="",
        blank=True,
        multiline=True,
        metadata={"example": "同意"},
    )


class RejectSchema(Schema):
    """Refusal, with its reason."""

    comment = Text(
        1000, label=("驳回意见", "Reason"), required=True, multiline=True, metadata={"example": "折扣过高"}
    )
