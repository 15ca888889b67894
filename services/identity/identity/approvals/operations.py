"""What can be asked about approvals."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.approvals.approvers import choose_again
from identity.approvals.deciding import decide, may_decide
from identity.approvals.model import APPROVED, REJECTED, Approval
from identity.approvals.queries import APPROVALS, concerning, visible_approval
from identity.approvals.schemas import ApprovalWithHistorySchema, ApproveSchema, RejectSchema
from servicekit import Caller, every, operation


class ApprovalOperations:
    """What waits for consent, and consent."""

    @operation("GET /v1/approvals", lists=APPROVALS)
    def list_approvals(self, session: Session, caller: Caller, query: dict[str, str]) -> dict[str, Any]:
        """List what waits for the caller and what they requested or decided; administrators see all (GW-56)."""
        return APPROVALS.page(session, caller, query, concerning(session, caller))

    @operation(
        "GET /v1/approvals/{approval_id}", permission="approval.read", returns=ApprovalWithHistorySchema
    )
    def get_approval(self, session: Session, caller: Caller, approval_id: UUID) -> Approval:
        """Return one approval with its history (GW-56)."""
        return visible_approval(session, caller, approval_id)

    @operation(
        "POST /v1/approvals/{approval_id}/approve",
        permission="approval.decide",
        accepts=ApproveSchema,
        returns=ApprovalWithHistorySchema,
        does=Approval.decide,
        only_if=may_decide,
        errors=("approval-already-decided", "not-an-approver", "own-request", "stale-version"),
    )
    def approve(self, session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]) -> Approval:
        """Agree to the step that waits; after the last one the subject may go on (CT-04)."""
        return decide(session, caller, approval_id, APPROVED, data["comment"])

    @operation(
        "POST /v1/approvals/{approval_id}/reject",
        permission="approval.decide",
        accepts=RejectSchema,
        returns=ApprovalWithHistorySchema,
        does=Approval.decide,
        only_if=may_decide,
        errors=("approval-already-decided", "not-an-approver", "own-request", "stale-version"),
    )
    def reject(self, session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]) -> Approval:
        """Refuse with a reason; the subject goes back to whoever requested it (CT-03)."""
        return decide(session, caller, approval_id, REJECTED, data["comment"])

    @every(60)
    def choose_approvers_again(self, session: Session) -> None:
        """See to what waits for somebody whose time ran out by itself; who is locked or leaves is seen to at once."""
        choose_again(session)
