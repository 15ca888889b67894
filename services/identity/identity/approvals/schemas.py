"""What comes in about approvals, and what goes out."""

from identity.approvals.flow import STEP_KINDS, SUBJECT_TYPES
from identity.approvals.model import STATES
from servicekit.fields import Code, Currency, Flag, Id, Integer, List, Money, Nested, Schema, Text, Timestamp


class ApprovalTaskSchema(Schema):
    """A step: who was asked, who decided, when and how."""

    step = Integer(dump_only=True)
    kind = Code(STEP_KINDS, dump_only=True)
    account_id = Id(dump_only=True, allow_none=True, metadata={"example": None})
    role = Text(dump_only=True, allow_none=True, metadata={"example": "finance"})
    note = Text(dump_only=True, allow_none=True, metadata={"example": None})
    created_at = Timestamp(dump_only=True)
    state = Code(STATES, dump_only=True, metadata={"example": "approved"})
    decided_at = Timestamp(dump_only=True, allow_none=True)
    decided_by_id = Id(dump_only=True, allow_none=True)
    decided_by_name = Text(dump_only=True, allow_none=True, metadata={"example": "王芳"})
    as_administrator = Flag(dump_only=True, metadata={"example": False})
    comment = Text(dump_only=True, metadata={"example": "同意"})


class ApprovalSchema(Schema):
    """An approval as it stands in a list."""

    id = Id(dump_only=True)
    version = Integer(dump_only=True)
    subject_type = Code(SUBJECT_TYPES, dump_only=True)
    subject_id = Id(dump_only=True)
    title = Text(dump_only=True, metadata={"example": "HT20261122-0001 上海云图科技 2027 年度合同"})
    amount = Money(dump_only=True, allow_none=True)
    currency = Currency(dump_only=True, allow_none=True)
    requester_id = Id(dump_only=True)
    requester_name = Text(dump_only=True, allow_none=True, metadata={"example": "张伟"})
    flow_id = Id(dump_only=True, allow_none=True)
    state = Code(STATES, dump_only=True)
    step = Integer(dump_only=True)
    step_count = Integer(dump_only=True)
    approver_id = Id(dump_only=True, allow_none=True, metadata={"example": None})
    approver_role = Text(dump_only=True, allow_none=True, metadata={"example": "finance"})
    decided_at = Timestamp(dump_only=True, allow_none=True)
    created_at = Timestamp(dump_only=True)
    updated_at = Timestamp(dump_only=True)


class ApprovalWithHistorySchema(ApprovalSchema):
    """An approval with all its steps so far."""

    history = List(Nested(ApprovalTaskSchema), attribute="tasks", dump_only=True)


class ApproveSchema(Schema):
    """Consent."""

    comment = Text(1000, load_default="", blank=True, multiline=True, metadata={"example": "同意"})


class RejectSchema(Schema):
    """Refusal, with its reason."""

    comment = Text(1000, required=True, multiline=True, metadata={"example": "折扣过高"})
