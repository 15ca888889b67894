"""Deciding an approval step by step."""

from uuid import UUID

from sqlalchemy.orm import Session

from identity.accounts.queries import holders_of, knowing_ids, members_in_service
from identity.approvals.approvers import choose_approver, concerned
from identity.approvals.model import Approval, already_decided
from identity.approvals.queries import administers, roles_of, visible_approval
from identity.events import ApprovalDecided
from identity.roles.model import ADMINISTRATOR
from servicekit import Caller, Forbidden, OperationError, publish


def decide(session: Session, caller: Caller, approval_id: UUID, outcome: str, comment: str) -> Approval:
    """Decide the step that waits, for the caller.

    Raises:
        NotFound: ``approval-not-found``, if the caller may not see it.
        Forbidden: ``own-request``, if it is the caller's own; ``not-an-approver``, if it waits for somebody else.
        Conflict: ``approval-already-decided``, also for whoever comes second.
    """
    approval = visible_approval(session, caller, approval_id)
    seen = approval.step
    session.refresh(approval, with_for_update=True)
    if approval.step != seen:
        raise already_decided()
    roles = roles_of(session, caller)
    if refusal := _refusal(session, caller, approval, roles):
        raise refusal
    asked = approval.tasks[-1].is_for(caller.account_id, roles)
    approval.decide(outcome, caller.account_id, caller.display_name, comment, as_administrator=not asked)
    _go_on(session, caller, approval, comment)
    return approval


def may_decide(session: Session, caller: Caller, approval: Approval) -> bool:
    """Tell whether a caller may decide the step that waits."""
    return _refusal(session, caller, approval, roles_of(session, caller)) is None


def _refusal(session: Session, caller: Caller, approval: Approval, roles: set[str]) -> OperationError | None:
    """Return why a caller with these roles may not decide the step that waits, or None."""
    task = approval.waiting
    if task is None:
        return already_decided()
    if not task.is_for(caller.account_id, roles) and not administers(caller):
        if any(earlier.is_for(caller.account_id, roles) for earlier in approval.tasks):
            return already_decided()
        return Forbidden("not-an-approver", "This waits for somebody else's decision.")
    if _is_own(session, caller, approval):
        return Forbidden(
            "own-request",
            "This is your own, or of somebody who set your password: change it, or let others decide.",
        )
    return None


def _is_own(session: Session, caller: Caller, approval: Approval) -> bool:
    """Tell whether it is a caller's own: nobody decides what they requested, or what is theirs, themselves, by an
    account whose password they know, or as a program whose secret they were shown; unless the flow says so or they
    alone administer the system (GW-56).

    An administrator who is locked or has expired counts as another one: locking makes nobody the only one.
    """
    wanting = {*approval.own_to, *session.scalars(holders_of(approval.own_to))}
    if approval.allow_own or wanting.isdisjoint(session.scalars(knowing_ids(caller.account_id))):
        return False
    administrators = set(members_in_service(session, ADMINISTRATOR))
    return not (caller.account_id in administrators and administrators <= wanting)


def _go_on(session: Session, caller: Caller, approval: Approval, comment: str) -> None:
    if approval.waiting is not None:
        approval.open_step()
        choose_approver(session, approval)
        return
    decided = ApprovalDecided.of(
        approval, outcome=approval.state, comment=comment, decided_by_id=caller.account_id
    )
    publish(session, approval, decided, concerns=concerned(session, approval))
