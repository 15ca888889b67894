"""What comes in about the steps of an approval flow, and what goes out."""

from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, validates_schema

from identity.approvals.flow import AGREEING, ANY, GROUP, PERSON, ROLE, STEP_KINDS, SUPERIOR
from identity.roles.schemas import RoleNamed
from servicekit import Fault
from servicekit.base.fields import Code, Flag, Id, Integer, List, Schema

MOST_PEOPLE = 50
HIGHEST = 10
MOST_HOURS = 1000
NAMED = (
    ("account_id", PERSON),
    ("account_ids", PERSON),
    ("role", ROLE),
    ("group_id", GROUP),
    ("height", SUPERIOR),
)
"""By member the one kind of step that takes it."""
NEEDED = {"role": ROLE, "group_id": GROUP}
USUAL = {"agree": ANY, "beside": False, "height": 1}
"""What is not kept of a step, as it goes without saying."""


class ApprovalStepSchema(Schema):
    """Who has to agree: people, a role, a user group, the requester's superior, the head of their department."""

    always: ClassVar[tuple[str, ...]] = ("kind",)

    kind = Code(STEP_KINDS, label=("审批人类型", "Kind"), required=True, metadata={"example": "role"})
    account_id = Id(label=("审批人", "Approver"), allow_none=True, metadata={"example": None})
    account_ids = List(
        Id(reference="account"), label=("多位审批人", "Approvers"), maximum=MOST_PEOPLE, allow_none=True,
        metadata={"example": None},
    )  # fmt: skip
    """Several people in one step; ``account_id`` is one of them."""
    role = RoleNamed(label=("审批角色", "Approver role"), allow_none=True, metadata={"example": "finance"})
    group_id = Id(
        label=("审批用户组", "User group"),
        reference="user_group",
        allow_none=True,
        metadata={"example": None},
    )
    height = Integer(
        label=("上级层级", "How far up"),
        minimum=1,
        maximum=HIGHEST,
        allow_none=True,
        metadata={"example": None},
    )
    """Of a superior: 1 is the direct one."""
    agree = Code(AGREEING, label=("同意方式", "Who must agree"), allow_none=True, metadata={"example": "any"})
    beside = Flag(
        label=("与上一步并行", "Beside the step before"), allow_none=True, metadata={"example": False}
    )
    """Whether it begins together with the step before it; the next one begins when all of these have ended."""
    escalate_after = Integer(
        label=("超时升级（工作小时）", "Escalate after (working hours)"), minimum=1, maximum=MOST_HOURS,
        allow_none=True, metadata={"example": None},
    )  # fmt: skip
    """After so many working hours the superiors of who has not answered are asked too."""

    @validates_schema
    def names_whom_it_must(self, step: dict[str, Any], **_: Any) -> None:
        """Refuse a step that says too little or too much."""
        kind = step.get("kind")
        for field, needed in NEEDED.items():
            if kind == needed and step.get(field) is None:
                raise ValidationError(_needs(needed), field)
        if kind == PERSON and step.get("account_id") is None and not step.get("account_ids"):
            raise ValidationError(_needs(PERSON), "account_id")
        for field, taking in NAMED:
            if kind != taking and step.get(field) is not None:
                text = "Only a step of kind {kind} takes it."
                raise ValidationError(Fault("step-takes-it-not", text, kind=taking), field)

    @post_load
    def as_stored(self, step: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the step as JSON, without what goes without saying."""
        given = {
            name: value
            for name, value in step.items()
            if value not in (None, []) and not (name in USUAL and USUAL[name] == value)
        }
        return {name: _as_json(value) for name, value in given.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, list):
        return [str(each) for each in dict.fromkeys(value)]
    return value if isinstance(value, bool | int) else str(value)


def _needs(kind: str) -> Fault:
    return Fault("step-needs-it", "A step of kind {kind} needs it.", kind=kind)
