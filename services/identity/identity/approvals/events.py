"""What the identity service tells the others of approvals, their flows, and who decides for whom."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from identity import examples
from identity.approvals.delegation_schemas import DelegationSchema
from identity.approvals.flow_schemas import ApprovalFlowSchema
from identity.approvals.schemas import ApprovalSchema
from servicekit import RecordEvent


class ApprovalFlowChanged(RecordEvent):
    """A flow was created, changed, or made (in)active (GW-56)."""

    type: ClassVar[str] = "approval_flow.changed"
    shows = ApprovalFlowSchema
    own_id: ClassVar[str] = "flow_id"
    example: ClassVar[dict[str, Any]] = {
        "flow_id": examples.FLOW,
        "subject_type": "contract",
        "condition": {"nature": "income", "currency": "CNY", "amount_from": "10000.00"},
        "steps": [{"kind": "role", "role": "finance"}],
    }


class ApprovalEvent(RecordEvent):
    """What every event about an approval says."""

    shows = ApprovalSchema
    brief: ClassVar[str] = "`history`, who decided what so far, is at GET /v1/approvals/{id}"


_APPROVAL_EXAMPLE = {
    "approval_id": examples.APPROVAL,
    "subject_type": "contract",
    "subject_id": examples.SUBJECT,
    "requester_id": examples.ACCOUNT,
    "flow_id": examples.FLOW,
}


class ApprovalRequested(ApprovalEvent):
    """A step of an approval waits for somebody's decision."""

    type: ClassVar[str] = "approval.requested"
    example: ClassVar[dict[str, Any]] = {**_APPROVAL_EXAMPLE, "step": 1, "approver_ids": [examples.MANAGER]}

    step: int
    approver_ids: list[UUID]
    """Who may decide, at this moment."""


class ApprovalProgressed(ApprovalEvent):
    """Somebody has answered, and others still have to."""

    type: ClassVar[str] = "approval.progressed"
    example: ClassVar[dict[str, Any]] = {
        **_APPROVAL_EXAMPLE,
        "answered_step": 1,
        "approver_ids": [examples.MANAGER],
    }

    answered_step: int
    approver_ids: list[UUID]
    """Who may still decide, at this moment."""


class ApprovalReminded(ApprovalEvent):
    """Those who have not answered are reminded (GW-56)."""

    type: ClassVar[str] = "approval.reminded"
    example: ClassVar[dict[str, Any]] = {
        **_APPROVAL_EXAMPLE,
        "comment": "客户在等",
        "approver_ids": [examples.MANAGER],
    }

    comment: str
    approver_ids: list[UUID]
    """Who may decide, at this moment."""


class ApprovalDecided(ApprovalEvent):
    """An approval ended: every step agreed, one refused, or whoever wanted it took it back (CT-04)."""

    type: ClassVar[str] = "approval.decided"
    example: ClassVar[dict[str, Any]] = {
        **_APPROVAL_EXAMPLE,
        "outcome": "approved",
        "comment": "同意",
        "decided_by_id": examples.MANAGER,
    }

    outcome: Literal["approved", "rejected", "withdrawn"]
    comment: str
    decided_by_id: UUID


class DelegationEvent(RecordEvent):
    """What every event about who decides for whom says."""

    shows = DelegationSchema
    own_id: ClassVar[str] = "delegation_id"


_DELEGATION_EXAMPLE = {
    "delegation_id": examples.SUBJECT,
    "account_id": examples.MANAGER,
    "delegate_id": examples.ACCOUNT,
}


class DelegationCreated(DelegationEvent):
    """Somebody decides for another one from one moment to another (GW-56)."""

    type: ClassVar[str] = "approval_delegation.created"
    example: ClassVar[dict[str, Any]] = _DELEGATION_EXAMPLE


class DelegationEnded(DelegationEvent):
    """Somebody decides for another one no longer (GW-56)."""

    type: ClassVar[str] = "approval_delegation.deleted"
    example: ClassVar[dict[str, Any]] = _DELEGATION_EXAMPLE
