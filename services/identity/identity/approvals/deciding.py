"""Deciding an approval step by step."""

from uuid import UUID

from sqlalchemy.orm import Session

from identity.approvals.approvers import choose_approver, nobody_else_administers
from identity.approvals.model import Approval, already_decided
from identity.approvals.queries import administers, roles_of, visible_approval
from identity.events import ApprovalDecided
from servicekit import Caller, Forbidden, publish


def decide(session: Session, caller: Caller, approval_id: UUID, outcome: str, comment: str) -> Approval:
    """Decide the step that waits, for the caller.

    Raises:
        NotFound: ``approval-not-found``, if the caller may not see it.
        Forbidden: ``own-request``, if the caller asked for it; ``not-an-approver``, if it waits for somebody else.
        Conflict: ``approval-already-decided``, also for whoever comes second.
    """
    approval = visible_approval(session, caller, approval_id, "approval.decide")
    seen = approval.step
    session.refresh(approval, with_for_update=True)
    task = approval.waiting
    if task is None or approval.step != seen:
        raise already_decided()
    roles = roles_of(session, caller)
    asked = task.is_for(caller.account_id, roles)
    if not asked and not administers(caller):
        if any(earlier.is_for(caller.account_id, roles) for earlier in approval.tasks):
            raise already_decided()
        raise Forbidden("not-an-approver", "This waits for somebody else's decision.")
    _refuse_own(session, caller, approval)
    approval.decide(outcome, caller.account_id, caller.display_name, comment, as_administrator=not asked)
    _go_on(session, caller, approval, comment)
    return approval


def _refuse_own(session: Session, caller: Caller, approval: Approval) -> None:
    """Let nobody decide what they requested, unless the flow says so or no other administrator could (GW-56)."""
    if approval.requester_id != caller.account_id or approval.allow_own:
        return
    if not nobody_else_administers(session, caller.account_id):
        raise Forbidden("own-request", "Somebody else has to decide what you requested.")


def _go_on(session: Session, caller: Caller, approval: Approval, comment: str) -> None:
    if approval.waiting is not None:
        approval.open_step()
        choose_approver(session, approval)
        return
    decided = ApprovalDecided.of(
        approval, outcome=approval.state, comment=comment, decided_by_id=caller.account_id
    )
    publish(session, approval, decided)
