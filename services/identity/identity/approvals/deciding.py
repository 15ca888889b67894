"""Deciding an approval step by step, and finding out who has to."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.model import Account
from identity.accounts.queries import able_members
from identity.approvals.flow import PERSON, ROLE
from identity.approvals.model import Approval, already_decided
from identity.approvals.queries import administers, roles_of, visible_approval
from identity.events import ApprovalDecided, ApprovalRequested
from identity.roles.model import ADMINISTRATOR
from servicekit import Caller, Forbidden, publish


def open_next_step(session: Session, approval: Approval) -> None:
    """Ask whoever the next step is for; where there is nobody, the administrators, and the history says why."""
    step = approval.steps[approval.step]
    approver = _approver(session, approval, step)
    approval.open_step(**approver)
    asked = [approver["account_id"]] if "account_id" in approver else able_members(session, approver["role"])
    publish(session, approval, ApprovalRequested.of(approval, step=approval.step, approver_ids=asked))


def decide(session: Session, caller: Caller, approval_id: UUID, outcome: str, comment: str) -> Approval:
    """Decide the step that waits, for the caller.

    Raises:
        NotFound: ``approval-not-found``, if the caller may not see it.
        Forbidden: ``not-an-approver``, if it waits for somebody else.
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
    approval.decide(outcome, caller.account_id, caller.display_name, comment, as_administrator=not asked)
    _go_on(session, caller, approval, comment)
    return approval


def _go_on(session: Session, caller: Caller, approval: Approval, comment: str) -> None:
    if approval.waiting is not None:
        open_next_step(session, approval)
        return
    decided = ApprovalDecided.of(
        approval, outcome=approval.state, comment=comment, decided_by_id=caller.account_id
    )
    publish(session, approval, decided)


def _approver(session: Session, approval: Approval, step: dict[str, str]) -> dict[str, Any]:
    """Return who has to decide a step: an account that may sign in, or a role that somebody able has."""
    if step["kind"] == ROLE:
        if able_members(session, step["role"]):
            return {"role": step["role"]}
        return _administrators(f"Nobody has the role {step['role']}.")
    if step["kind"] == PERSON:
        person = session.get(Account, UUID(step["account_id"]))
        missing = "The person asked cannot sign in."
    else:
        requester = session.get(Account, approval.requester_id)
        person = session.get(Account, requester.manager_id) if requester and requester.manager_id else None
        missing = "The requester has no superior who can sign in."
    if person is not None and person.may_sign_in:
        return {"account_id": person.id}
    return _administrators(missing)


def _administrators(note: str) -> dict[str, Any]:
    return {"role": ADMINISTRATOR, "note": note}
