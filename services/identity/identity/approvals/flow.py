"""The approval flow: which subjects it is for, and who has to agree, in which order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from identity.base import Base
from servicekit import Eager, Record, new_id, utcnow

PERSON, ROLE, GROUP, SUPERIOR, HEAD = "person", "role", "group", "superior", "department_head"
STEP_KINDS = {
    PERSON: ("指定人员", "Person"),
    ROLE: ("角色", "Role"),
    GROUP: ("用户组", "User group"),
    SUPERIOR: ("上级", "Superior"),
    HEAD: ("部门负责人", "Head of department"),
}
ANY, ALL = "any", "all"
AGREEING = {ANY: ("任一人同意", "One of them"), ALL: ("全部同意", "All of them")}


def stages_of(steps: Iterable[dict[str, Any]]) -> list[list[int]]:
    """Return the numbers of the steps that run side by side, in order: ``[[1], [2, 3]]``."""
    stages: list[list[int]] = []
    for number, step in enumerate(steps, 1):
        if step.get("beside") and stages:
            stages[-1].append(number)
        else:
            stages.append([number])
    return stages


class ApprovalFlow(Record, Base):
    """A flow that a step of the subjects of one type is bound to by conditions (GW-56)."""

    __tablename__ = "approval_flow"

    name: Mapped[str]
    subject_type: Mapped[str]
    """The noun, e.g. ``contract``."""
    subject_step: Mapped[str] = mapped_column(default="submit")
    """What of the noun it has to agree to, e.g. ``submit``."""
    condition: Mapped[dict[str, Any]]
    """``{"nature": "income", "currency": "CNY", "amount_from": "10000.00"}``; what is missing matches all."""
    where: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """A tree of conditions on the subject that has to hold too (decision 41)."""
    priority: Mapped[int] = mapped_column(default=0)
    """Of several flows that match, the one with the highest is taken."""
    steps: Mapped[list[Any]]
    """``[{"kind": "person", "account_id": …}, {"kind": "role", "role": …, "beside": true}, {"kind": "superior"}]``."""
    allow_own: Mapped[bool] = mapped_column(default=False)
    """Whether whoever requests may agree too, where they are one of those asked."""
    active: Mapped[bool] = mapped_column(default=True)


KEPT = (
    "name", "subject_type", "subject_step", "condition", "where", "priority", "steps", "allow_own", "active",
)  # fmt: skip
"""What a version of a flow remembers."""


class FlowVersion(Eager, Base):
    """A flow as it was from one change to the next; approvals keep the steps of the version that they began with."""

    __tablename__ = "approval_flow_version"
    __table_args__ = (UniqueConstraint("flow_id", "version", name="uq_approval_flow_version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    flow_id: Mapped[UUID] = mapped_column(ForeignKey("approval_flow.id", ondelete="CASCADE"))
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    """What ``KEPT`` names."""
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)
    changed_by_id: Mapped[UUID | None]
    changed_by_name: Mapped[str | None]
