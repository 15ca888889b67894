"""What comes in to do something with approvals, what becomes of many at once, and what flows can be for."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from identity.approvals.states import APPROVED, REJECTED, STATES
from identity.definitions.schemas import LabelSchema
from servicekit import Fault
from servicekit.base.fields import Code, Flag, Id, Integer, List, Nested, Schema, Text
from servicekit.base.labels import Label

MOST_AT_ONCE = 100
MOST_PEOPLE = 20


def _comment(label: Label, example: str) -> Text:
    return Text(1000, label=label, load_default="", blank=True, multiline=True, metadata={"example": example})


def _step() -> Integer:
    return Integer(
        label=("步骤", "Step"), minimum=1, load_default=None, allow_none=True, metadata={"example": None}
    )


class ApproveSchema(Schema):
    """Consent."""

    comment = _comment(("审批意见", "Comment"), "同意")
    step = _step()
    """Which of the steps that run side by side; by default the first that waits for the caller."""


class RejectSchema(Schema):
    """Refusal, with its reason."""

    comment = Text(
        1000, label=("驳回意见", "Reason"), required=True, multiline=True, metadata={"example": "折扣过高"}
    )
    step = _step()


class AddApproversSchema(Schema):
    """Who has to agree too."""

    account_ids = List(
        Id(reference="account"), label=("加签人", "Approvers"), minimum=1, maximum=MOST_PEOPLE, required=True
    )
    comment = _comment(("说明", "Comment"), "请法务一起看")
    step = _step()


class HandOnSchema(Schema):
    """Who answers instead."""

    account_id = Id(label=("转交给", "Hand on to"), required=True)
    comment = _comment(("说明", "Comment"), "转给负责该客户的同事")
    step = _step()


class WithdrawSchema(Schema):
    """Why it is taken back."""

    comment = _comment(("撤回原因", "Reason"), "金额填错了")


class RemindSchema(Schema):
    """What those who are asked are told."""

    comment = _comment(("催办说明", "Comment"), "客户在等，请尽快处理")


class BulkDecisionSchema(Schema):
    """One decision for many."""

    ids = List(
        Id(reference="approval"), label=("审批", "Approvals"), minimum=1, maximum=MOST_AT_ONCE, required=True
    )
    outcome = Code(
        {APPROVED: ("同意", "Approve"), REJECTED: ("驳回", "Reject")},
        label=("结果", "Outcome"),
        required=True,
    )
    comment = _comment(("审批意见", "Comment"), "同意")

    @validates_schema
    def refuses_with_a_reason(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse a refusal without a reason."""
        if data.get("outcome") == REJECTED and not data.get("comment"):
            raise ValidationError(Fault("blank", "Must not be blank."), "comment")


class BulkResultSchema(Schema):
    """What became of one of them."""

    id = Id(label=("审批", "Approval"), reference="approval", dump_only=True)
    done = Flag(label=("成功", "Done"), dump_only=True)
    state = Code(STATES, label=("审批状态", "State"), dump_only=True, allow_none=True)
    code = Text(label=("错误代码", "Error code"), dump_only=True, allow_none=True, metadata={"example": None})


class BulkResultsSchema(Schema):
    """What became of each, in the order in which they were named."""

    items = List(Nested(BulkResultSchema), label=("结果", "Results"), dump_only=True)


class SubjectStepSchema(Schema):
    """A step that may need consent."""

    key = Text(label=("操作", "Step"), dump_only=True, metadata={"example": "submit"})
    label = Nested(LabelSchema, label=("名称", "Name"), dump_only=True)


class SubjectSchema(Schema):
    """A noun with steps that may need consent."""

    noun = Text(label=("对象", "Noun"), dump_only=True, metadata={"example": "contract"})
    label = Nested(LabelSchema, label=("名称", "Name"), dump_only=True)
    path = Text(label=("地址", "Path"), dump_only=True, metadata={"example": "/v1/contracts"})
    steps = List(Nested(SubjectStepSchema), label=("操作", "Steps"), dump_only=True)


class SubjectsSchema(Schema):
    """All of them."""

    items = List(Nested(SubjectSchema), dump_only=True)
    next = Text(dump_only=True, allow_none=True, metadata={"example": None})
