"""What can be asked about approvals."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.approvals import changing
from identity.approvals.action_schemas import (
    AddApproversSchema,
    ApproveSchema,
    BulkDecisionSchema,
    BulkResultsSchema,
    HandOnSchema,
    RejectSchema,
    RemindSchema,
    WithdrawSchema,
)
from identity.approvals.again import choose_again, escalate
from identity.approvals.deciding import decide, decide_many, may_decide
from identity.approvals.model import Approval
from identity.approvals.queries import APPROVALS, concerning, visible_approval
from identity.approvals.schemas import ApprovalWithHistorySchema
from identity.approvals.states import APPROVED, REJECTED
from servicekit import Caller, every, operation

DECIDING = ("approval-already-decided", "not-an-approver", "own-request", "stale-version")
ASKING = (
    *DECIDING, "asked-already", "too-many-asked", "unknown-account", "account-left", "approver-not-free",
    "approver-may-not-decide",
)  # fmt: skip


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
        """Return one approval with its history: each step, who is asked, on whose behalf, why, and when (GW-56)."""
        return visible_approval(session, caller, approval_id)

    @operation(
        "POST /v1/approvals/{approval_id}/approve",
        permission="approval.decide",
        accepts=ApproveSchema,
        returns=ApprovalWithHistorySchema,
        does=Approval.decide,
        only_if=may_decide,
        errors=DECIDING,
    )
    def approve(self, session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]) -> Approval:
        """Agree to what the caller is asked; after the last consent the subject may go on (CT-04)."""
        return decide(session, caller, approval_id, APPROVED, data["comment"], data["step"])

    @operation(
        "POST /v1/approvals/{approval_id}/reject",
        permission="approval.decide",
        accepts=RejectSchema,
        returns=ApprovalWithHistorySchema,
        does=Approval.decide,
        only_if=may_decide,
        errors=DECIDING,
    )
    def reject(self, session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]) -> Approval:
        """Refuse with a reason; the subject goes back to whoever requested it (CT-03)."""
        return decide(session, caller, approval_id, REJECTED, data["comment"], data["step"])

    @operation(
        "POST /v1/approvals/bulk-decide",
        permission="approval.decide",
        accepts=BulkDecisionSchema,
        returns=BulkResultsSchema,
    )
    def bulk_decide(self, session: Session, caller: Caller, data: dict[str, Any]) -> dict[str, Any]:
        """Agree to several, or refuse them, each as if it were the only one; the answer says what became of each."""
        return {"items": decide_many(session, caller, data["ids"], data["outcome"], data["comment"])}

    @operation(
        "POST /v1/approvals/{approval_id}/add",
        permission="approval.decide",
        accepts=AddApproversSchema,
        returns=ApprovalWithHistorySchema,
        does=Approval.ensure_pending,
        only_if=may_decide,
        errors=ASKING,
    )
    def add_approvers(
        self, session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]
    ) -> Approval:
        """Let others have to agree too in the step that waits for the caller (GW-56)."""
        return changing.add(session, caller, approval_id, data)

    @operation(
        "POST /v1/approvals/{approval_id}/hand-on",
        permission="approval.decide",
        accepts=HandOnSchema,
        returns=ApprovalWithHistorySchema,
        does=Approval.ensure_pending,
        only_if=may_decide,
        errors=ASKING,
    )
    def hand_on_approval(
        self, session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]
    ) -> Approval:
        """Let somebody else answer instead of the caller (GW-56)."""
        return changing.hand_on(session, caller, approval_id, data)

    @operation(
        "POST /v1/approvals/{approval_id}/withdraw",
        permission="approval.read",
        accepts=WithdrawSchema,
        returns=ApprovalWithHistorySchema,
        does=Approval.withdraw,
        only_if=changing.may_withdraw,
        errors=("approval-already-decided", "not-the-requester", "stale-version"),
    )
    def withdraw_approval(
        self, session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]
    ) -> Approval:
        """Take one's own request back before it is decided; the subject is as it was before (GW-56)."""
        return changing.withdraw(session, caller, approval_id, data["comment"])

    @operation(
        "POST /v1/approvals/{approval_id}/remind",
        permission="approval.read",
        accepts=RemindSchema,
        returns=ApprovalWithHistorySchema,
        does=Approval.ensure_pending,
        only_if=changing.may_remind,
        errors=("approval-already-decided", "not-the-requester", "reminded-already", "stale-version"),
    )
    def remind_approvers(
        self, session: Session, caller: Caller, approval_id: UUID, data: dict[str, Any]
    ) -> Approval:
        """Remind those who have not answered, once an hour unless an administrator has set another time (GW-56)."""
        return changing.remind(session, caller, approval_id, data["comment"])

    @every(60)
    def choose_approvers_again(self, session: Session) -> None:
        """See to what waits for somebody whose time ran out by itself; who is locked or leaves is seen to at once."""
        choose_again(session)

    @every(60)
    def escalate_approvals(self, session: Session) -> None:
        """Ask the superiors too where nobody has answered in time (GW-56)."""
        escalate(session)
